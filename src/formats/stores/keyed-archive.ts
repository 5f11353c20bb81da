/**
 * Converts objects that a program of Apple's systems archived by name (NSKeyedArchiver) to plain values: lists,
 * dictionaries, dates, texts and URLs. Any other object becomes its fields by name; its class is ignored.
 *
 * @see Apple, "Archives and Serializations Programming Guide"; NSKeyedArchiver
 */
import {
  NotPropertyList,
  PropertyDate,
  PropertyReference,
  type PropertyValue,
  propertyList,
} from './property-list.ts'

export type ArchivedValue =
  | Exclude<PropertyValue, readonly PropertyValue[] | ReadonlyMap<string, PropertyValue>>
  | readonly ArchivedValue[]
  | ReadonlyMap<string, ArchivedValue>

const MOST_VALUES = 20_000
const MOST_DEPTH = 24

/** @throws NotPropertyList also for a property list that is not such an archive */
export function keyedArchive(bytes: Buffer): ArchivedValue {
  const list = propertyList(bytes)
  const objects = list instanceof Map ? list.get('$objects') : undefined
  const top = list instanceof Map ? list.get('$top') : undefined
  const root = top instanceof Map ? (top.get('root') ?? [...top.values()][0]) : undefined
  if (!Array.isArray(objects) || !(root instanceof PropertyReference)) throw new NotPropertyList()
  return new Unarchiver(objects).value(root, 0)
}

class Unarchiver {
  readonly #objects: readonly PropertyValue[]
  /** Count of converted objects. The limit applies to this count, because one object may be referenced many times. */
  #made = 0

  constructor(objects: readonly PropertyValue[]) {
    this.#objects = objects
  }

  value(given: PropertyValue, depth: number): ArchivedValue {
    if (++this.#made > MOST_VALUES || depth > MOST_DEPTH) throw new NotPropertyList()
    if (given instanceof PropertyReference) {
      const object = this.#objects[given.index]
      if (object === undefined || object instanceof PropertyReference) throw new NotPropertyList()
      return object === '$null' ? null : this.value(object, depth + 1)
    }
    if (Array.isArray(given)) return given.map((one: PropertyValue) => this.value(one, depth + 1))
    return given instanceof Map ? this.#object(given, depth) : (given as ArchivedValue)
  }

  #object(fields: ReadonlyMap<string, PropertyValue>, depth: number): ArchivedValue {
    const [keys, members] = [fields.get('NS.keys'), fields.get('NS.objects')]
    if (Array.isArray(members) && !Array.isArray(keys)) return this.value(members, depth)
    if (Array.isArray(members) && Array.isArray(keys))
      return new Map(
        keys.flatMap((key, i) => {
          const name = this.value(key, depth + 1)
          return typeof name === 'string' && i < members.length
            ? [[name, this.value(members[i]!, depth + 1)] as const]
            : []
        }),
      )
    const seconds = fields.get('NS.time')
    if (typeof seconds === 'number') return new PropertyDate(seconds)
    const text = fields.get('NS.string') ?? fields.get('NS.relative')
    if (text !== undefined) return this.value(text, depth + 1)
    return new Map(
      [...fields].flatMap(([name, value]) =>
        name === '$class' ? [] : [[name, this.value(value, depth + 1)] as const],
      ),
    )
  }
}

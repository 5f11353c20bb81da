/**
 * A function that tests a value against a schema, made once from the schema itself: the schema stays the only description of a
 * message. Valibot makes an object for every value that it checks; this makes none.
 */
import type * as v from 'valibot'

export type Predicate = (value: unknown) => boolean

/** The parts of a schema or of an item of its pipe that this file reads, of any type. */
interface Part {
  readonly kind: string
  readonly type: string
  readonly pipe?: readonly Part[]
  readonly requirement?: unknown
  readonly literal?: unknown
  readonly options?: readonly unknown[]
  readonly wrapped?: Part
  readonly item?: Part
  readonly items?: readonly Part[]
  readonly entries?: Readonly<Record<string, Part>>
  readonly key?: string
  readonly check?: Predicate
  readonly getter?: (input: unknown) => Part
}

/** Thrown inside this file alone. */
class NoPredicate extends Error {}

const made = new WeakMap<object, Predicate | null>()

/**
 * @returns a predicate that is true only where valibot accepts the value and returns an equal one; null for a schema that changes
 *   values, or that holds a part of which this file knows nothing
 */
export function predicateOf(schema: v.GenericSchema): Predicate | null {
  const known = made.get(schema)
  if (known !== undefined) return known
  let predicate: Predicate | null = null
  try {
    predicate = partOf(schema as unknown as Part)
  } catch (error) {
    if (!(error instanceof NoPredicate)) throw error
  }
  made.set(schema, predicate)
  return predicate
}

function partOf(part: Part): Predicate {
  if (part.pipe !== undefined) {
    const [first, ...rest] = part.pipe
    return all([schemaOf(first!), ...rest.map(actionOf)])
  }
  return schemaOf(part)
}

function schemaOf(part: Part): Predicate {
  switch (part.type) {
    case 'string':
      return (value) => typeof value === 'string'
    case 'number':
      return (value) => typeof value === 'number' && !Number.isNaN(value)
    case 'boolean':
      return (value) => typeof value === 'boolean'
    case 'null':
      return (value) => value === null
    case 'literal':
      return (value) => value === part.literal
    case 'picklist': {
      const options = new Set(part.options)
      return (value) => options.has(value)
    }
    case 'nullable': {
      const wrapped = partOf(part.wrapped!)
      return (value) => value === null || wrapped(value)
    }
    case 'array': {
      const item = partOf(part.item!)
      return (value) => Array.isArray(value) && value.every(item)
    }
    case 'strict_tuple':
      return tupleOf(part.items!.map(partOf))
    case 'strict_object':
      return objectOf(part.entries!)
    case 'variant':
      return variantOf(part)
    case 'custom':
      return part.check!
    case 'lazy':
      return lazyOf(part.getter!)
    default:
      throw new NoPredicate(part.type)
  }
}

function actionOf({ kind, type, requirement }: Part): Predicate {
  if (kind !== 'validation') throw new NoPredicate(type)
  switch (type) {
    case 'safe_integer':
      return Number.isSafeInteger
    case 'integer':
      return Number.isInteger
    case 'finite':
      return Number.isFinite
    case 'min_value':
      return (value) => (value as number) >= (requirement as number)
    case 'max_value':
      return (value) => (value as number) <= (requirement as number)
    case 'min_length':
      return (value) => (value as string).length >= (requirement as number)
    case 'max_length':
      return (value) => (value as string).length <= (requirement as number)
    case 'regex':
      return (value) => (requirement as RegExp).test(value as string)
    default:
      throw new NoPredicate(type)
  }
}

function all(predicates: readonly Predicate[]): Predicate {
  const [first, second] = predicates as readonly [Predicate, Predicate]
  if (predicates.length === 2) return (value) => first(value) && second(value)
  return (value) => predicates.every((one) => one(value))
}

function tupleOf(items: readonly Predicate[]): Predicate {
  return (value) => {
    if (!Array.isArray(value) || value.length !== items.length) return false
    for (let i = 0; i < items.length; i++) if (!items[i]!(value[i])) return false
    return true
  }
}

function objectOf(entries: Readonly<Record<string, Part>>): Predicate {
  const isOptional = (part: Part) => part.type === 'exact_optional'
  const given = new Map(
    Object.entries(entries).map(([name, part]) => [name, partOf(isOptional(part) ? part.wrapped! : part)]),
  )
  const required = new Set(Object.keys(entries).filter((name) => !isOptional(entries[name]!)))
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
    let found = 0
    for (const name of Object.keys(value)) {
      const predicate = given.get(name)
      if (predicate === undefined || !predicate((value as Record<string, unknown>)[name])) return false
      if (required.has(name)) found++
    }
    return found === required.size
  }
}

/** Of the objects that a variant lists, one whose every entry fits: its key then fits too. */
function variantOf({ options, key }: Part): Predicate {
  const objects = (options as readonly Part[]).map((option) => {
    if (option.type !== 'strict_object' || option.pipe !== undefined) throw new NoPredicate(option.type)
    return [partOf(option.entries![key!]!), partOf(option)] as const
  })
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    objects.some(([ofKey, whole]) => ofKey((value as Record<string, unknown>)[key!]) && whole(value))
}

/** The schema depends on the value; each that is given gets its predicate once. @throws never: an unknown part refuses the value */
function lazyOf(getter: (input: unknown) => Part): Predicate {
  return (value) => predicateOf(getter(value) as unknown as v.GenericSchema)?.(value) ?? false
}

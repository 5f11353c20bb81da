/**
 * A person's own keys (`--keymap FILE`): acts by name, and categories of the scale that is graded on. What the file does not
 * say stays as the program and the scale have it.
 */
import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { UsageError } from '../base/errors.ts'
import type { ScaleTable } from '../match/records/scale.ts'
import { type Act, DEFAULT_KEYMAP, KEYS, type Keymap } from './said-keys.ts'

export interface OwnKeys {
  readonly keys: Partial<Keymap>
  readonly categories: Readonly<Record<string, string>>
}

export const NO_OWN_KEYS: OwnKeys = { keys: {}, categories: {} }

/** One character, or a key that has a name and that no browser needs for itself. */
const KEY = v.pipe(
  v.string(),
  v.regex(
    /^(?:[^\p{C}\p{Z}]| |Arrow(?:Left|Right|Up|Down)|Page(?:Up|Down)|Home|End|Insert|Delete|Backspace|Enter)$/u,
    'it is no key: one character, or Arrow…, Page…, Home, End, Insert, Delete, Backspace, Enter',
  ),
)
/** Escape always hides and goes back: a person must find the way out without the file. */
const ACTS = KEYS.map(({ act }) => act).filter((act) => act !== 'hide')

const OWN_KEYS = v.strictObject({
  keymap: v.literal(1),
  keys: v.optional(v.strictObject(v.entriesFromList(ACTS, v.optional(KEY))), {}),
  categories: v.optional(v.record(v.string(), KEY), {}),
})

/** @throws UsageError when the file is no keymap */
export function readOwnKeys(file: string): OwnKeys {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)))
  } catch (cause) {
    throw new UsageError(`--keymap ${file} could not be read: ${(cause as Error).message}.`, { cause })
  }
  const read = v.safeParse(OWN_KEYS, value)
  if (!read.success) {
    const [{ message, path }] = read.issues
    const at = path?.map(({ key }) => String(key)).join('.') ?? ''
    throw new UsageError(`--keymap ${file} is no keymap: ${at === '' ? '' : `${at}: `}${message}.`)
  }
  const { keys, categories } = read.output
  return { keys: keys as Partial<Keymap>, categories }
}

/**
 * Keys of the acts, and the scale with its keys.
 * @throws UsageError when one key would have two meanings, or the scale has no such category
 */
export function keysFor(
  own: OwnKeys,
  scale: ScaleTable,
): { readonly keymap: Keymap; readonly scale: ScaleTable } {
  const keymap: Keymap = { ...DEFAULT_KEYMAP, ...own.keys }
  const unknown = Object.keys(own.categories).find((one) => !Object.hasOwn(scale.categories, one))
  if (unknown !== undefined)
    throw new UsageError(`--keymap: the scale ${scale.id} has no category "${unknown}".`)
  const categories = { ...scale.keys, ...own.categories }
  const used = new Map<string, string>()
  for (const [name, key] of [
    ...Object.entries(keymap).map(([act, key]) => [act, key] as const),
    // A key of the scale goes before that of an act where no file says otherwise.
    ...Object.entries(categories)
      .filter(([id]) => Object.hasOwn(own.categories, id) || !isDefaultOf(keymap, categories[id]!))
      .map(([id, key]) => [`category ${id}`, key] as const),
  ]) {
    const other = used.get(key)
    if (other !== undefined) throw new UsageError(`--keymap: the key "${key}" is of ${other} and of ${name}.`)
    used.set(key, name)
  }
  const hasKeys = Object.keys(categories).length > 0
  return { keymap, scale: hasKeys ? { ...scale, keys: categories } : scale }
}

/** Acts of the program whose keys the scale uses for categories: these acts then have no key. */
export function actsWithoutKey(keymap: Keymap, { keys = {} }: ScaleTable): readonly string[] {
  const taken = new Set(Object.values(keys))
  return Object.entries(keymap).flatMap(([act, key]) => (taken.has(key) ? [`${act} (${key})`] : []))
}

/** Whether an act has the key because the program says so, not the file. */
function isDefaultOf(keymap: Keymap, key: string): boolean {
  return Object.entries(keymap).some(([act, one]) => one === key && DEFAULT_KEYMAP[act as Act] === key)
}

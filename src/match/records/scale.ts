/**
 * Category scales: the meaning of a number on a list. They are data: hashsets/scales/*.json, and tables of the
 * operator.
 *
 * The two US scales swap 0 and 5 (non-pertinent and uncategorised). So a scale is declared, never guessed. The raw
 * category is always kept. A category that the table lacks is of interest, with its raw text and no label.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { UsageError } from '../../base/errors.ts'
import { MEANINGS, type Meaning } from '../../contracts/hash-set.ts'

export interface ScaleTable {
  readonly id: string
  readonly title: string
  readonly source: string
  readonly categories: Readonly<Record<string, ScaleCategory>>
  /** Key of a category on the review page; a scale without keys gets none, because digits by order would mislead. */
  readonly keys?: Readonly<Record<string, string>>
}

export interface ScaleCategory {
  readonly label: string
  readonly meaning: Meaning
}

export interface Interpretation {
  readonly meaning: Meaning
  readonly categoryLabel: string | null
}

/** The tables that come with seized. */
export function shippedScales(): readonly ScaleTable[] {
  const folder = scalesFolder()
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => readScaleTable(join(folder, name)))
}

/** @throws UsageError when the file is no scale table */
export function readScaleTable(file: string): ScaleTable {
  let table: unknown
  try {
    table = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new UsageError(`The scale table ${file} could not be read: ${(cause as Error).message}.`, { cause })
  }
  const problem = problemOf(table)
  if (problem !== null) throw new UsageError(`The scale table ${file} is not usable: ${problem}.`)
  return table as ScaleTable
}

/**
 * The table for a declared scale.
 * @throws UsageError when no table has that name: illegal material must not become "of interest" by a word
 */
export function findScale(id: string, operatorTables: readonly (ScaleTable | string)[] = []): ScaleTable {
  const tables = [
    ...operatorTables.map((table) => (typeof table === 'string' ? readScaleTable(table) : table)),
    ...shippedScales(),
  ]
  const table = tables.find((t) => t.id === id)
  if (table !== undefined) return table
  const meant =
    MEANINGS.find((name) => isOneSlipAway(name, id)) ??
    // One other letter is another country (vics-us, vics-uk), not a slip.
    tables.map((t) => t.id).find((name) => name.length !== id.length && isOneSlipAway(name, id))
  if (meant !== undefined) {
    throw new UsageError(`There is no scale or meaning "${id}". Did you mean "${meant}"?`)
  }
  throw new UsageError(
    `There is no scale "${id}": known are ${[...new Set(tables.map((t) => t.id))].join(', ')}. A scale of your own comes with --scale-table FILE, which says what its categories mean.`,
  )
}

export function interpret(table: ScaleTable | null, category: string | null): Interpretation {
  // Some exporters write whole numbers as 1.0; the raw category stays unchanged.
  const key = category === null || !/^\d+\.0+$/.test(category) ? category : category.split('.')[0]!
  const named =
    key !== null && table !== null && Object.hasOwn(table.categories, key) ? table.categories[key] : undefined
  return { meaning: named?.meaning ?? 'interest', categoryLabel: named?.label ?? null }
}

/** The same place seen from src, from dist/src, and from the files that the program is joined into. */
function scalesFolder(): string {
  for (const up of ['../../hashsets/scales', '../../../hashsets/scales', '../../../../hashsets/scales']) {
    const folder = fileURLToPath(new URL(up, import.meta.url))
    if (existsSync(folder)) return folder
  }
  throw new Error('hashsets/scales is missing beside the program')
}

function problemOf(table: unknown): string | null {
  if (!isObject(table)) return 'it is not a JSON object'
  for (const key of ['id', 'title', 'source']) {
    if (typeof table[key] !== 'string') return `"${key}" is not text`
  }
  if (!isObject(table.categories)) return '"categories" is not an object'
  for (const [category, value] of Object.entries(table.categories)) {
    if (!isObject(value) || typeof value.label !== 'string') return `category "${category}" has no label`
    if (!(MEANINGS as readonly unknown[]).includes(value.meaning)) {
      return `category "${category}" must have the meaning ${MEANINGS.join(', ')}`
    }
  }
  return table.keys === undefined ? null : problemOfKeys(table.keys, table.categories)
}

/** Keys that the page has uses of its own for (review/page/keys.ts). */
const TAKEN = 'abcefgiosux/? '

function problemOfKeys(keys: unknown, categories: Readonly<Record<string, unknown>>): string | null {
  if (!isObject(keys)) return '"keys" is not an object'
  for (const [category, key] of Object.entries(keys)) {
    if (!Object.hasOwn(categories, category)) return `"keys" names no category "${category}"`
    if (typeof key !== 'string' || [...key].length !== 1 || TAKEN.includes(key))
      return `the key of category "${category}" is not one letter or digit that is free (taken: ${[...TAKEN].join(' ')})`
  }
  const given = Object.values(keys)
  return new Set(given).size === given.length ? null : '"keys" has one key twice'
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Equal but for one letter changed, missing or added, or two swapped. */
function isOneSlipAway(a: string, b: string): boolean {
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++
  const [x, y] = [a.slice(start, a.length - end), b.slice(start, b.length - end)]
  return (
    (x.length <= 1 && y.length <= 1) || (x.length === 2 && y.length === 2 && x[0] === y[1] && x[1] === y[0])
  )
}

/** The order in which a person sees contents: numbers of the catalogue, sorted by the values in its arrays. */
import { OWN_LABEL } from '../classify/head-card.ts'
import type { Db } from '../ledger/format/database.ts'
import type { Catalogue } from './catalogue.ts'
import type { Order } from './said.ts'
import type { Similar } from './similar.ts'

/**
 * @param chosen numbers of the catalogue; sorted in place
 * @param leaders number of the first content of each stack; used only by the order `similarity`
 * @param similar used only by the order `similar-listed`
 */
export function inOrder(
  chosen: Int32Array,
  order: Order,
  catalogue: Catalogue,
  db: Db,
  leaders: () => Int32Array,
  similar: () => ReadonlyMap<string, Similar> = () => new Map(),
): Int32Array {
  const { priorities, bands, entries, modified } = catalogue
  const byPriority = (n: number) => priorities[n]! * 256 + bands[n]!
  switch (order) {
    case 'priority':
      return sortedBy(chosen, byPriority, entries)
    case 'place':
      return sortedBy(chosen, (n) => entries[n]!, entries)
    case 'time':
      // From 1901 on, these are 32-bit words.
      return sortedBy(
        chosen,
        (n) => (Number.isNaN(modified[n]!) ? Number.MAX_VALUE : modified[n]! + 2 ** 31),
        entries,
      )
    case 'list':
      return sortedBy(chosen, ranks(catalogue, db, LISTS), entries)
    case 'camera':
      return sortedBy(chosen, ranks(catalogue, db, CAMERAS), entries)
    case 'grade-next':
      return sortedBy(chosen, ranks(catalogue, db, UNSURE), entries)
    case 'similar-listed': {
      const known = similar()
      // Contents that were not compared, the listed ones among them, come last.
      const away = (n: number) => {
        const found = known.get(catalogue.sha256(n))
        return found === undefined ? Number.MAX_VALUE : 10_000 - found.per10k
      }
      return sortedBy(chosen, away, entries)
    }
    case 'similarity': {
      const leader = leaders()
      return sortedBy(chosen, (n) => byPriority(leader[n]!) * 2 ** 32 + entries[leader[n]!]!, entries)
    }
  }
}

/** Contents that are assigned to the person come first, most urgent first, and then the others; only by priority. */
export function ownFirst(ordered: Int32Array, order: Order, own: ReadonlySet<number>): Int32Array {
  if (order !== 'priority' || own.size === 0) return ordered
  return Int32Array.from([
    ...ordered.filter((number) => own.has(number)),
    ...ordered.filter((number) => !own.has(number)),
  ])
}

/** Contents in their order in lists; contents without a list come last. */
const LISTS = `SELECT content FROM hit WHERE meaning <> 'known'
  GROUP BY content ORDER BY min(CASE meaning WHEN 'illegal' THEN 0 ELSE 1 END), min(hash_set), min(category), content`
/**
 * Contents of which a model of the agency's own is least sure: their grades teach the next training most. A content without
 * such a score comes last.
 * @see D. D. Lewis, W. A. Gale, "A sequential algorithm for training text classifiers", SIGIR 1994
 */
const UNSURE = `SELECT content FROM score WHERE label = '${OWN_LABEL}'
  GROUP BY content ORDER BY min(abs(score_per_10k - threshold_per_10k)), content`
const CAMERAS = `SELECT content FROM attribute WHERE code IN ('camera-make', 'camera-model', 'camera-serial')
  GROUP BY content ORDER BY max(CASE code WHEN 'camera-model' THEN params ->> 'text' END),
    max(CASE code WHEN 'camera-make' THEN params ->> 'text' END), max(CASE code WHEN 'camera-serial' THEN params ->> 'text' END),
    content`

function ranks(catalogue: Catalogue, db: Db, sql: string): (number: number) => number {
  const rank = new Float64Array(catalogue.size).fill(Number.MAX_VALUE)
  let at = 0
  for (const content of db.prepare<[], number>(sql).pluck().iterate()) {
    const number = catalogue.numberOfId(content)
    if (number !== null) rank[number] = at++
  }
  return (number) => rank[number]!
}

export function sortedBy(chosen: Int32Array, key: (number: number) => number, then: Int32Array): Int32Array {
  return sortedByWords(chosen, key, then) ?? sortedByComparing(chosen, key, then)
}

/** Key of contents that come last, as a word. */
const LAST = 0xffff_ffff
const DIGIT = 0x1_0000

/**
 * Radix sort in a few passes: sorting a million contents by comparison takes ten times as long, and no tile is shown
 * before.
 * @returns null where a key is not a whole number below 2^32
 */
function sortedByWords(
  chosen: Int32Array,
  key: (number: number) => number,
  then: Int32Array,
): Int32Array | null {
  const keys = new Uint32Array(chosen.length === 0 ? 0 : maxOf(chosen) + 1)
  for (let i = 0; i < chosen.length; i++) {
    const number = chosen[i]!
    const one = key(number)
    const word = one === Number.MAX_VALUE ? LAST : one
    if (word !== word >>> 0 || (word === LAST && one !== Number.MAX_VALUE)) return null
    keys[number] = word
  }
  // The least significant digit comes first: each pass keeps the order of the previous one. Entries are below 2^31.
  const room = new Int32Array(chosen.length)
  if (!ascends(chosen, then)) for (const shift of [0, 16]) walk(chosen, room, then, shift)
  for (const shift of [0, 16]) walk(chosen, room, keys, shift)
  return chosen
}

/** Mostly true for contents: their entries were recorded in the same order. */
function ascends(chosen: Int32Array, by: Int32Array): boolean {
  for (let i = 1; i < chosen.length; i++) if (by[chosen[i - 1]!]! > by[chosen[i]!]!) return false
  return true
}

/** Sorts by one digit; equal digits keep their order. */
function walk(chosen: Int32Array, room: Int32Array, by: Int32Array | Uint32Array, shift: number): void {
  const counts = new Int32Array(DIGIT)
  for (let i = 0; i < chosen.length; i++) counts[(by[chosen[i]!]! >>> shift) & (DIGIT - 1)]!++
  let at = 0
  for (let digit = 0; digit < DIGIT; digit++) {
    const count = counts[digit]!
    if (count === chosen.length) return
    counts[digit] = at
    at += count
  }
  for (let i = 0; i < chosen.length; i++) {
    const number = chosen[i]!
    room[counts[(by[number]! >>> shift) & (DIGIT - 1)]!++] = number
  }
  chosen.set(room)
}

/** The simple version, for keys that are larger or have fractions. */
export function sortedByComparing(
  chosen: Int32Array,
  key: (number: number) => number,
  then: Int32Array,
): Int32Array {
  const keys = new Float64Array(chosen.length === 0 ? 0 : maxOf(chosen) + 1)
  for (const number of chosen) keys[number] = key(number)
  return chosen.sort((a, b) => keys[a]! - keys[b]! || then[a]! - then[b]!)
}

function maxOf(numbers: Int32Array): number {
  let most = 0
  for (const one of numbers) if (one > most) most = one
  return most
}

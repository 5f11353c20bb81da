/** In which order a person sees contents: numbers of the catalogue, sorted by what stands in its arrays. */
import type { Db } from '../ledger/format/database.ts'
import type { Catalogue } from './catalogue.ts'
import type { Order } from './said.ts'

/**
 * @param chosen numbers of the catalogue; sorted in place
 * @param leaders of stacks, asked for by the order `similarity` alone: the number of the stack's first content
 */
export function inOrder(
  chosen: Int32Array,
  order: Order,
  catalogue: Catalogue,
  db: Db,
  leaders: () => Int32Array,
): Int32Array {
  const { priorities, bands, entries, modified } = catalogue
  const byPriority = (n: number) => priorities[n]! * 256 + bands[n]!
  switch (order) {
    case 'priority':
      return sortedBy(chosen, byPriority, entries)
    case 'place':
      return sortedBy(chosen, (n) => entries[n]!, entries)
    case 'time':
      return sortedBy(chosen, (n) => (Number.isNaN(modified[n]!) ? Number.MAX_VALUE : modified[n]!), entries)
    case 'list':
      return sortedBy(chosen, ranks(catalogue, db, LISTS), entries)
    case 'camera':
      return sortedBy(chosen, ranks(catalogue, db, CAMERAS), entries)
    case 'similarity': {
      const leader = leaders()
      return sortedBy(chosen, (n) => byPriority(leader[n]!) * 2 ** 32 + entries[leader[n]!]!, entries)
    }
  }
}

/** Contents in the order that they shall have; those that it does not name come last. */
const LISTS = `SELECT content FROM hit WHERE meaning <> 'known'
  GROUP BY content ORDER BY min(CASE meaning WHEN 'illegal' THEN 0 ELSE 1 END), min(hash_set), min(category), content`
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

function sortedBy(chosen: Int32Array, key: (number: number) => number, then: Int32Array): Int32Array {
  const keys = new Float64Array(Math.max(0, ...[chosen.length === 0 ? 0 : maxOf(chosen) + 1]))
  for (const number of chosen) keys[number] = key(number)
  return chosen.sort((a, b) => keys[a]! - keys[b]! || then[a]! - then[b]!)
}

function maxOf(numbers: Int32Array): number {
  let most = 0
  for (const one of numbers) if (one > most) most = one
  return most
}

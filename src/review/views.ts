/**
 * The view that a person scrolls through: contents of the pass, filtered and ordered; on request one tile for each
 * stack.
 */
import { UsageError } from '../base/errors.ts'
import type { LedgerReader } from '../contracts/ledger-reader.ts'
import type { Db } from '../ledger/format/database.ts'
import type { SearchFacts } from '../ledger/read/search-facts.ts'
import { asksOfDecisions, matchingContents } from '../search/matching-contents.ts'
import { parseQuery } from '../search/query.ts'
import { openTextIndex } from '../search/text-index.ts'
import { type Catalogue, priorityOf } from './catalogue.ts'
import type { FolderTree } from './folder-tree.ts'
import { inOrder, ownFirst } from './order.ts'
import { PageRefusal } from './page-refusal.ts'
import type { Order, ViewAsked } from './said.ts'
import { similarOf } from './similar.ts'
import type { Stacks } from './stacks.ts'

export interface View {
  readonly number: number
  readonly order: Order
  /** Numbers of the catalogue, one for each tile. */
  readonly tiles: Int32Array
  /** Members of each stack by its first content; null where every content has a tile. */
  readonly members: ReadonlyMap<number, readonly number[]> | null
}

export interface Viewed {
  readonly catalogue: Catalogue
  readonly db: Db
  readonly ledger: LedgerReader
  /** True: decisions of other persons are withheld. */
  readonly isBlind: boolean
  readonly facts: () => SearchFacts
  readonly stacks: () => Stacks
  readonly folders: () => FolderTree
  /** Contents of the pass. */
  readonly contents: Int32Array
  /** Contents that come first in the order of priority. */
  readonly own: ReadonlySet<number>
  /** The same contents by priority. */
  readonly byPriority: () => Int32Array
  readonly inQueue: (queue: ViewAsked['queue'], number: number) => boolean
}

const NO_LEADERS = () => new Int32Array()

/** A larger set would keep a person waiting for minutes. */
const MOST_STACKED = 200_000

/** @throws UsageError for a query that cannot be read */
export function viewOf(asked: ViewAsked, number: number, viewed: Viewed): View {
  const { catalogue, db, inQueue } = viewed
  if (isWhole(asked) && asked.order === 'priority' && !asked.stacked)
    return { number, order: asked.order, tiles: viewed.byPriority(), members: null }
  let chosen = asked.around ? aroundIn(asked.around, viewed) : viewed.contents
  const { below = null } = asked
  if (below !== null) chosen = chosen.filter((one) => viewed.folders().isBelow(one, below))
  if (asked.queue !== 'all') chosen = chosen.filter((one) => inQueue(asked.queue, one))
  if (asked.query.trim() !== '') chosen = matching(asked.query, chosen, viewed)
  if ((asked.stacked || asked.order === 'similarity') && chosen.length > MOST_STACKED)
    throw new PageRefusal('refused-many-stacked', { n: chosen.length, most: MOST_STACKED })
  let known: Int32Array | null = null
  const leaders = () => {
    known ??= viewed
      .stacks()
      .leaders(inOrder(chosen.slice(), 'priority', catalogue, db, NO_LEADERS), catalogue.size)
    return known
  }
  // The contents were found nearest first, and that order is kept.
  const ordered =
    asked.around?.by === 'near'
      ? chosen
      : ownFirst(
          inOrder(chosen.slice(), asked.order, catalogue, db, leaders, () => similarOf(viewed.ledger)),
          asked.order,
          viewed.own,
        )
  const { order } = asked
  if (!asked.stacked) return { number, order, tiles: ordered, members: null }
  const members = new Map<number, number[]>()
  for (const one of ordered) {
    const leader = leaders()[one]!
    const stack = members.get(leader)
    if (stack) stack.push(one)
    else members.set(leader, [one])
  }
  return { number, order, tiles: Int32Array.from(members.keys()), members }
}

/** True when the request filters nothing out. */
function isWhole({ around, queue, query, below = null }: ViewAsked): boolean {
  return around === null && below === null && queue === 'all' && query.trim() === ''
}

/** All contents behind the tiles. */
export function contentsIn({ tiles, members }: View): readonly number[] {
  return members === null ? [...tiles] : [...members.values()].flat()
}

function matching(
  query: string,
  chosen: Int32Array,
  { ledger, catalogue, facts, isBlind }: Viewed,
): Int32Array {
  const condition = parseQuery(query)
  if (isBlind && asksOfDecisions(condition)) throw new PageRefusal('refused-blind')
  const index = openTextIndex(ledger)
  try {
    const found = matchingContents(facts(), index, condition, (id) => {
      const number = catalogue.numberOfId(id)
      return number === null ? null : priorityOf(catalogue, number)
    })
    return chosen.filter((number) => found.has(catalogue.ids[number]!))
  } finally {
    index?.close()
  }
}

const SAME_CAMERA = `
  WITH named AS (
    SELECT content, max(CASE code WHEN 'camera-make' THEN params ->> 'text' END) AS make,
      max(CASE code WHEN 'camera-model' THEN params ->> 'text' END) AS model,
      max(CASE code WHEN 'camera-serial' THEN params ->> 'text' END) AS serial
    FROM attribute WHERE code IN ('camera-make', 'camera-model', 'camera-serial') GROUP BY content)
  SELECT other.content FROM named AS own JOIN named AS other
    ON other.model = own.model AND other.make IS own.make AND other.serial IS own.serial
  WHERE own.content = +?`

const SAME_FOLDER = `
  SELECT DISTINCT r.content FROM reading own JOIN entry e ON e.id = own.entry
    JOIN entry beside ON beside.above = e.above AND beside.step = e.step JOIN reading r ON r.entry = beside.id
  WHERE own.content = +? AND r.content IS NOT NULL`

function aroundIn(
  { sha256, by }: NonNullable<ViewAsked['around']>,
  { catalogue, contents, db, stacks }: Viewed,
): Int32Array {
  const number = catalogue.numberOf(sha256)
  if (number === null) throw new UsageError(`${sha256} is not among the contents of this review.`)
  const inPass = new Set(contents)
  const found =
    by === 'near'
      ? stacks().around(number)
      : db
          .prepare<[number], number>(by === 'camera' ? SAME_CAMERA : SAME_FOLDER)
          .pluck()
          .all(catalogue.ids[number]!)
          .flatMap((id) => catalogue.numberOfId(id) ?? [])
  return Int32Array.from(found.filter((one) => inPass.has(one)))
}

/**
 * Further places of an entry. A container is opened once, at one of its copies, and its members are recorded there.
 * The members also lie in every other copy of the container, and in every copy of the containers of those copies.
 * These places follow from equal bytes: they are computed on request and never stored.
 *
 * Copies in copies multiply: n levels of k copies each are kⁿ places. The number of listed places is therefore
 * bounded, but all places are counted.
 */
import type { Db } from '../format/database.ts'
import { Copies, type Copy } from './copies.ts'
import type { Paths } from './paths.ts'

/** Maximum number of listed places of one entry. */
const PLACES_AN_ENTRY = 1_000
/**
 * Maximum number of listed places of all entries together, so that an export ends. Each entry may list a few places
 * even beyond this limit.
 */
const PLACES_OF_ALL = 2_000_000
const PLACES_AT_LEAST = 20

/** Maximum bytes of the paths of one list: hostile folders make paths of megabytes. */
const BYTES_A_LIST = 16 << 20

const LISTS_KEPT = 8
const COUNTS_KEPT = 10_000

export interface OtherPlaces {
  /** Evidence paths, those with the least depth first. */
  readonly paths: readonly Buffer[]
  /** Number of further places that are not listed. */
  readonly leftOut: bigint
}

export const NO_OTHER_PLACES: OtherPlaces = { paths: [], leftOut: 0n }

export class Places {
  readonly #copies: Copies
  readonly #parents
  readonly #most: number
  readonly #counts = new Map<number, bigint>()
  readonly #lists = new Map<number, readonly Buffer[]>()
  /** The last requested content that has only one place: its members are requested one after the other. */
  #single = -1
  /** Contents on the way up. A content that contains itself gets no more places through that. */
  readonly #counting = new Set<number>()
  readonly #listing = new Set<number>()

  /** @param most maximum number of listed places of one entry, including its own */
  constructor(db: Db, paths: Paths, most?: number) {
    this.#copies = new Copies(db, paths)
    this.#parents = db
      .prepare<[number], [parent: number | null, copies: number]>(
        `SELECT e.parent, count(*) FROM reading r JOIN entry e ON e.id = r.entry WHERE r.content = +? GROUP BY e.parent`,
      )
      .raw()
    this.#most = most ?? mostAnEntry(db)
  }

  /**
   * Places of an entry, without the recorded one.
   * @param from the content that the entry was derived from; null for a listed entry
   * @param recorded evidence path of the entry
   */
  othersOf(from: number | bigint | null, recorded: Buffer): OtherPlaces {
    if (from === null) return NO_OTHER_PLACES
    const parent = Number(from)
    if (parent === this.#single) return NO_OTHER_PLACES
    if (this.#counts.size > COUNTS_KEPT) this.#counts.clear()
    const total = this.#count(parent)
    if (total <= 1n) {
      this.#single = parent
      return NO_OTHER_PLACES
    }
    const paths = inside(this.#list(parent), recorded)
      .filter((path) => !path.equals(recorded))
      .slice(0, this.#most - 1)
    return { paths, leftOut: total - 1n - BigInt(paths.length) }
  }

  /**
   * Number of places of one entry, including the recorded one. @param from the content that the entry was derived
   * from; null for a listed entry
   */
  countOf(from: number | null): bigint {
    return from === null ? 1n : this.#count(from) || 1n
  }

  /** Number of places of all entries together, including the recorded ones. */
  count(db: Db): bigint {
    const rows = db
      .prepare<[], [parent: number | null, entries: number]>(
        'SELECT parent, count(*) FROM entry GROUP BY parent',
      )
      .raw()
    let all = 0n
    for (const [parent, entries] of rows.all())
      all += BigInt(entries) * (parent === null ? 1n : this.#count(parent))
    return all
  }

  /** Number of places of a content. */
  #count(content: number): bigint {
    const known = this.#counts.get(content)
    if (known !== undefined) return known
    if (this.#counting.has(content)) return 0n
    this.#counting.add(content)
    let count = 0n
    for (const [parent, copies] of this.#parents.all(content))
      count += BigInt(copies) * (parent === null ? 1n : this.#count(parent))
    this.#counting.delete(content)
    // A content with one place is a short chain that is cheap to compute again. Remembering these would store every
    // picture with a thumbnail.
    if (count > 1n) this.#counts.set(content, count)
    return count
  }

  /** The first places, by depth of the copy and its path. */
  #list(content: number): readonly Buffer[] {
    const known = this.#lists.get(content)
    if (known) return known
    if (this.#listing.has(content)) return []
    this.#listing.add(content)
    const paths: Buffer[] = []
    let bytes = 0
    for (const copy of this.#first(content)) {
      const at = copy.parent === null ? [copy.path] : inside(this.#list(copy.parent), copy.path)
      for (const path of at) {
        bytes += path.length
        if (paths.length >= this.#most || bytes > BYTES_A_LIST) break
        paths.push(path)
      }
    }
    this.#listing.delete(content)
    if (this.#lists.size >= LISTS_KEPT) this.#lists.delete(this.#lists.keys().next().value!)
    this.#lists.set(content, paths)
    return paths
  }

  #first(content: number): readonly Copy[] {
    let first: Copy[] = []
    for (const copy of this.#copies.of(content)) {
      first.push(copy)
      if (first.length > 2 * this.#most) first = first.sort(byDepthAndPath).slice(0, this.#most)
    }
    return first.sort(byDepthAndPath).slice(0, this.#most)
  }
}

function mostAnEntry(db: Db): number {
  const derived = db.prepare('SELECT count(*) FROM entry WHERE parent IS NOT NULL').pluck().get() as number
  return Math.max(
    PLACES_AT_LEAST,
    Math.min(PLACES_AN_ENTRY, Math.floor(PLACES_OF_ALL / Math.max(1, derived))),
  )
}

/** The paths of the last step of `path` inside each of the containers. */
function inside(containers: readonly Buffer[], path: Buffer): Buffer[] {
  const step = path.subarray(path.lastIndexOf(0))
  return containers.map((container) => Buffer.concat([container, step]))
}

function byDepthAndPath(a: Copy, b: Copy): number {
  return a.depth - b.depth || a.path.compare(b.path)
}

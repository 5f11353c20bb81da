/**
 * The contents that a person grades: every picture and video that no list of known files removed, and all other
 * contents with a hit, reference, sign or lead. A million contents fit in a few typed arrays, which contain only the
 * values for ordering and filtering.
 */
import { PRIORITIES, type Priority } from '../contracts/finding.ts'
import type {
  CustodyRecord,
  ExaminationFacts,
  LedgerIdentity,
  RunHistory,
} from '../contracts/ledger-reader.ts'
import { reading } from '../ledger/format/database.ts'
import { openForReading, type ReadableDatabase, SMALL_CACHE_KIB } from '../ledger/format/open-readonly.ts'
import { Paths } from '../ledger/read/paths.ts'
import { Places } from '../ledger/read/places.ts'
import { prioritiesOf } from '../ledger/read/priorities.ts'
import { hiddenContents } from './hidden-contents.ts'

const LISTED = `
  SELECT c.id, c.sha256, c.media_type FROM content c
  WHERE c.suppressed_by IS NULL AND c.size > 0 AND (
    c.media_type LIKE 'image/%' OR c.media_type LIKE 'video/%'
    OR c.id IN (SELECT content FROM hit WHERE meaning <> 'known')
    OR c.id IN (SELECT content FROM digest_conflict) OR c.id IN (SELECT content FROM near_match)
    OR c.id IN (SELECT content FROM reference) OR c.id IN (SELECT content FROM signal)
    OR c.id IN (SELECT content FROM score WHERE score_per_10k >= threshold_per_10k))
  ORDER BY c.id`

const ON_LISTS = "SELECT DISTINCT content FROM hit WHERE meaning = 'illegal'"

/**
 * In the order of contents: both tables are read in parallel, which is several times faster than grouping a million
 * contents.
 */
const PLACES = `
  SELECT r.content, r.entry, e.band, e.modified_s, e.parent FROM reading r JOIN entry e ON e.id = r.entry
  WHERE r.content IS NOT NULL ORDER BY r.content, r.entry`

type Row = [id: number, sha256: Buffer, mediaType: string]
type Place = [content: number, entry: number, band: number, modified: number | null, parent: number | null]

/** No rule gave the content a priority. */
const NO_PRIORITY = PRIORITIES.length + 1

/** What a catalogue asks a ledger. */
type ListedLedger = LedgerIdentity & ExaminationFacts & RunHistory & CustodyRecord

export class Catalogue {
  /** Number of contents, numbered from 0 in the order of the ledger's ids. */
  readonly size: number
  readonly ids: Int32Array
  readonly kinds: Uint8Array
  /** 1 where a list of illegal material contains the content. */
  readonly #listed: Uint8Array
  /** 1–6, or {@link NO_PRIORITY}. */
  readonly priorities: Uint8Array
  readonly bands: Uint8Array
  /** The entry that was recorded first; its id is near those of other entries of its folder. */
  readonly entries: Int32Array
  /** Seconds since 1970; NaN where unknown. */
  readonly modified: Float64Array
  /** Number of places, including those that follow from copies of a container. */
  readonly places: Int32Array
  readonly #sha256: Buffer
  /** Number + 1 of a content, at the slot given by the first bytes of its digest or the next free slot; 0: empty. */
  readonly #slots: Int32Array

  /** @param most maximum number of contents @param places in the order of their contents */
  private constructor(
    rows: Iterable<Row>,
    most: number,
    places: Iterable<Place>,
    countOf: (parent: number) => bigint,
  ) {
    const sha256 = Buffer.alloc(most * 32)
    const [ids, kinds] = [new Int32Array(most), new Uint8Array(most)]
    let listed = 0
    for (const [id, digest, mediaType] of rows) {
      digest.copy(sha256, listed * 32)
      ids[listed] = id
      kinds[listed++] = KINDS.indexOf(kindOf(mediaType))
    }
    const read = placesOf(ids.subarray(0, listed), places, countOf)
    // A content that no entry was read as has no place to show. A verified ledger contains no such content.
    let size = 0
    for (let i = 0; i < listed; i++) {
      if (read.places[i] === 0) continue
      if (i !== size) {
        sha256.copyWithin(size * 32, i * 32, i * 32 + 32)
        for (const column of [ids, kinds, ...Object.values(read)]) column[size] = column[i]!
      }
      size++
    }
    this.size = size
    this.ids = ids.slice(0, size)
    this.kinds = kinds.slice(0, size)
    this.#listed = new Uint8Array(size)
    this.priorities = new Uint8Array(size).fill(NO_PRIORITY)
    this.bands = read.bands.subarray(0, size)
    this.entries = read.entries.subarray(0, size)
    this.modified = read.modified.subarray(0, size)
    this.places = read.places.subarray(0, size)
    // The buffer is copied to its used size when lists of known files removed most contents.
    this.#sha256 = most > size * 1.25 ? Buffer.from(sha256.subarray(0, size * 32)) : sha256
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(size * 2 + 2)))
    for (let number = 0; number < size; number++)
      this.#slots[this.#slotOf(this.sha256Bytes(number))] = number + 1
  }

  /**
   * Contents in quarantine are left out.
   * @param priorities by id; default: those of the ledger's plan and facts
   */
  static of(ledger: ListedLedger, priorities?: ReadonlyMap<number, Priority>): Catalogue {
    const file = openForReading(ledger.path, SMALL_CACHE_KIB)
    try {
      return reading(ledger.path, () => {
        const hidden = hiddenContents(ledger, file)
        const most = file.db.prepare('SELECT count(*) FROM content').pluck().get() as number
        const places = file.db.prepare<[], Place>(PLACES).raw().iterate()
        const every = new Places(file.db, new Paths(file.db))
        const countOf = (parent: number) => every.countOf(parent)
        const catalogue = new Catalogue(shownRows(file, hidden), most, places, countOf)
        const ranked = priorities
          ? [...priorities].map(([content, priority]) => ({ content, priority }))
          : prioritiesOf(file.db, ledger.plan)
        for (const { content, priority } of ranked) {
          const number = catalogue.numberOfId(content)
          if (number !== null) catalogue.priorities[number] = priority
        }
        for (const id of file.db.prepare<[], number>(ON_LISTS).pluck().iterate()) {
          const number = catalogue.numberOfId(id)
          if (number !== null) catalogue.#listed[number] = 1
        }
        return catalogue
      })
    } finally {
      file.close()
    }
  }

  sha256(number: number): string {
    return this.#sha256.toString('hex', number * 32, number * 32 + 32)
  }

  sha256Bytes(number: number): Buffer {
    return this.#sha256.subarray(number * 32, number * 32 + 32)
  }

  /** @param sha256 lower-case hex @returns null when the catalogue does not contain it */
  numberOf(sha256: string): number | null {
    const digest = Buffer.from(sha256, 'hex')
    if (digest.length !== 32) return null
    const found = this.#slots[this.#slotOf(digest)]!
    return found === 0 ? null : found - 1
  }

  /** Number of a content by its id in the ledger. */
  numberOfId(id: number): number | null {
    let low = 0
    let high = this.size - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const found = this.ids[middle]!
      if (found === id) return middle
      if (found < id) low = middle + 1
      else high = middle - 1
    }
    return null
  }

  isListed(number: number): boolean {
    return this.#listed[number] === 1
  }

  kind(number: number): ContentKind {
    return KINDS[this.kinds[number]!]!
  }

  /** The slot of a digest, or the free slot for it: digests are evenly distributed. */
  #slotOf(digest: Buffer): number {
    const mask = this.#slots.length - 1
    let slot = digest.readUInt32LE(0) & mask
    for (;;) {
      const found = this.#slots[slot]!
      if (found === 0 || this.sha256Bytes(found - 1).equals(digest)) return slot
      slot = (slot + 1) & mask
    }
  }
}

/** Limit of the count: copies in copies multiply without bound. */
const MOST_COUNTED = 0x7fff_ffff

/** @param ids ids of contents, ascending */
function placesOf(ids: Int32Array, rows: Iterable<Place>, countOf: (parent: number) => bigint) {
  const { length } = ids
  const found = {
    entries: new Int32Array(length),
    bands: new Uint8Array(length).fill(255),
    modified: new Float64Array(length).fill(Number.NaN),
    places: new Int32Array(length),
  }
  let i = 0
  for (const [content, entry, band, seconds, parent] of rows) {
    while (i < length && ids[i]! < content) i++
    if (i === length) break
    if (ids[i] !== content) continue
    if (found.places[i] === 0) found.entries[i] = entry
    const count = parent === null ? 1 : Number(countOf(parent))
    found.places[i] = Math.min(MOST_COUNTED, found.places[i]! + count)
    if (band < found.bands[i]!) found.bands[i] = band
    if (seconds !== null && !(seconds >= found.modified[i]!)) found.modified[i] = seconds
  }
  return found
}

/** Null when no rule gave the content a priority. */
export function priorityOf({ priorities }: Catalogue, number: number): number | null {
  const priority = priorities[number]!
  return priority === NO_PRIORITY ? null : priority
}

function* shownRows({ db }: ReadableDatabase, hidden: ReadonlySet<number> | null): Iterable<Row> {
  for (const row of db.prepare<[], Row>(LISTED).raw().iterate()) if (!hidden?.has(row[0])) yield row
}

const KINDS = ['picture', 'video', 'other'] as const
type ContentKind = (typeof KINDS)[number]

function kindOf(mediaType: string): ContentKind {
  if (mediaType.startsWith('image/')) return 'picture'
  return mediaType.startsWith('video/') ? 'video' : 'other'
}

/**
 * The contents that a person grades: every picture and video that no list of known files took out, and whatever else has a hit,
 * reference, sign or lead. A million of them fit in a few typed arrays: what is needed to order and filter them, nothing to show.
 */
import type { LedgerReader } from '../contracts/ledger.ts'
import { reading } from '../ledger/format/database.ts'
import { openForReading, type ReadableDatabase } from '../ledger/read/open-readonly.ts'
import { prioritiesOf } from '../ledger/read/priorities.ts'
import { SearchFacts } from '../ledger/read/search-facts.ts'
import { privilegeListOf, quarantineOf } from '../privilege/quarantine.ts'

const LISTED = `
  SELECT c.id, c.sha256, c.media_type, min(e.id) AS entry, min(e.band) AS band, min(e.modified_s) AS modified, count(*) AS places
  FROM content c JOIN reading r ON r.content = c.id JOIN entry e ON e.id = r.entry
  WHERE c.suppressed_by IS NULL AND c.size > 0 AND (
    c.media_type LIKE 'image/%' OR c.media_type LIKE 'video/%'
    OR c.id IN (SELECT content FROM hit WHERE meaning <> 'known')
    OR c.id IN (SELECT content FROM digest_conflict) OR c.id IN (SELECT content FROM near_match)
    OR c.id IN (SELECT content FROM reference) OR c.id IN (SELECT content FROM signal)
    OR c.id IN (SELECT content FROM score WHERE score_per_10k >= threshold_per_10k))
  GROUP BY c.id ORDER BY c.id`

interface Row {
  readonly id: number
  readonly sha256: Buffer
  readonly media_type: string
  readonly entry: number
  readonly band: number
  readonly modified: number | null
  readonly places: number
}

/** No rule asks for a look at it. */
export const NO_PRIORITY = 6

export class Catalogue {
  /** Contents in it, numbered from 0 in the order of the ledger's ids. */
  readonly size: number
  readonly ids: Int32Array
  readonly #sha256: Buffer
  readonly #numbers = new Map<string, number>()
  readonly kinds: Uint8Array
  /** 1–5, or {@link NO_PRIORITY}. */
  readonly priorities: Uint8Array
  readonly bands: Uint8Array
  /** The entry that was recorded first: near to others of its folder. */
  readonly entries: Int32Array
  /** Seconds since 1970; NaN where unknown. */
  readonly modified: Float64Array
  readonly places: Int32Array

  private constructor(rows: readonly Row[]) {
    this.size = rows.length
    this.ids = Int32Array.from(rows, ({ id }) => id)
    this.#sha256 = Buffer.concat(rows.map(({ sha256 }) => sha256))
    this.kinds = Uint8Array.from(rows, ({ media_type }) => KINDS.indexOf(kindOf(media_type)))
    this.priorities = new Uint8Array(rows.length).fill(NO_PRIORITY)
    this.bands = Uint8Array.from(rows, ({ band }) => band)
    this.entries = Int32Array.from(rows, ({ entry }) => entry)
    this.modified = Float64Array.from(rows, ({ modified }) => modified ?? Number.NaN)
    this.places = Int32Array.from(rows, ({ places }) => places)
    for (let i = 0; i < rows.length; i++) this.#numbers.set(this.#key(i), i)
  }

  /** What is in quarantine is not in it. */
  static of(ledger: LedgerReader): Catalogue {
    const file = openForReading(ledger.path)
    try {
      const rows = reading(ledger.path, () => file.db.prepare<[], Row>(LISTED).all())
      const hidden = hiddenContents(ledger, file)
      const catalogue = new Catalogue(hidden === null ? rows : rows.filter(({ id }) => !hidden.has(id)))
      reading(ledger.path, () => {
        for (const { content, priority } of prioritiesOf(file.db, ledger.plan)) {
          const number = catalogue.numberOfId(content)
          if (number !== null) catalogue.priorities[number] = priority
        }
      })
      return catalogue
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

  /** @param sha256 lower-case hex. @returns null when it is not in the catalogue */
  numberOf(sha256: string): number | null {
    return this.#numbers.get(Buffer.from(sha256, 'hex').toString('latin1')) ?? null
  }

  /** By the ledger's id of the content. */
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

  kind(number: number): ContentKind {
    return KINDS[this.kinds[number]!]!
  }

  #key(number: number): string {
    return this.sha256Bytes(number).toString('latin1')
  }
}

const KINDS = ['picture', 'video', 'other'] as const
type ContentKind = (typeof KINDS)[number]

function kindOf(mediaType: string): ContentKind {
  if (mediaType.startsWith('image/')) return 'picture'
  return mediaType.startsWith('video/') ? 'video' : 'other'
}

/** Contents of which any place is in quarantine; null: the run had no list of what nobody may see. */
function hiddenContents(ledger: LedgerReader, { db }: ReadableDatabase): ReadonlySet<number> | null {
  if (privilegeListOf(ledger) === null) return null
  const { holds } = quarantineOf(ledger)
  const facts = new SearchFacts(ledger.path, ledger.plan)
  const hidden = new Set<number>()
  try {
    const places = db
      .prepare<[], [number, number]>('SELECT content, entry FROM reading WHERE content IS NOT NULL')
      .raw()
    for (const [content, entry] of places.iterate())
      if (!hidden.has(content) && holds(facts.view(entry))) hidden.add(content)
    return hidden
  } finally {
    facts.close()
  }
}

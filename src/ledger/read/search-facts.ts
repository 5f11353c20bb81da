/**
 * The few columns of every entry that a search needs. Building whole views of a million entries takes minutes, and
 * most entries do not match. Findings are read once, without the entries.
 */
import type { Statement } from 'better-sqlite3'
import { parseEvidencePath } from '../../base/evidence-path.ts'
import type { Plan } from '../../contracts/case.ts'
import type { CustodyEvent } from '../../contracts/custody.ts'
import type { Recovered } from '../../contracts/entry.ts'
import type { Finding } from '../../contracts/finding.ts'
import type { EntryView } from '../../contracts/view.ts'
import type { FindingRow } from '../../findings/finding-kind.ts'
import { readCustody } from '../custody/custody.ts'
import { type Db, reading, readingAll } from '../format/database.ts'
import { openForReading, type ReadableDatabase } from '../format/open-readonly.ts'
import { type WideRows, wideRows } from '../format/wide-rows.ts'
import { Copies } from './copies.ts'
import { EntryViews, READ_ENTRY, type ReadEntryRow } from './entry-view.ts'
import { type FindingFacts, findingsOfContents, OF_NAMES } from './finding-facts.ts'
import { Paths } from './paths.ts'
import { NO_OTHER_PLACES, Places } from './places.ts'
import { recordDirections, recordPersons } from './record-persons.ts'
import { recovered } from './recovered.ts'
import { ALL, type Restriction, restricted } from './restriction.ts'
import { ListedSeries } from './series.ts'

export interface EntryFacts {
  readonly id: number
  /** The path is a place that follows from the entry's own. */
  readonly follows: boolean
  readonly placesLeftOut: bigint
  /** Bytes of the evidence path. */
  readonly path: Buffer
  readonly modifiedNs: bigint | null
  readonly band: number
  readonly kind: string
  /** Not exact above 2^53. */
  readonly sizeBytes: number
  /** Null where no content was read. */
  readonly content: {
    readonly id: number
    readonly mediaType: string
    /** SHA-256 first; empty when digests were not requested. */
    readonly digests: readonly (Buffer | null)[]
  } | null
}

const PAGE = 4096

/** Digest columns that a search needs: reading all of them costs as much as all other columns of an entry. */
export type WantedDigests = 'none' | 'sha256' | 'all'

const DIGESTS: Readonly<Record<WantedDigests, string>> = {
  none: '',
  sha256: ', c.sha256',
  all: ', c.sha256, c.md5, c.sha1, c.blake3, c.ed2k_red, c.ed2k_blue',
}

/** @param from table of the ids that are wanted; null: all */
function entriesSql(wanted: WantedDigests, from: string | null): string {
  return `SELECT e.id, e.above, e.step, e.name, e.parent, e.modified_s, e.modified_ns, e.band, e.kind, e.size, r.content, c.media_type${DIGESTS[wanted]}
    FROM ${from === null ? 'entry e' : `${from} w CROSS JOIN entry e ON e.id = w.id`}
    LEFT JOIN reading r ON r.entry = e.id LEFT JOIN content c ON c.id = r.content
    WHERE ${from === null ? 'e' : 'w'}.id > +? ORDER BY ${from === null ? 'e' : 'w'}.id LIMIT ${PAGE}`
}

type EntryRow = [
  id: number,
  above: number,
  step: string,
  name: Buffer,
  parent: number | null,
  seconds: number | null,
  ns: number | null,
  band: number,
  kind: string,
  size: number,
  content: number | null,
  mediaType: string,
  ...digests: (Buffer | null)[],
]

interface ViewMaker {
  readonly views: EntryViews
  readonly row: WideRows<ReadEntryRow>
  readonly copies: Copies
  readonly places: Places
  /** The content that an entry was derived from. */
  readonly parentOf: Statement<[number], number | null>
}

export class SearchFacts {
  readonly #file: ReadableDatabase
  readonly #db: Db
  readonly #plan: Plan
  readonly #path: string
  #views: ViewMaker | null = null

  constructor(path: string, plan: Plan, cacheKib: number | null = null) {
    this.#file = openForReading(path, cacheKib)
    this.#db = this.#file.db
    this.#plan = plan
    this.#path = path
  }

  /** In no defined order; all that the restriction lets through, and perhaps others. */
  entries(wanted: WantedDigests, within: Restriction = ALL): IterableIterator<EntryFacts> {
    return readingAll(this.#path, this.#entries(wanted, within))
  }

  *#entries(wanted: WantedDigests, within: Restriction): IterableIterator<EntryFacts> {
    const from = restricted(this.#db, within)
    const next = this.#db.prepare<[number], EntryRow>(entriesSql(wanted, from)).raw()
    const paths = new Paths(this.#db)
    const places = new Places(this.#db, new Paths(this.#db))
    for (let page = next.all(-1); page.length > 0; page = next.all(page.at(-1)![0]))
      for (const [
        id,
        above,
        step,
        name,
        parent,
        seconds,
        ns,
        band,
        kind,
        size,
        content,
        mediaType,
        ...digests
      ] of page) {
        const whole = { above, step, name }
        const others = parent === null ? NO_OTHER_PLACES : places.othersOf(parent, paths.bytesOf(whole))
        let path: Buffer | null = null
        const recorded = {
          id,
          // The path is assembled on first use: many conditions do not need it.
          get path() {
            path ??= paths.bytesOf(whole)
            return path
          },
          follows: false,
          placesLeftOut: others.leftOut,
          modifiedNs: seconds === null ? null : BigInt(seconds) * 1_000_000_000n + BigInt(ns ?? 0),
          band,
          kind,
          sizeBytes: size,
          content: content === null ? null : { id: content, mediaType, digests },
        }
        yield recorded
        for (const other of others.paths) yield { ...recorded, path: other, follows: true, placesLeftOut: 0n }
      }
  }

  readonly custody = (): readonly CustodyEvent[] => readCustody(this.#path)

  mediaTypes(): readonly string[] {
    const rows = this.#db.prepare<[], string>('SELECT DISTINCT media_type FROM content').pluck()
    return reading(this.#path, () => rows.all())
  }

  /** Persons or directions of the records that name a content, by its SHA-256 in hex. */
  recordSays(what: 'person' | 'direction'): ReadonlyMap<string, readonly string[]> {
    return reading(this.#path, () => (what === 'person' ? recordPersons : recordDirections)(this.#db))
  }

  /** Listed entries that are not live, by the bytes of their path as Latin-1. */
  recovered(): ReadonlyMap<string, Recovered> {
    return reading(this.#path, () => recovered(this.#db))
  }

  /** @param wanted kinds of finding to read; with a million contents each kind costs seconds */
  findings(
    wanted: (kind: Finding['kind']) => boolean,
  ): IterableIterator<{ readonly content: number; readonly facts: FindingFacts }> {
    return readingAll(this.#path, findingsOfContents(this.#db, wanted))
  }

  /** Findings from names: each belongs to one entry. */
  nameFindings(): IterableIterator<{ readonly entry: number; readonly facts: FindingFacts }> {
    return readingAll(this.#path, this.#nameFindings())
  }

  *#nameFindings(): IterableIterator<{ readonly entry: number; readonly facts: FindingFacts }> {
    for (const { sql, facts } of OF_NAMES)
      for (const row of this.#db.prepare<[], FindingRow>(sql).safeIntegers().iterate())
        yield { entry: Number(row.entry), facts: facts(row) }
  }

  /** View of an entry at its recorded place. */
  view(entry: number): EntryView {
    return reading(this.#path, () => this.#view(entry, 0n))
  }

  /** Views of an entry at its recorded place, then at the places that follow from it (places.ts). */
  placesOf(entry: number): readonly EntryView[] {
    return reading(this.#path, () => {
      const { views, places, parentOf } = (this.#views ??= this.#viewMaker())
      const bare = this.#view(entry, 0n)
      const others = places.othersOf(parentOf.get(entry) ?? null, bare.entry.path.bytes)
      const recorded = { ...bare, placesLeftOut: others.leftOut }
      return [recorded, ...others.paths.map((path) => views.at(parseEvidencePath(path), recorded))]
    })
  }

  viewOf({ id, path, follows, placesLeftOut }: EntryFacts): EntryView {
    return reading(this.#path, () => {
      const recorded = this.#view(id, placesLeftOut)
      return follows ? this.#views!.views.at(parseEvidencePath(path), recorded) : recorded
    })
  }

  #view(entry: number, placesLeftOut: bigint): EntryView {
    this.#views ??= this.#viewMaker()
    const { views, row, copies } = this.#views
    const found = row.get(entry)!
    const { content } = found
    const representative = content === null ? entry : copies.representative(Number(content)).id
    return views.view(found, null, representative, placesLeftOut)
  }

  #viewMaker(): ViewMaker {
    const paths = new Paths(this.#db)
    return {
      views: new EntryViews(this.#db, this.#plan, paths),
      row: wideRows<ReadEntryRow>(this.#db, `SELECT ${READ_ENTRY} WHERE e.id = +?`),
      copies: new Copies(this.#db, paths),
      places: new Places(this.#db, new Paths(this.#db)),
      parentOf: this.#db.prepare<[number], number | null>('SELECT parent FROM entry WHERE id = +?').pluck(),
    }
  }

  /** Contents whose attributes follow from other contents too (series.ts). */
  ofListedSeries(): Iterable<number> {
    return reading(this.#path, () => [...new ListedSeries(this.#db, this.#plan).members.keys()])
  }

  close(): void {
    this.#file.close()
  }
}

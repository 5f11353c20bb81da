/**
 * What the device says, in order of time: references and signs of a ledger, each with the place of its record. Rows come from
 * SQLite already sorted, one at a time: memory stays flat. What has no time comes last.
 */
import type { EvidencePath, FileTime } from '../../contracts/entry.ts'
import type { Reference } from '../../contracts/finding.ts'
import type { Sign } from '../../contracts/record.ts'
import { attribute } from '../../findings/attribute.ts'
import type { FindingRow } from '../../findings/finding-kind.ts'
import { reference } from '../../findings/reference.ts'
import { signFromRow } from '../../findings/sign.ts'
import { IS_STATED_REFERENCE } from '../../findings/stated-reference.ts'
import { readingAll } from '../format/database.ts'
import { openForReading, type ReadableDatabase } from '../format/open-readonly.ts'
import { Copies } from './copies.ts'
import { Paths } from './paths.ts'
import { StatedReferences } from './stated-references.ts'

export type TimelineRow = {
  /** Of the content that the record stands in, at its representative place. */
  readonly path: EvidencePath
  /** Lower-case hex; null where the record is of the image, and no content was read at its place. */
  readonly sha256: string | null
  readonly when: FileTime | null
} & (
  | { readonly sign: Sign; readonly reference: null }
  | { readonly sign: null; readonly reference: Reference }
)

interface Pointer {
  readonly kind: 'reference' | 'sign' | 'stated'
  readonly row: number
  /** Of what an image states: the entry. */
  readonly content: number
}

/** Times of the device that have no zone stand among the others as if they were UTC. */
const IN_ORDER = `SELECT kind, row, content FROM (
  SELECT 'reference' AS kind, rowid AS row, content, time_s, time_ns FROM reference
  UNION ALL SELECT 'sign', rowid, content, time_s, time_ns FROM sign
  UNION ALL SELECT 'stated', rowid, entry, time_s, time_ns FROM entry_attribute WHERE ${IS_STATED_REFERENCE})
  ORDER BY time_s IS NULL, time_s, time_ns, kind, row`

export class Timeline {
  readonly #file: ReadableDatabase
  readonly #path: string

  constructor(path: string) {
    this.#path = path
    this.#file = openForReading(path)
  }

  /** @throws LedgerDamaged */
  rows(): IterableIterator<TimelineRow> {
    return readingAll(this.#path, this.#rows())
  }

  *#rows(): IterableIterator<TimelineRow> {
    const { db } = this.#file
    const paths = new Paths(db)
    const copies = new Copies(db, paths)
    const one = {
      reference: db.prepare('SELECT * FROM reference WHERE rowid = +?').safeIntegers(),
      sign: db.prepare('SELECT * FROM sign WHERE rowid = +?').safeIntegers(),
      stated: db.prepare('SELECT * FROM entry_attribute WHERE rowid = +?').safeIntegers(),
    }
    const stated = new StatedReferences(db)
    const read = db
      .prepare<[number], Buffer>(
        'SELECT c.sha256 FROM reading r JOIN content c ON c.id = r.content WHERE r.entry = +?',
      )
      .pluck()
    const digest = db.prepare('SELECT sha256 FROM content WHERE id = +?').pluck()
    for (const { kind, row, content } of db.prepare(IN_ORDER).iterate() as Iterable<Pointer>) {
      const found = one[kind].get(row) as FindingRow
      if (kind === 'stated') {
        const sha256 = read.get(content)?.toString('hex') ?? null
        const said = stated.of(attribute.fromRow(found))!
        yield { path: paths.of(content), sha256, when: null, sign: null, reference: said }
        continue
      }
      const at = {
        path: paths.of(copies.representative(content).id),
        sha256: (digest.get(content) as Buffer).toString('hex'),
      }
      if (kind === 'sign') {
        const sign = signFromRow(found)
        yield { ...at, when: sign.when, sign, reference: null }
      } else {
        const named = reference.fromRow(found)
        yield { ...at, when: named.when, sign: null, reference: named }
      }
    }
  }

  close(): void {
    this.#file.close()
  }
}

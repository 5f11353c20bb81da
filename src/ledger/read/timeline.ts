/**
 * What the device says, in order of time: references and signs of a ledger, each with the place of its record. Rows come from
 * SQLite already sorted, one at a time: memory stays flat. What has no time comes last.
 */
import type { EvidencePath, FileTime } from '../../contracts/entry.ts'
import type { Reference } from '../../contracts/finding.ts'
import type { Sign } from '../../contracts/record.ts'
import type { FindingRow } from '../../findings/finding-kind.ts'
import { reference } from '../../findings/reference.ts'
import { signFromRow } from '../../findings/sign.ts'
import { readingAll } from '../format/database.ts'
import { Copies } from './copies.ts'
import { openForReading, type ReadableDatabase } from './open-readonly.ts'
import { Paths } from './paths.ts'

export type TimelineRow = {
  /** Of the content that the record stands in, at its representative place. */
  readonly path: EvidencePath
  /** Lower-case hex. */
  readonly sha256: string
  readonly when: FileTime | null
} & (
  | { readonly sign: Sign; readonly reference: null }
  | { readonly sign: null; readonly reference: Reference }
)

interface Pointer {
  readonly kind: 'reference' | 'sign'
  readonly row: number
  readonly content: number
}

/** Times of the device that have no zone stand among the others as if they were UTC. */
const IN_ORDER = `SELECT kind, row, content FROM (
  SELECT 'reference' AS kind, rowid AS row, content, time_s, time_ns FROM reference
  UNION ALL SELECT 'sign', rowid, content, time_s, time_ns FROM sign)
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
    }
    const digest = db.prepare('SELECT sha256 FROM content WHERE id = +?').pluck()
    for (const { kind, row, content } of db.prepare(IN_ORDER).iterate() as Iterable<Pointer>) {
      const found = one[kind].get(row) as FindingRow
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

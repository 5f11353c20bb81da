/**
 * References and artefact records of a ledger in order of time, each with the path of its source. SQLite returns the
 * rows sorted, one at a time, so memory use stays constant. Records without a time come last.
 */
import type { EvidencePath, FileTime } from '../../contracts/entry.ts'
import type { Reference } from '../../contracts/finding.ts'
import type { Sign } from '../../contracts/record.ts'
import { RECORD_TIMES, type RecordTimeKind } from '../../contracts/record-time.ts'
import { attribute } from '../../findings/attribute.ts'
import type { FindingRow } from '../../findings/finding-kind.ts'
import { reference } from '../../findings/reference.ts'
import { signFromRow } from '../../findings/sign.ts'
import { IS_STATED_REFERENCE } from '../../findings/stated-reference.ts'
import { timeFromRow } from '../../findings/time-columns.ts'
import { readingAll } from '../format/database.ts'
import { openForReading, type ReadableDatabase } from '../format/open-readonly.ts'
import { Copies } from './copies.ts'
import { Paths } from './paths.ts'
import { StatedReferences } from './stated-references.ts'

export type TimelineRow = {
  /** Representative path of the content that contains the record. */
  readonly path: EvidencePath
  /** Lower-case hex; null when the record belongs to the image and no content was read at its place. */
  readonly sha256: string | null
  /** One of the record's times. A record has one row for each distinct time. */
  readonly when: FileTime | null
  /** Kinds of this time; empty where the record keeps only one time. */
  readonly whenKinds: readonly RecordTimeKind[]
  /** True for the row with the record's first time. */
  readonly isFirst: boolean
} & (
  | { readonly sign: Sign; readonly reference: null }
  | { readonly sign: null; readonly reference: Reference }
)

interface Pointer {
  readonly kind: 'reference' | 'sign' | 'stated'
  readonly row: bigint
  /** For a record that the image states: the entry. */
  readonly content: bigint
  readonly time_s: bigint | null
  readonly time_ns: bigint | null
  readonly basis: string | null
  readonly kinds: string | null
  /** 0: the first time of the record. */
  readonly place: bigint
}

/** Digests that are kept only for later hash sets tell a reader nothing. */
const FOR_READERS = "code <> 'named-digest'"

function first(kind: string, of: string, from: string): string {
  return `SELECT '${kind}' AS kind, rowid AS row, ${of} AS content, time_s, time_ns, time_basis AS basis, 0 AS place,
    ${kind === 'stated' ? 'NULL' : 'time_kind'} AS time_kind FROM ${from}`
}

/** Rows for the times listed in \`more_times\`. */
function more(kind: string, from: string): string {
  return `SELECT '${kind}', t.rowid, t.content, json_extract(m.value, '$.s'), json_extract(m.value, '$.ns'),
    json_extract(m.value, '$.basis'), m.key + 1, json_extract(m.value, '$.kind')
    FROM ${from} t, json_each(t.more_times) m WHERE t.more_times IS NOT NULL`
}

/** Times without a time zone sort as if they were UTC. */
const IN_ORDER = `SELECT kind, row, content, time_s, time_ns, basis, min(place) AS place,
  group_concat(time_kind) AS kinds FROM (
  ${first('reference', 'content', 'reference')} UNION ALL ${more('reference', 'reference')}
  UNION ALL ${first('sign', 'content', `sign WHERE ${FOR_READERS}`)} UNION ALL ${more('sign', 'sign')} AND ${FOR_READERS}
  UNION ALL ${first('stated', 'entry', `entry_attribute WHERE ${IS_STATED_REFERENCE}`)})
  GROUP BY kind, row, time_s, time_ns ORDER BY time_s IS NULL, time_s, time_ns, kind, row`

/** Kinds in the order of the table, each once. */
function kindsIn(text: string | null): readonly RecordTimeKind[] {
  const named = text?.split(',') ?? []
  return RECORD_TIMES.filter((kind) => named.includes(kind))
}

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
    const pointers = db.prepare(IN_ORDER).safeIntegers().iterate() as Iterable<Pointer>
    for (const { kind, row, content: big, time_s, time_ns, basis, kinds, place } of pointers) {
      const found = one[kind].get(row) as FindingRow
      const content = Number(big)
      const time = {
        when: timeFromRow({ time_s, time_ns, time_basis: basis }),
        whenKinds: kindsIn(kinds),
        isFirst: place === 0n,
      }
      if (kind === 'stated') {
        const sha256 = read.get(content)?.toString('hex') ?? null
        const said = stated.of(attribute.fromRow(found))!
        yield { path: paths.of(content), sha256, ...time, sign: null, reference: said }
        continue
      }
      const at = {
        ...time,
        path: paths.of(copies.representative(content).id),
        sha256: (digest.get(content) as Buffer).toString('hex'),
      }
      if (kind === 'sign') {
        yield { ...at, sign: signFromRow(found), reference: null }
      } else {
        yield { ...at, sign: null, reference: reference.fromRow(found) }
      }
    }
  }

  close(): void {
    this.#file.close()
  }
}

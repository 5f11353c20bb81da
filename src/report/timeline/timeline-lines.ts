/** Lines of the timeline: the record's statement, its place, and its basis; never an act of a person. */
import { printPath, printText } from '../../base/evidence-path.ts'
import type { LedgerReader } from '../../contracts/ledger-reader.ts'
import type { Timeline, TimelineRow } from '../../ledger/read/timeline.ts'
import { isoTime } from '../model/values.ts'
import { ENGLISH } from '../texts/index.ts'
import { MADE_ALONE, PROGRAM_NAMES } from '../texts/kind-words.ts'
import { say } from '../texts/say.ts'

export interface TimelineWishes {
  /**
   * ISO dates or times, `from` included, `to` excluded; null: no bound. With a bound, records without a time are left
   * out.
   */
  readonly from: string | null
  readonly to: string | null
  /** Filters by substring: the person that the record names; the record's place; the name of a list. */
  readonly person: string | null
  readonly within: string | null
  readonly list: string | null
}

export interface TimelineLine {
  readonly datetime: string | null
  readonly resolution: string | null
  readonly zone: string | null
  /** Kind of the record's time, as codes joined by commas; null where the record keeps only one time. */
  readonly timeIs: string | null
  readonly says: string
  readonly record: string
  readonly params: string | object
  readonly direction: string | null
  readonly person: string | null
  readonly recordStatus: string
  readonly basis: string
  readonly list: string | null
  readonly category: string | null
  readonly digest: string | null
  readonly found: boolean | null
  readonly path: string
  readonly sha256: string | null
}

export function lineOf(row: TimelineRow): TimelineLine {
  const { when, sign, reference } = row
  const at = {
    datetime: when && isoTime(when),
    resolution: when?.resolution ?? null,
    zone: when?.zone ?? null,
    timeIs: row.whenKinds.length === 0 ? null : row.whenKinds.join(','),
    path: printPath(row.path),
    sha256: row.sha256,
  }
  if (sign)
    return {
      ...at,
      says: withTime(say('timeline-record-says', { said: ENGLISH.record(sign.what) }), row),
      record: sign.what.code,
      params: sign.what.params,
      direction: sign.direction,
      person: sign.person === null ? null : printText(sign.person),
      recordStatus: sign.status,
      basis: basisOf(sign.isPrivate ? 'timeline-basis-text' : 'timeline-basis-kept', sign.what.params),
      list: null,
      category: null,
      digest: null,
      found: null,
    }
  const { record, direction, hashSet, category, algorithm, digest, found } = reference
  return {
    ...at,
    says: withTime(ENGLISH.finding(reference), row),
    record: record.code,
    params: record.params,
    direction,
    person: null,
    recordStatus: 'live',
    basis: basisOf('timeline-basis-listed', record.params),
    list: hashSet,
    category,
    digest: `${algorithm}:${digest}`,
    found,
  }
}

/** With the program's name where its reader never met a file that the program wrote. */
function basisOf(id: Parameters<typeof say>[0], params: object): string {
  const basis = say(id)
  const program = 'program' in params ? String(params.program) : ''
  if (!MADE_ALONE.includes(program)) return basis
  return say('timeline-basis-made', { basis, program: PROGRAM_NAMES[program] ?? program })
}

/** Each row of a record with several times states which time it is. */
function withTime(said: string, { whenKinds }: TimelineRow): string {
  return whenKinds.length === 0
    ? said
    : say('timeline-which-time', {
        said,
        times: whenKinds.map((kind) => ENGLISH.word('record-time', kind)).join(', '),
      })
}

/** Rows of several exhibits of a case; each exhibit's rows in order of time. */
export interface TimelineOf {
  readonly ledger: LedgerReader
  readonly timeline: Pick<Timeline, 'rows'>
}

export interface RowOf {
  readonly row: TimelineRow
  readonly ledger: LedgerReader
}

export function* wanted(of: readonly TimelineOf[], wishes: TimelineWishes): Iterable<RowOf> {
  const [from, to] = [boundNs(wishes.from), boundNs(wishes.to)]
  for (const one of merged(of)) {
    const { when, sign, reference } = one.row
    if ((from !== null || to !== null) && when === null) continue
    if ((from !== null && when!.ns < from) || (to !== null && when!.ns >= to)) continue
    if (wishes.person !== null && !has(sign?.person ?? '', wishes.person)) continue
    if (wishes.list !== null && !has(reference?.hashSet ?? '', wishes.list)) continue
    if (wishes.within !== null && !has(printPath(one.row.path), wishes.within)) continue
    yield one
  }
}

/** In order of time, records without a time last; at equal times, in the order of the exhibits. */
function* merged(of: readonly TimelineOf[]): Iterable<RowOf> {
  const sides = of.map(({ ledger, timeline }) => ({ ledger, rows: timeline.rows() }))
  try {
    const next = sides.map(({ rows }) => rows.next())
    for (;;) {
      let first = -1
      for (const [i, one] of next.entries())
        if (!one.done && (first < 0 || isBefore(one.value, next[first]!.value))) first = i
      if (first < 0) return
      yield { row: next[first]!.value, ledger: sides[first]!.ledger }
      next[first] = sides[first]!.rows.next()
    }
  } finally {
    for (const { rows } of sides) rows.return?.()
  }
}

function isBefore(a: TimelineRow, b: TimelineRow): boolean {
  if (a.when === null || b.when === null) return a.when !== null
  return a.when.ns < b.when.ns
}

function has(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase())
}

function boundNs(date: string | null): bigint | null {
  return date === null ? null : BigInt(Date.parse(date)) * 1_000_000n
}

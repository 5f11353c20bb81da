/** `seized search`: finds entries by their text, names, metadata and findings; each search is a custody event. */

import { existsSync } from 'node:fs'
import { LedgerDamaged } from '../../base/errors.ts'
import { printPath, printText } from '../../base/evidence-path.ts'
import type { ExaminationFacts, LedgerIdentity, LedgerReader } from '../../contracts/ledger-reader.ts'
import type { TextPlace } from '../../contracts/text-place.ts'
import type { EntryView } from '../../contracts/view.ts'
import { SearchFacts } from '../../ledger/read/search-facts.ts'
import type { Snapshot } from '../../ledger/read/snapshot.ts'
import { type ClosedContents, closedContents, hidesOf, NONE_CLOSED } from '../../privilege/quarantine.ts'
import { csvRow } from '../../report/exchange/csv.ts'
import { jsonLine } from '../../report/exchange/jsonl.ts'
import { isoTime, ledgerState } from '../../report/model/values.ts'
import { formatCount, plural } from '../../report/texts/format.ts'
import { type Condition, parseQuery } from '../../search/query.ts'
import { search as found, type SearchAnswer, type SearchResult } from '../../search/search.ts'
import { openTextIndex, type TextIndex } from '../../search/text-index.ts'
import type { Given } from '../arguments/option.ts'
import type { SEARCH } from '../arguments/options-table.ts'
import { writtenOut } from '../services/broken-output.ts'
import { closeAll, openCase } from '../services/case-ledgers.ts'
import { damageDetail, recordCustody } from '../services/log-custody.ts'

type Format = Given<typeof SEARCH>['format']

/** @returns 0 when there was a result, 3 when there was none: scripts tell them apart */
export async function search(
  [file, query = '']: readonly string[],
  given: Given<typeof SEARCH>,
): Promise<number> {
  const condition = parseQuery(query)
  const running = new Map<LedgerReader, Snapshot>()
  const ledgers = await openCase(
    [file!, ...given.also],
    { ...given, orSealedHere: true, saysHow: true },
    { whileWritten: 'verify', told: (ledger, snapshot) => running.set(ledger, snapshot) },
  )
  try {
    if (given.format === 'csv') process.stdout.write(csvRow(COLUMNS))
    let hits = 0
    const closed = ledgers.length > 1 ? closedContents(ledgers) : NONE_CLOSED
    for (const ledger of ledgers)
      hits += await writtenOut([ledger], { event: 'searched', detail: { query } }, given, () =>
        searchOne(ledger, query, condition, given, {
          isOneOfSeveral: ledgers.length > 1,
          closed,
          snapshot: running.get(ledger) ?? null,
        }),
      )
    return hits > 0 ? 0 : 3
  } finally {
    closeAll(ledgers)
  }
}

/** @returns the number of places found */
function searchOne(
  ledger: LedgerReader,
  query: string,
  condition: Condition,
  given: Given<typeof SEARCH>,
  of: {
    readonly isOneOfSeveral: boolean
    readonly closed: ClosedContents
    readonly snapshot: Snapshot | null
  },
): number {
  const { isOneOfSeveral, closed, snapshot } = of
  const { format, pageSize: size, page = 1 } = given
  const all = format !== 'lines' && given.page === undefined
  const facts = new SearchFacts(ledger.path, ledger.plan)
  const index = indexOf(ledger, given)
  try {
    const range = all ? { from: 0, count: Number.MAX_SAFE_INTEGER } : { from: (page - 1) * size, count: size }
    const answer = found({ facts, hides: hidesOf(ledger, closed) }, index, condition, range)
    // Logged before the results are shown: a search that cannot be logged shows nothing.
    const { head } = recordCustody(
      ledger.path,
      {
        event: 'searched',
        operator: given.operator ?? null,
        detail: {
          query,
          hits: String(answer.hits),
          shown: String(answer.shown),
          format,
          textIndex: index ? 'yes' : 'no',
          ...damageDetail(ledger.damage),
        },
      },
      given.heads,
    )
    const texts = index?.contents ?? null
    if (isOneOfSeveral && format === 'lines')
      process.stdout.write(`\nExhibit ${printText(ledger.case.exhibitId)}\n`)
    for (const piece of WRITERS[format](answer, { ledger, head, page, size, texts, snapshot }))
      process.stdout.write(piece)
    if (format !== 'lines' && !index) process.stderr.write(`${withoutIndex(ledger, snapshot)}\n`)
    return answer.hits
  } finally {
    index?.close()
    facts.close()
  }
}

/** For a damaged ledger that is searched all the same: its text index is left out when it cannot be believed. */
function indexOf(ledger: LedgerIdentity, { despiteDamage }: Given<typeof SEARCH>): TextIndex | null {
  try {
    return openTextIndex(ledger)
  } catch (error) {
    if (!despiteDamage || !(error instanceof LedgerDamaged)) throw error
    process.stderr.write(`DAMAGED  ${printText(error.message)}\n`)
    return null
  }
}

interface Shown {
  readonly ledger: LedgerReader
  /** Newest head of the custody log: that of this search. */
  readonly head: string
  readonly page: number
  readonly size: number
  /** Number of contents whose text is in the index; null without an index. */
  readonly texts: number | null
  /** Copy of a ledger that a run is writing. */
  readonly snapshot: Snapshot | null
}

const WRITERS: Readonly<Record<Format, (answer: SearchAnswer, shown: Shown) => Iterable<string>>> = {
  lines: (answer, shown) => [asLines(answer, shown)],
  *jsonl({ results }, shown) {
    for (const result of results()) yield `${jsonLine(rowOf(result, shown))}\n`
  },
  *csv({ results }, shown) {
    for (const result of results()) {
      const row = rowOf(result, shown)
      const cells = { ...row, context: printText(row.context ?? '') }
      yield csvRow(COLUMNS.map((name) => String(cells[name] ?? '')))
    }
  },
}

const COLUMNS = [
  'path',
  'pathBytes',
  'sha256',
  'mediaType',
  'modified',
  'copyOf',
  'followsFrom',
  'where',
  'context',
  'inPicture',
  'ledger',
  'newestHead',
  'exhibit',
] as const

function rowOf(
  { view, where, context, inPicture }: SearchResult,
  { ledger, head }: Shown,
): Record<(typeof COLUMNS)[number], string | null> {
  const { entry, content, copyOf, followsFrom } = view
  return {
    path: printPath(entry.path),
    pathBytes: entry.path.bytes.toString('base64'),
    sha256: content?.digests.sha256 ?? null,
    mediaType: content?.mediaType ?? null,
    modified: entry.times.modified && isoTime(entry.times.modified),
    copyOf: copyOf && printPath(copyOf),
    followsFrom: followsFrom && printPath(followsFrom),
    where,
    context,
    inPicture: inPicture && `${partOf(inPicture)}${boxOf(inPicture)}`,
    ledger: ledgerState(ledger),
    newestHead: head,
    exhibit: ledger.case.exhibitId,
  }
}

function asLines(
  { hits, leftOut, results, suggestions }: SearchAnswer,
  { ledger, head, page, size, texts, snapshot }: Shown,
): string {
  const pages = Math.max(1, Math.ceil(hits / size))
  const lines = [
    `${plural(hits, 'place')} found${hits > size ? `; page ${formatCount(page)} of ${formatCount(pages)}` : ''}.${ledger.seal ? '' : ` PARTIAL: ${snapshot === null ? 'the ledger is not sealed' : `the examination goes on, this is what it held at ${snapshot.utc}`}.`}`,
    `Newest head of the record: ${head}`,
    ...(leftOut === 0n
      ? []
      : [
          `${formatCount(leftOut)} more places follow from copies of copies of containers; they are not listed.`,
        ]),
    texts === null
      ? withoutIndex(ledger, snapshot)
      : `Searched: the text of ${plural(texts, 'content')}, names, attributes and findings.`,
    '',
    ...[...results()].flatMap(({ view, where, context, inPicture }, i) => [
      `${String((page - 1) * size + i + 1).padStart(5)}  ${printPath(view.entry.path)}${placeNote(view)}`,
      ...(where === null
        ? []
        : [
            `       ${where}${inPicture ? ` in the picture, ${partOf(inPicture)}at ${boxOf(inPicture)}` : ''}: ${printText(context)}`,
          ]),
    ]),
    ...(suggestions.length > 0 ? [`Words near that: ${suggestions.map(printText).join(', ')}`] : []),
  ]
  const mark = ledger.damage.length > 0 ? 'DAMAGED LEDGER  ' : ''
  return `${lines
    .map((line) => mark + line)
    .join('\n')
    .trimEnd()}\n`
}

function placeNote({ copyOf, followsFrom }: EntryView): string {
  if (followsFrom) return '  (in a copy of its container)'
  return copyOf ? '  (a copy)' : ''
}

function withoutIndex(ledger: LedgerIdentity & ExaminationFacts, snapshot: Snapshot | null): string {
  const why =
    ledger.plan.options.textBasis === null
      ? 'text was not read in this run'
      : snapshot !== null
        ? 'the text index is searched when the run has ended'
        : existsSync(ledger.path)
          ? 'the text index is not beside the ledger'
          : ''
  return `Searched: names, attributes and findings only; ${why}.`
}

/** Left, top, width × height of the line, in pixels of the upright picture. */
/** Which page of a scan, or which frame of a video; empty: the content is one picture. */
function partOf({ page, ms }: TextPlace): string {
  if (page !== undefined) return `on page ${page}, `
  return ms === undefined ? '' : `in the frame at ${(ms / 1000).toFixed(1)} s, `
}

function boxOf({ left, top, width, height }: TextPlace): string {
  return `${left},${top} ${width}×${height}`
}

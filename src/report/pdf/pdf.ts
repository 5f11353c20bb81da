/**
 * The court's edition as PDF/A-3a or PDF/UA-1, in volumes: set from data by a confined child, findings and custody log attached, the same bytes for the
 * same record. The date of the document is that of the newest event of the record, never of the machine's clock.
 */

import { UsageError } from '../../base/errors.ts'
import { VERSION } from '../../base/version.ts'
import type { LedgerReader } from '../../contracts/ledger.ts'
import type { TypesetAttachment } from '../../wire/typeset.ts'
import type { CourtContent } from '../court/contents.ts'
import { type CourtReport, type CourtWishes, courtReport, NO_COURT_WISHES } from '../court/report.ts'
import type { CourtKey, CourtTexts } from '../court/texts.ts'
import type { Exporter } from '../exporter.ts'
import { entryRecord, jsonLine } from '../jsonl.ts'
import { writeBytes } from '../text-out.ts'
import { NO_WISHES } from '../wishes.ts'
import { withTypesetter } from './typeset.ts'
import { type ContentData, MOST_PAGES, setInVolumes } from './volumes.ts'

export const pdf: Exporter = {
  id: 'pdf',
  title: 'The court’s edition as PDF',
  extension: '.pdf',
  edition: 'court',
  isBinary: true,
  ofCase: 'court',
  async write(ledger, out, view, wishes) {
    const volumes = await pdf.volumes!(ledger, view, wishes)
    if (volumes.length > 1)
      throw new UsageError(
        `The report has ${volumes.length} volumes of at most ${MOST_PAGES} pages: name a file with --out, and the others are written beside it.`,
      )
    await writeBytes(out, volumes[0]!)
  },
  async volumes(ledger, _view, { court, allowUnconfined, standard } = NO_WISHES) {
    const wishes = court ?? NO_COURT_WISHES
    const report = courtReport(ledger, wishes)
    const english = report.unreviewed.length > 0 ? courtReport(ledger, { ...wishes, language: 'en' }) : null
    const document = {
      ...dataOf(report),
      running: [report.about, ...(report.number === null ? [] : [report.number])].join(' – '),
      banner: report.state.isGood ? '' : report.state.words,
      head: `${report.texts.say('newest-head')} ${ledger.newestHead()}`,
      english: english && dataOf(english),
    }
    const sources = [ledger, ...wishes.also.map((one) => one.ledger)]
    const utc = sources.map(newestUtc).sort().at(-1)!
    const isWhole = [wishes.redact, wishes.categories, wishes.places].every((choice) => choice.length === 0)
    return await withTypesetter(allowUnconfined, (typeset) =>
      setInVolumes({
        contents: report.contents.map((one) => contentData(one, report.texts)),
        custody: report.custody,
        texts: report.texts,
        set: (part, all) =>
          typeset(
            {
              document: { ...document, ...all, part },
              attachments: isWhole && part.front ? sources.flatMap((one) => attachmentsOf(one, wishes)) : [],
            },
            { utc, standard, template: 'court' },
          ),
      }),
    )
  },
}

function newestUtc(ledger: LedgerReader): string {
  return (
    ledger.custody().at(-1)?.utc ?? ledger.seal?.utc ?? ledger.events()[0]?.utc ?? '1970-01-01T00:00:00.000Z'
  )
}

function dataOf(report: CourtReport) {
  const { texts, contents: _, custody: __, state, notes, ...rest } = report
  return {
    ...rest,
    notes: [...notes, texts.say('escaped')],
    state: state.words,
    labels: Object.fromEntries(
      (Object.keys(texts.of.messages) as CourtKey[])
        .filter((key) => !texts.of.messages[key].includes('{'))
        .map((key) => [key, texts.say(key)]),
    ),
  }
}

function contentData(one: CourtContent, texts: CourtTexts): ContentData {
  return {
    places: one.places,
    morePlaces: one.morePlaces,
    file: [one.mediaType, one.size, ...(one.remark === null ? [] : [one.remark])].join(', '),
    sha256: one.sha256,
    lists: one.lists,
    weak: one.isWeak ? texts.say('about-weak') : null,
    decisions: [...one.decisions, ...one.outcomes],
  }
}

/** For programs: what the pages say in words. Not the ledger itself. */
function attachmentsOf(ledger: LedgerReader, { also }: CourtWishes): TypesetAttachment[] {
  const of = also.length === 0 ? '' : `${slug(ledger.case.exhibitId)}-`
  const lines = (values: Iterable<unknown>) => [...values].map((value) => `${jsonLine(value)}\n`).join('')
  const { seal, planDigest, chainHead, tool } = ledger
  const summary = {
    case: ledger.case,
    madeWith: `seized ${VERSION}`,
    examinedWith: tool,
    seal: seal && { utc: seal.utc, evidenceDigest: seal.evidenceDigest, analysisDigest: seal.analysisDigest },
    inventoryDigest: ledger.inventoryDigest(),
    planDigest,
    chainHead,
    newestHead: ledger.newestHead(),
    summary: ledger.summary(),
  }
  const all = [
    {
      name: 'ledger-summary.json',
      mediaType: 'application/json',
      description: 'Digests, heads and counts of the record',
      text: `${jsonLine(summary)}\n`,
    },
    {
      name: 'findings.jsonl',
      mediaType: 'application/jsonl',
      description: 'Every entry with a finding, one JSON object a line',
      text: lines(findings(ledger)),
    },
    {
      name: 'custody.jsonl',
      mediaType: 'application/jsonl',
      description: 'The custody log, one event a line',
      text: lines(ledger.custody().map(({ fact: _, ...event }) => event)),
    },
  ]
  // The typesetter divides by the size of what is attached.
  return all.filter(({ text }) => text !== '').map((one) => ({ ...one, name: `${of}${one.name}` }))
}

/** A name of a file that every system takes. */
function slug(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 60)
}

function* findings(ledger: LedgerReader): Iterable<unknown> {
  for (const view of ledger.findings()) yield entryRecord(view)
}

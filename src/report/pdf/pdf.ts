/**
 * The court's edition as PDF/A-3a or PDF/UA-1, in volumes: set from data by a confined child, findings and custody log attached, the same bytes for the
 * same record. The date of the document is that of the newest event of the record, never of the machine's clock.
 */

import { UsageError } from '../../base/errors.ts'
import type { LedgerReader } from '../../contracts/ledger.ts'
import type { CourtContent } from '../court/contents.ts'
import { COURT_LEAVES_OUT } from '../court/leaves-out.ts'
import { type CourtReport, courtReport, NO_COURT_WISHES } from '../court/report.ts'
import type { CourtKey, CourtTexts } from '../court/texts.ts'
import type { Exporter } from '../export/exporter.ts'
import { NO_WISHES } from '../export/wishes.ts'
import { writeBytes } from '../model/text-out.ts'
import { type Attached, attachmentsOf } from './attachments.ts'
import { withTypesetter } from './typeset.ts'
import { type ContentData, MOST_PAGES, setInVolumes } from './volumes.ts'

export const pdf: Exporter = {
  id: 'pdf',
  title: 'The court’s edition as PDF',
  extension: '.pdf',
  leavesOut: {},
  courtLeavesOut: COURT_LEAVES_OUT,
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
    const sources = [ledger, ...wishes.also.map((one) => one.ledger)]
    const isWhole = [wishes.redact, wishes.categories, wishes.places].every((choice) => choice.length === 0)
    const attached = isWhole ? attachmentsOf(sources) : NOTHING_ATTACHED
    const document = {
      ...dataOf(report, attached.findings),
      running: [report.about, ...(report.number === null ? [] : [report.number])].join(' – '),
      banner: report.state.isGood ? '' : report.state.words,
      head: `${report.texts.say('newest-head')} ${ledger.newestHead()}`,
      english: english && dataOf(english, attached.findings),
    }
    const utc = sources.map(newestUtc).sort().at(-1)!
    return await withTypesetter(allowUnconfined, (typeset) =>
      setInVolumes({
        contents: report.contents.map((one) => contentData(one, report.texts)),
        custody: report.custody,
        texts: report.texts,
        set: (part, all) =>
          typeset(
            {
              document: { ...document, ...all, part },
              attachments: part.front ? attached.files : [],
            },
            { utc, standard, template: 'court' },
          ),
      }),
    )
  },
}

const NOTHING_ATTACHED: Attached = { files: [], findings: 'all' }

function newestUtc(ledger: LedgerReader): string {
  return (
    ledger.custody().at(-1)?.utc ?? ledger.seal?.utc ?? ledger.events()[0]?.utc ?? '1970-01-01T00:00:00.000Z'
  )
}

function dataOf(report: CourtReport, findings: Attached['findings']) {
  const { texts, contents: _, custody: __, state, notes, ...rest } = report
  return {
    ...rest,
    notes: [...notes, texts.say('escaped'), ...(findings === 'all' ? [] : [texts.say(findings)])],
    state: state.words,
    // Greek capitals lose their accents, which only this language's rules know.
    heading: rest.title.toLocaleUpperCase(report.language),
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

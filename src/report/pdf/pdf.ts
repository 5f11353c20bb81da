/**
 * The court's edition as PDF/A-3a or PDF/UA-1, in volumes. A confined child typesets it from data, with findings and
 * custody log attached. The same record gives the same bytes: the date of the document is that of the newest event of
 * the record, never of the machine's clock.
 */

import { UsageError } from '../../base/errors.ts'
import type { CustodyRecord, LedgerIdentity, RunHistory } from '../../contracts/ledger-reader.ts'
import type { CourtContent } from '../court/content-row.ts'
import { GROUPS } from '../court/contents.ts'
import { COURT_LEAVES_OUT } from '../court/leaves-out.ts'
import { type CourtReport, courtReport, isWhole, NO_COURT_WISHES } from '../court/report.ts'
import type { CourtKey } from '../court/texts.ts'
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
    const attached = isWhole(wishes) ? attachmentsOf(sources, wishes.caseLog?.events) : NOTHING_ATTACHED
    const document = {
      ...dataOf(report, attached),
      running: cut([report.about, ...(report.number === null ? [] : [report.number])].join(' – ')),
      banner: report.state.isGood ? '' : cut(report.state.words),
      head: report.head.join(' '),
      english: english && dataOf(english, attached),
    }
    const ofCase = wishes.caseLog?.events.at(-1)?.utc
    const utc = [...sources.map(newestUtc), ...(ofCase === undefined ? [] : [ofCase])].sort().at(-1)!
    return await withTypesetter(allowUnconfined, (typeset) =>
      setInVolumes({
        contents: report.contents.map(contentData),
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

/** Maximum length of the line at the top of every page; page one contains the full text. */
const MOST_RUNNING = 120

function cut(text: string): string {
  return text.length > MOST_RUNNING ? `${text.slice(0, MOST_RUNNING)}…` : text
}

const NOTHING_ATTACHED: Attached = { files: [], findings: 'all' }

function newestUtc(ledger: LedgerIdentity & RunHistory & CustodyRecord): string {
  return (
    ledger.custody().at(-1)?.utc ?? ledger.seal?.utc ?? ledger.events()[0]?.utc ?? '1970-01-01T00:00:00.000Z'
  )
}

function dataOf(report: CourtReport, { files, findings }: Attached) {
  const { texts, contents, custodyLog: _, custodyEvents: events, state, notes, ...rest } = report
  const logs = files.map(({ name }) => name).filter((name) => name.endsWith('custody.jsonl'))
  return {
    ...rest,
    notes: [...notes, texts.say('escaped'), ...(findings === 'all' ? [] : [texts.say(findings)])],
    state: state.words,
    // Greek capitals lose their accents, and only the rules of that language do this.
    heading: rest.title.toLocaleUpperCase(report.language),
    custodyAbout:
      logs.length > 0 ? texts.say('custody-attached', { events, logs }) : texts.say('custody-withheld'),
    pageOf: texts.say('page-of', { page: '\0', pages: '\0' }).split('\0'),
    groups: Object.fromEntries(
      GROUPS.map((group) => {
        const count = contents.filter((one) => one.group === group).length
        return [group, `${texts.say(`h-${group}`)} (${texts.custom.count(count)})`]
      }),
    ),
    labels: Object.fromEntries(
      (Object.keys(texts.of.messages) as CourtKey[])
        .filter((key) => !texts.of.messages[key].includes('{'))
        .map((key) => [key, texts.say(key)]),
    ),
  }
}

/**
 * Maximum number of places, lists and decisions of a row that is never split: at most a third of a page, except for
 * very long names.
 */
const MOST_WHOLE = 8

function contentData(one: CourtContent): ContentData {
  return {
    group: one.group,
    places: one.places.map(({ path, remark }) => ({ path, remark: remark === null ? '' : ` (${remark})` })),
    morePlaces: one.morePlaces,
    file: `${one.mediaType}, ${one.size}`,
    sha256: one.sha256,
    whole: one.places.length + one.lists.length + one.decisions.length < MOST_WHOLE,
    lists: one.lists.length === 0 ? ['–'] : one.lists,
    decisions: one.decisions.length === 0 ? ['–'] : [...one.decisions, ...one.outcomes],
  }
}

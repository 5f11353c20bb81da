/**
 * The court's edition as PDF/A-3a: set from data by a confined child, findings and custody log attached, the same bytes for the
 * same record. The date of the document is that of the newest event of the record, never of the machine's clock.
 */

import { VERSION } from '../../base/version.ts'
import type { LedgerReader } from '../../contracts/ledger.ts'
import type { TypesetAttachment } from '../../wire/typeset.ts'
import { type CourtReport, courtReport, NO_COURT_WISHES } from '../court/report.ts'
import type { CourtKey } from '../court/texts.ts'
import type { Exporter } from '../exporter.ts'
import { entryRecord, jsonLine } from '../jsonl.ts'
import { writeBytes } from '../text-out.ts'
import { NO_WISHES } from '../wishes.ts'
import { typeset } from './typeset.ts'

/** A hundred pages or so: beyond, memory grows faster than pages; the HTML report and the exports have them all. */
const MOST_CONTENTS = 1_200

export const pdf: Exporter = {
  id: 'pdf',
  title: 'The court’s edition as PDF/A-3a',
  extension: '.pdf',
  edition: 'court',
  isBinary: true,
  ofCase: 'court',
  async write(ledger, out, _view, { court, allowUnconfined } = NO_WISHES) {
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
    const utc =
      ledger.custody().at(-1)?.utc ??
      ledger.seal?.utc ??
      ledger.events()[0]?.utc ??
      '1970-01-01T00:00:00.000Z'
    const attachments = wishes.redact.length > 0 ? [] : attachmentsOf(ledger)
    const { pdf: bytes } = await typeset(
      { document, attachments },
      { utc, standard: 'a-3a' },
      allowUnconfined,
    )
    await writeBytes(out, bytes)
  },
}

function dataOf(report: CourtReport) {
  const { texts, contents, state, moreContents, ...rest } = report
  const left = contents.length - MOST_CONTENTS
  return {
    ...rest,
    state: state.words,
    labels: Object.fromEntries(
      (Object.keys(texts.of.messages) as CourtKey[])
        .filter((key) => !texts.of.messages[key].includes('{'))
        .map((key) => [key, texts.say(key)]),
    ),
    contents: contents.slice(0, MOST_CONTENTS).map((one) => ({
      places: one.places,
      morePlaces: one.morePlaces,
      file: [one.mediaType, one.size, ...(one.remark === null ? [] : [one.remark])].join(', '),
      sha256: one.sha256,
      lists: one.lists,
      weak: one.isWeak ? texts.say('about-weak') : null,
      decisions: [...one.decisions, ...one.outcomes],
    })),
    moreContents: left > 0 ? texts.say('more-contents', { contents: left }) : moreContents,
  }
}

/** For programs: what the pages say in words. Not the ledger itself. */
function attachmentsOf(ledger: LedgerReader): TypesetAttachment[] {
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
  return all.filter(({ text }) => text !== '')
}

function* findings(ledger: LedgerReader): Iterable<unknown> {
  for (const view of ledger.findings()) yield entryRecord(view)
}

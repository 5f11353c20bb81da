/**
 * The report for a court: one HTML file that a prosecutor reads on screen and prints on A4.
 *
 * No script, no remote host, no link to a file; the content security policy lets in only this file's own style sheet (by
 * its digest) and pictures that are data. Everything from the exhibit goes through html/markup.ts, which escapes it.
 */

import { createHash } from 'node:crypto'
import type { Writable } from 'node:stream'
import type {
  CustodyRecord,
  ExaminationFacts,
  LedgerIdentity,
  LedgerReader,
} from '../../contracts/ledger-reader.ts'
import type { View } from '../../contracts/view.ts'
import { COURT_LEAVES_OUT } from '../court/leaves-out.ts'
import { type CourtReport, type CourtWishes, courtReport } from '../court/report.ts'
import type { Exporter } from '../export/exporter.ts'
import { NO_WISHES } from '../export/wishes.ts'
import { HASHES_ARE_FOR_MATCHING } from '../model/leaves-out.ts'
import { withText } from '../model/text-out.ts'
import { ledgerState } from '../model/values.ts'
import { html, type Markup } from '../texts/markup.ts'
import { say } from '../texts/say.ts'
import type { Beside } from './companions.ts'
import { courtBody } from './court.ts'
import { COURT_STYLE } from './court-contents.ts'
import { gatherEntries } from './entries.ts'
import { found } from './found.ts'
import { gatherFindings } from './gather.ts'
import { notExamined } from './not-examined.ts'
import { pageOne, stateWord } from './page-one.ts'
import { record } from './record.ts'
import { limits, sources } from './sources.ts'
import { type PageOf, styleSheet } from './style.ts'

export const htmlReport: Exporter = {
  id: 'html',
  title: say('a-report-to-read'),
  extension: '.html',
  leavesOut: { 'perceptual-hash': HASHES_ARE_FOR_MATCHING },
  courtLeavesOut: COURT_LEAVES_OUT,
  ofCase: 'court',
  async write(ledger, out, view, wishes = NO_WISHES) {
    if (wishes.court) return writeCourt(ledger, out, wishes.court)
    await withText(out, async (text) => {
      const style = styleSheet(runningTexts(ledger))
      await text.write(headBefore(ledger, style).toString())
      await text.write(`<style>${style}</style>\n`)
      for (const piece of body(ledger, view, wishes)) await text.write(piece.toString())
    })
  },
}

/** The court's edition in the requested language; in English too where the translation was not reviewed. */
async function writeCourt(ledger: LedgerReader, out: Writable, wishes: CourtWishes): Promise<void> {
  const report = courtReport(ledger, wishes)
  const english = report.unreviewed.length > 0 ? courtReport(ledger, { ...wishes, language: 'en' }) : null
  const style = `${styleSheet({
    running: [report.about, ...(report.number === null ? [] : [report.number])].join(' - '),
    state: report.state.isGood ? '' : report.state.words,
    head: `${report.texts.say('newest-head')} ${ledger.newestHead()}`,
    pageOf: pageOf(report),
  })}${COURT_STYLE}`
  await withText(out, async (text) => {
    await text.write(documentHead(report.language, `${report.title}, ${report.about}`, style).toString())
    await text.write(`<style>${style}</style>\n`)
    await text.write(
      html`</head>\n<body class="${report.state.isGood ? 'sealed' : 'partial'}">\n<main>\n`.toString(),
    )
    for (const piece of courtBody(report, english)) await text.write(piece.toString())
    await text.write(html`</main>\n</body>\n</html>\n`.toString())
  })
}

/** Text before, between and after the page number and the number of pages. */
function pageOf({ texts }: CourtReport): PageOf {
  const [before = '', between = '', behind = ''] = texts
    .say('page-of', { page: '\0', pages: '\0' })
    .split('\0')
  return [before, between, behind]
}

/** State of the ledger on every page: in its margin, across the top on screen, down its side in print. */
const STATES = {
  sealed: { running: 'SEALED ledger', banner: null, side: null },
  PARTIAL: {
    running: say('partial-not-sealed-examination'),
    banner: say('partial-the-examination-was'),
    side: 'PARTIAL · NOT SEALED',
  },
  DAMAGED: {
    running: say('damaged-the-ledger-does-not'),
    banner: say('damaged-the-ledger-does'),
    side: say('damaged-does-not-verify'),
  },
} as const

function runningTexts(ledger: LedgerIdentity & ExaminationFacts & CustodyRecord) {
  return {
    running: `Triage report - case ${ledger.case.caseId} - exhibit ${ledger.case.exhibitId}`,
    state: STATES[ledgerState(ledger)].running,
    head: `newest head ${ledger.newestHead()}`,
  }
}

function headBefore(ledger: LedgerIdentity & ExaminationFacts, style: string): Markup {
  const { caseId, exhibitId } = ledger.case
  return documentHead(
    'en',
    `${stateWord(ledger)}: triage report, case ${caseId}, exhibit ${exhibitId}`,
    style,
  )
}

function documentHead(language: string, title: string, style: string): Markup {
  const styleHash = createHash('sha256').update(style).digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; img-src data:; base-uri 'none'; form-action 'none'`
  return html`<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
`
}

function* body(ledger: LedgerReader, view: View, beside: Beside): Iterable<Markup> {
  const findings = gatherFindings(ledger)
  const entries = gatherEntries(ledger)
  const state = STATES[ledgerState(ledger)]
  yield html`</head>
<body class="${state.banner === null ? 'sealed' : 'partial'}">
${
  state.banner === null
    ? null
    : html`<p class="banner">${state.banner}</p>
<p class="every-page" aria-hidden="true">${state.side}</p>
`
}<main>
<div class="first">
`
  yield* pageOne(ledger, findings, entries, beside)
  yield html`</div>
${contents()}
`
  yield* found(ledger, findings, view)
  yield* notExamined(ledger, entries.notDone)
  yield* sources(ledger)
  yield* limits(ledger)
  yield* record(ledger)
  yield html`</main>
<footer><p>${say('made-by', { version: ledger.tool.seized ?? '', head: ledger.newestHead() })}</p></footer>
</body>
</html>
`
}

function contents(): Markup {
  const sections = [
    ['found', '1 What was found'],
    ['not-examined', say('what-was-not-examined-and')],
    ['lists', '3 Hash lists'],
    ['models', '4 Models'],
    ['limits', say('limits-of-each-method')],
    ['digests', say('digests-and-how-to')],
    ['custody', '7 Custody log'],
    ['plan', '8 Plan'],
    ['tool', '9 Program and machine'],
  ] as const
  return html`<nav aria-labelledby="contents"><h2 id="contents">Contents</h2><ol>${sections.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ol></nav>`
}

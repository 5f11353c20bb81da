/** The table of contents of the court's edition, and its additions to the style sheet of both editions. */
import type { CourtReport } from '../court/report.ts'
import type { CourtKey } from '../court/texts.ts'
import { html, type Markup } from '../texts/markup.ts'

/**
 * Column widths are fixed, so that a long word breaks within its column. The style adds no hyphen to a text that may be
 * a name.
 */
export const COURT_STYLE = `
.result { font-size: 1.15em; }
.end { text-align: center; margin: 2em 0; }
nav.contents a { display: block; }
@media print { nav.contents { break-before: auto; } nav.contents a::after { content: leader(".") target-counter(attr(href url), page); } }
.annexed { break-before: page; margin-top: 3em; border-top: 6px double var(--ink); }
table.found, table.reasons, table.lists, table.sums, table.exhibits, table.several, table.changes, table.bars, table.digests-short, table.categories, table.standards { table-layout: fixed; }
th, td, dt, li, p, caption { overflow-wrap: anywhere; }
thead th { overflow-wrap: anywhere; }
.found th:nth-child(1) { width: 20%; }
.found th:nth-child(n+3) { width: 12%; }
.reasons th:nth-child(1), .lists th:nth-child(2) { width: 20%; }
.reasons th:nth-child(3) { width: 14%; }
.lists th:nth-child(3) { width: 50%; }
.digests-short th:nth-child(1) { width: 34%; }
.standards th:nth-child(2), .standards th:nth-child(3) { width: 17%; }
.sums th:nth-child(1) { width: 26%; }
.sums th:nth-child(2) { width: 10%; }
.found td:nth-child(n+3), .reasons td:nth-child(3), .sums td:nth-child(2), .lists td:nth-child(2), .bars td:last-child { font-variant-numeric: tabular-nums; }
.found th:nth-child(n+3), .found td:nth-child(n+3), .reasons th:nth-child(3), .reasons td:nth-child(3), .sums th:nth-child(2), .sums td:nth-child(2), .lists th:nth-child(2), .lists td:nth-child(2), .bars td:last-child { text-align: right; }
.lists td:nth-child(3), .digests-short td:nth-child(2) { font-family: var(--mono); font-size: .86em; }
.bars caption { text-align: left; font-weight: 600; }
.bars th { width: 34%; }
.bars td:last-child { width: 18%; }
.log .c-when, .log .c-event, .log .c-who { width: 18%; }
.sign { break-inside: avoid; }
.sign div { display: grid; grid-template-columns: 15em 1fr; gap: 1em; padding-top: 1.1em; }
.sign div:nth-child(4n+1):not(:first-child) { margin-top: 2em; }
.sign dd { margin: 0; border-bottom: 1px solid var(--ink); min-height: 1.6em; overflow-wrap: anywhere; min-width: 0; }
@media screen and (max-width: 40rem) { .sign div { grid-template-columns: 1fr; gap: 0; } table { display: table; } }
`

type Section = readonly [id: string, title: CourtKey]

/** Sections in the table of contents, in order; the ids are those of the sections. */
export function sectionsOf({ exhibits, several, leads, models, diff }: CourtReport): readonly Section[] {
  return [
    ['results', 'h-results'],
    ...(exhibits.length > 0 ? ([['exhibits', 'h-exhibits']] as const) : []),
    ...(several.rows.length > 0 ? ([['several', 'h-several']] as const) : []),
    ['not-examined', 'h-not-examined'],
    ['lab', 'h-lab'],
    ['listed', 'h-listed'],
    ...(diff === null ? [] : ([['diff', 'h-diff']] as const)),
    ['charts', 'h-charts'],
    ['method', 'h-method'],
    ['digests', 'h-digests'],
    ['custody', 'h-custody'],
    ...(leads.length + models.length > 0 ? ([['annex', 'h-annex']] as const) : []),
    ['standards', 'h-standards'],
    ['sign', 'h-sign'],
  ]
}

/** Page numbers appear in print where the printing program supports them (CSS Generated Content, target-counter). */
export function contentsOfReport(report: CourtReport): Markup {
  const { texts, custodyLog } = report
  const sections: readonly Section[] = [
    ...sectionsOf(report),
    ...(custodyLog === null || custodyLog.length === 0 ? [] : ([['custody-log', 'h-log']] as const)),
  ]
  return html`<nav class="contents" aria-labelledby="contents"><h2 id="contents">${texts.say('h-contents')}</h2><ol>${sections.map(([id, title]) => html`<li><a href="#${id}">${texts.say(title)}</a></li>`)}</ol></nav>
`
}

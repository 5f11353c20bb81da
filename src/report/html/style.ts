/** How the report looks on screen and on A4. Dark on white, and nothing that only colour says: it must survive a copier. */
import { cssString } from './markup.ts'

/** @returns the style sheet; page headers and footers carry the case, the state of the ledger and its newest head */
export function styleSheet(page: {
  readonly running: string
  readonly state: string
  readonly head: string
}): string {
  return `${BASE}
@page {
  size: A4; margin: 20mm 16mm 18mm;
  @top-left { content: ${cssString(page.running)}; ${MARGIN_TYPE} }
  @top-right { content: ${cssString(page.state)}; ${MARGIN_TYPE} font-weight: 700; }
  @bottom-left { content: ${cssString(page.head)}; ${MARGIN_TYPE} font-size: 6.5pt; }
  @bottom-right { content: "Page " counter(page) " of " counter(pages); ${MARGIN_TYPE} }
}
${PRINT}`
}

const MARGIN_TYPE = 'font: 7.5pt Arial, "Liberation Sans", sans-serif; color: #333;'

const BASE = `
:root { color-scheme: light; --ink: #16181d; --quiet: #4a4f58; --line: #b9bec7; --faint: #eef0f3; --serif: Charter, "Bitstream Charter", "Source Serif 4", Cambria, "Noto Serif", "Liberation Serif", Georgia, serif; --sans: "Source Sans 3", "Segoe UI", "Helvetica Neue", "Liberation Sans", Arial, sans-serif; --mono: "Source Code Pro", Consolas, "Liberation Mono", Menlo, monospace; }
* { box-sizing: border-box; }
html { background: #fff; color: var(--ink); font: 16px/1.5 var(--serif); -webkit-text-size-adjust: 100%; }
body { max-width: 66rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1, h2, h3, h4 { font-family: var(--sans); line-height: 1.25; break-after: avoid; overflow-wrap: anywhere; }
h1 { font-size: 1.9rem; font-weight: 650; margin: 0 0 .6rem; letter-spacing: -.01em; }
h2 { font-size: 1.3rem; font-weight: 650; margin: 2.6rem 0 .7rem; padding-top: .5rem; border-top: 2px solid var(--ink); }
h3 { font-size: 1.05rem; margin: 1.8rem 0 .4rem; }
h4 { font-size: .95rem; margin: 1.4rem 0 .3rem; }
p { margin: .4rem 0; }
a { color: inherit; text-decoration-thickness: 1px; text-underline-offset: 2px; }
code { font-family: var(--mono); font-size: .82em; overflow-wrap: anywhere; }
.kicker { font-family: var(--sans); font-size: .8rem; letter-spacing: .08em; text-transform: uppercase; color: var(--quiet); margin: 0 0 .3rem; }
.state { font-family: var(--sans); border: 1px solid var(--ink); padding: .5rem .8rem; margin: 0; }
.state strong { letter-spacing: .06em; margin-right: .4em; }
.state.partial { border: 4px double var(--ink); font-weight: 600; }
.banner { position: sticky; top: 0; z-index: 1; margin: -2.5rem -1.5rem 1.5rem; padding: .4rem 1.5rem; background: var(--ink); color: #fff; font: 600 .85rem/1.4 var(--sans); letter-spacing: .04em; }
.caution { border-left: 5px solid var(--ink); background: var(--faint); padding: .7rem 1.1rem; margin: 1.2rem 0; }
.caution h2 { border: 0; margin: 0 0 .2rem; padding: 0; font-size: 1rem; }
.caution ul { margin: 0; padding-left: 1.1rem; }
ul.tight { margin: .5rem 0; padding-left: 1.1rem; }
nav { font-family: var(--sans); font-size: .9rem; }
nav ol { columns: 2; list-style: none; padding: 0; margin: .4rem 0; }
table { border-collapse: collapse; width: 100%; font: .86rem/1.4 var(--sans); margin: .6rem 0 1rem; }
th, td { text-align: left; vertical-align: top; padding: .32rem .6rem .32rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { border-bottom: 1.5px solid var(--ink); vertical-align: bottom; font-weight: 650; overflow-wrap: normal; }
tbody th { font-weight: 400; }
tr.strong th, tr.strong td { font-weight: 650; }
tr.sub th { padding-left: 1.4rem; color: var(--quiet); }
tfoot th, tfoot td { border-top: 1.5px solid var(--ink); border-bottom: 0; font-weight: 650; }
small { display: block; font-weight: 400; font-size: .75rem; color: var(--quiet); }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; padding-right: 0; padding-left: .9rem; }
table.rows, table.digests, table.log { table-layout: fixed; }
th.preview { width: 7.2rem; }
th.place { width: 44%; }
th.agree { width: 24%; }
th.when { width: 13rem; }
table.digests th:first-child { width: 20%; }
table.digests th:last-child { width: 30%; }
td.preview img { display: block; width: 6.4rem; image-rendering: auto; border: 1px solid var(--line); background: #ddd; }
td.preview img.upright { width: auto; height: 6.4rem; }
.path { font-family: var(--mono); font-size: .95em; overflow-wrap: anywhere; unicode-bidi: isolate; }
td .path { font-size: .92em; font-weight: 600; }
td .copy .path, .log .path { font-weight: 400; }
.copy, .meta, .quiet, .note { color: var(--quiet); }
.copy, .meta { margin: .15rem 0 0; font-size: .92em; }
.meta code { font-size: .85em; }
.note, .none, .left-out { font-family: var(--sans); font-size: .86rem; }
.none { color: var(--quiet); font-style: italic; }
.left-out { border: 1px solid var(--ink); padding: .4rem .7rem; }
.tag { font: 600 .72rem var(--sans); border: 1px solid var(--ink); padding: 0 .3em; border-radius: 2px; white-space: nowrap; }
.reasons { margin: 0; padding-left: 1rem; }
.score { margin: .3rem 0 0; }
q { font-family: var(--serif); }
dl { margin: .6rem 0; font: .88rem/1.45 var(--sans); }
dl.facts > div { display: grid; grid-template-columns: 13.5rem 1fr; gap: .9rem; padding: .22rem 0; border-bottom: 1px solid var(--line); }
dl.facts dt { color: var(--quiet); }
dl.facts dd { margin: 0; overflow-wrap: anywhere; min-width: 0; }
dl.columns { columns: 2; column-gap: 2rem; }
dl.columns > div { grid-template-columns: 1fr 1fr; break-inside: avoid; }
dl.terms dt { font-weight: 650; margin-top: .6rem; }
dl.terms dd { margin: 0; }
footer { margin-top: 3rem; border-top: 2px solid var(--ink); padding-top: .6rem; font: .8rem/1.5 var(--sans); color: var(--quiet); }
@media (max-width: 40rem) { nav ol, dl.columns { columns: 1; } dl.facts > div { grid-template-columns: 1fr; gap: 0; } }
`

const PRINT = `
@media print {
  html { font-size: 9.2pt; line-height: 1.36; }
  body { max-width: none; padding: 0; }
  .banner { position: static; margin: 0 0 6pt; padding: 2pt 6pt; background: #fff; color: #000; border: 2pt solid #000; }
  h1 { font-size: 17pt; }
  h2 { font-size: 12pt; margin-top: 14pt; }
  h2, h3, h4, .caution, .state, .facts > div { break-inside: avoid; }
  nav, #found { break-before: page; }
  nav + * h2#found { break-before: auto; }
  thead { display: table-header-group; }
  tfoot { display: table-row-group; }
  tr, img { break-inside: avoid; }
  p, li, dd { orphans: 2; widows: 2; }
  a { text-decoration: none; }
  .caution, thead th { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  td.preview img { width: 24mm; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  td.preview img.upright { height: 24mm; }
  th.preview { width: 27mm; }
  .first { font-size: 8.4pt; }
}
`

/**
 * Style sheet of the report for screen and A4. Dark on white, and no information by colour alone: the report must
 * survive a copier.
 */
import { cssString } from '../texts/markup.ts'

/** @returns the style sheet; page headers and footers carry the case, the state of the ledger and its newest head */
export function styleSheet(page: {
  readonly running: string
  readonly state: string
  readonly head: string
  readonly pageOf?: PageOf
}): string {
  const [before, between, behind] = page.pageOf ?? ENGLISH_PAGE_OF
  const numbered = [cssString(before), 'counter(page)', cssString(between), 'counter(pages)']
    .concat(behind === '' ? [] : [cssString(behind)])
    .join(' ')
  return `${BASE}
@page {
  size: A4; margin: 20mm 16mm 18mm;
  @top-left { content: ${cssString(page.running)}; ${MARGIN_TYPE} }
  @top-right { content: ${cssString(page.state)}; ${MARGIN_TYPE} font-weight: 700; }
  @bottom-left { content: ${cssString(page.head)}; ${MARGIN_TYPE} font-size: 6.5pt; }
  @bottom-right { content: ${numbered}; ${MARGIN_TYPE} }
}
${PRINT}`
}

/** Text before, between and after the page number and the number of pages. */
export type PageOf = readonly [before: string, between: string, behind: string]

const ENGLISH_PAGE_OF: PageOf = ['Page ', ' of ', '']

const MARGIN_TYPE = 'font: 7.5pt Arial, "Liberation Sans", sans-serif; color: #333;'

// Clipped, because stacked combining marks in a name must not print over its neighbours.
const BASE = `
:root { color-scheme: light; --ink: #16181d; --quiet: #454a53; --line: #b9bec7; --faint: #eef0f3; --serif: Charter, "Bitstream Charter", "Source Serif 4", Cambria, "Noto Serif", "Liberation Serif", Georgia, serif; --sans: "Source Sans 3", "Segoe UI", "Helvetica Neue", "Liberation Sans", Arial, sans-serif; --mono: "Source Code Pro", Consolas, "Liberation Mono", Menlo, monospace; }
* { box-sizing: border-box; }
html { background: #fff; color: var(--ink); font: 16px/1.5 var(--serif); -webkit-text-size-adjust: 100%; }
body { max-width: 68rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1, h2, h3, h4 { font-family: var(--sans); line-height: 1.25; break-after: avoid; overflow-wrap: anywhere; }
h1, h2, h3, h4, p, ul, dd, th, td { overflow: clip; }
h1 { font-size: 1.9em; font-weight: 650; margin: 0 0 .3em; letter-spacing: -.01em; }
h2 { font-size: 1.3em; font-weight: 650; margin: 2em 0 .5em; padding-top: .4em; border-top: 2px solid var(--ink); }
h3 { font-size: 1.05em; margin: 1.7em 0 .4em; }
h4 { font-size: .95em; margin: 1.4em 0 .3em; }
p { margin: .4em 0; }
a { color: inherit; text-decoration-thickness: 1px; text-underline-offset: 2px; }
code { font-family: var(--mono); font-size: .82em; overflow-wrap: anywhere; }
.kicker { font-family: var(--sans); font-size: .8em; letter-spacing: .08em; text-transform: uppercase; color: var(--quiet); margin: 0 0 .3em; }
.state { font-family: var(--sans); border: 1px solid var(--ink); padding: .5em .8em; margin: 0; }
.state strong { letter-spacing: .06em; margin-right: .4em; }
.state.partial { border: 4px double var(--ink); font-weight: 600; }
.banner { position: sticky; top: 0; z-index: 1; margin: -2.5rem -1.5rem 1.5rem; padding: .4rem 1.5rem; background: var(--ink); color: #fff; font: 600 .85rem/1.4 var(--sans); letter-spacing: .04em; }
.every-page { display: none; }
.caution { border-left: 5px solid var(--ink); background: var(--faint); padding: .7em 1.1em; margin: 1.1em 0; }
.caution h2 { border: 0; margin: 0 0 .2em; padding: 0; font-size: 1em; }
.caution ul { margin: 0; padding-left: 1.3em; }
ul.tight { margin: .5em 0; padding-left: 1.3em; }
nav { font-family: var(--sans); font-size: .9em; }
nav ol { columns: 2; list-style: none; padding: 0; margin: .4em 0; }
table { border-collapse: collapse; width: 100%; font-family: var(--sans); font-size: .86em; line-height: 1.4; margin: .7em 0 1.1em; }
th, td { text-align: left; vertical-align: top; padding: .36em .7em .36em 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
.first table.numbers th, .first table.numbers td { padding-top: .14em; padding-bottom: .14em; }
thead th { border-bottom: 1.5px solid var(--ink); vertical-align: bottom; font-weight: 650; overflow-wrap: normal; }
tbody th { font-weight: 400; }
tr.strong th, tr.strong td, td.strong { font-weight: 650; }
tr.group th { font-weight: 650; padding-top: .9em; border-bottom-color: var(--ink); }
tr.sub th { padding-left: 1.6em; color: var(--quiet); }
tfoot th, tfoot td { border-top: 1.5px solid var(--ink); border-bottom: 0; font-weight: 650; }
small { display: block; font-weight: 400; font-size: .85em; color: var(--quiet); }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; padding-right: 0; padding-left: 1em; }
table.rows, table.digests, table.log { table-layout: fixed; }
@media screen { .deferred { content-visibility: auto; contain-intrinsic-size: auto 22000px; } .deferred:has(.slim) { contain-intrinsic-size: auto 7000px; } }
th.preview { width: 7.9em; }
th.place { width: 56%; }
th.file { width: 20%; }
.review th.place { width: 43%; }
.compare th.place { width: 44%; }
.compare th.file { width: 17%; }
th.when { width: 14em; }
th.event { width: 9em; }
th.who { width: 14em; }
table.by-stage { table-layout: fixed; }
.by-stage th:first-child { width: 48%; }
.by-stage thead .n { white-space: normal; }
table.digests th:first-child { width: 17%; }
table.digests th:last-child { width: 27%; }
td.preview img { display: block; width: 6.8em; height: auto; border: 1px solid var(--line); background: #ddd; }
td.preview img.upright { width: auto; height: 6.8em; }
.path { font-family: var(--mono); font-size: .95em; overflow-wrap: anywhere; unicode-bidi: isolate; }
th.place > .path { font-weight: 600; }
.copy, .meta, .quiet, .note { color: var(--quiet); }
.copy, .meta { margin: .15em 0 0; font-size: .95em; }
.meta code { font-size: .86em; }
.note, .none, .left-out { font-family: var(--sans); font-size: .86em; }
.none { color: var(--quiet); font-style: italic; }
.left-out { border: 1px solid var(--ink); padding: .4em .7em; }
.tag { font-family: var(--sans); font-weight: 600; font-size: .84em; border: 1px solid var(--ink); padding: 0 .3em; border-radius: 2px; white-space: nowrap; }
.reasons { margin: 0; padding-left: 1.3em; }
.reasons li { font-weight: 600; }
.score { margin: .4em 0 0; }
q { font-family: var(--serif); }
dl { margin: .6em 0; font-family: var(--sans); font-size: .88em; line-height: 1.45; }
dl.facts > div { display: grid; grid-template-columns: 15em 1fr; gap: 1em; padding: .25em 0; border-bottom: 1px solid var(--line); }
dl.facts dt { color: var(--quiet); }
dl.facts dd { margin: 0; overflow-wrap: anywhere; min-width: 0; }
dl.columns { columns: 2; column-gap: 2em; }
dl.columns > div { grid-template-columns: 1fr 1fr; break-inside: avoid; }
dl.terms dt { font-weight: 650; margin-top: .6em; }
dl.terms dd, dd p { margin: 0; }
dd ul { margin: 0; padding-left: 1.3em; }
footer { margin-top: 3em; border-top: 2px solid var(--ink); padding-top: .6em; font: .8em/1.5 var(--sans); color: var(--quiet); overflow-wrap: anywhere; }
@media screen and (max-width: 40rem) { nav ol, dl.columns { columns: 1; } dl.facts > div { grid-template-columns: 1fr; gap: 0; } table { display: block; overflow-x: auto; } }
`

const PRINT = `
@media print {
  html { font-size: 9.4pt; line-height: 1.35; }
  body { max-width: none; padding: 0; }
  .banner { display: none; }
  body.partial { padding-right: 8mm; }
  .every-page { display: block; position: fixed; top: 0; right: 0; margin: 0; writing-mode: vertical-rl; font: 700 9pt Arial, "Liberation Sans", sans-serif; letter-spacing: .3em; color: #000; }
  h2 { margin-top: 1.5em; }
  h2, h3, h4, .caution, .state, .facts > div { break-inside: avoid; }
  h2 + p, h3 + p, h4 + p, h4 + p + p { break-after: avoid; }
  nav { break-before: page; }
  thead { display: table-header-group; }
  tfoot { display: table-row-group; }
  tr, img { break-inside: avoid; }
  p, li, dd { orphans: 2; widows: 2; }
  a { text-decoration: none; }
  .caution, td.preview img { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  .first { font-size: 7.9pt; line-height: 1.22; }
  .first h1 { font-size: 16pt; }
  .first h2 { margin: .9em 0 .15em; padding-top: .3em; }
  .first .caution { margin: .7em 0; padding: .45em .9em; }
  .first .caution h2 { margin: 0; padding: 0; }
  .first table { margin: .2em 0 .5em; line-height: 1.25; }
  .first th, .first td { padding-top: .2em; padding-bottom: .2em; }
  .first dl { margin: .2em 0; line-height: 1.25; }
  .first dl.facts > div { padding: .17em 0; }
  .first p, .first ul.tight { margin-top: .25em; margin-bottom: .25em; }
}
`

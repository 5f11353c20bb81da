/** The record as one page: no script, no external resource. */
import { html, type Markup } from '../report/texts/markup.ts'
import type { PrintedDocument } from './document.ts'
import type { Block } from './model/block.ts'

/** @param english the binding text, where the translation was not reviewed */
export function recordPage(document: PrintedDocument, english: PrintedDocument | null): string {
  const { language, title, number, sha256 } = document
  return `<!doctype html>\n${html`<html lang="${language}">
<head><meta charset="utf-8"><title>${title} ${number}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
body { font: 15px/1.5 "Liberation Sans", system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1.5rem; color: #16181d }
h1 { font-size: 1.6rem } h2 { font-size: 1.15rem; margin-top: 2rem; break-after: avoid } h3 { break-after: avoid }
table { border-collapse: collapse; width: 100%; table-layout: fixed; margin: .6rem 0 } th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid #b9bec7; vertical-align: top; overflow-wrap: anywhere }
tr { break-inside: avoid } small { color: #454a53 } .statement { border: 2px solid #16181d; padding: .8rem 1rem; font-size: 1.05rem } .binding { border-top: 3px double #16181d; margin-top: 3rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem } dt { color: #454a53 } dd { margin: 0; overflow-wrap: anywhere }
@page { size: A4; margin: 18mm 14mm; @bottom-left { content: "${number} ${sha256.slice(0, 32)}…"; font-size: 7pt } @bottom-right { content: "Page " counter(page) " of " counter(pages); font-size: 7pt } }
@media print { body { font-size: 9.5pt; margin: 0; max-width: none } }
</style></head>
<body>
${pageOf(document)}
${english === null ? null : html`<section class="binding" lang="en">${pageOf(english)}</section>`}
</body></html>`}\n`
}

function pageOf({ title, number, statement, unreviewed, parts }: PrintedDocument): Markup {
  return html`<h1>${title} ${number}</h1>
<p class="statement">${statement}</p>
${unreviewed.map((one) => html`<p><strong>${one}</strong></p>`)}
${parts.map(({ heading, blocks }) => html`<h2>${heading}</h2>\n${blocks.map(blockOf)}\n`)}`
}

function blockOf(block: Block): Markup {
  switch (block.kind) {
    case 'heading':
      return html`<h3>${block.text}</h3>`
    case 'text':
      return html`<p>${block.text}</p>`
    case 'list':
      return html`<ul>${block.items.map((one) => html`<li>${one}</li>`)}</ul>`
    case 'pairs':
      return html`<dl>${block.rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`
    case 'table':
      return html`<table><colgroup>${block.widths.map((width) => html`<col style="width:${width}%">`)}</colgroup><thead><tr>${block.heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${block.rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell.map(lineOf)}</td>`)}</tr>\n`)}</tbody></table>`
  }
}

function lineOf(line: string, i: number): Markup {
  return i === 0 ? html`${line}` : html`<br><small>${line}</small>`
}

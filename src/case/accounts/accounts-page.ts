/**
 * Accounts of a case as a page to read and print: a drawing of exhibits and accounts, and tables that say the same in
 * text. No script. The drawing and the tables are limited to what can be read; the other formats hold everything.
 */
import { printText } from '../../base/evidence-path.ts'
import { styleSheet } from '../../report/html/style.ts'
import { formatCount } from '../../report/texts/format.ts'
import { html, type Markup } from '../../report/texts/markup.ts'
import { say } from '../../report/texts/say.ts'
import type { AccountPlace, NameSource } from './account-names.ts'
import { type Account, type CaseAccounts, recordsOf } from './accounts.ts'
import type { WriteAccounts } from './accounts-out.ts'

const MOST_DRAWN = 24
const MOST_ROWS = 500

export const writePage: WriteAccounts = async (of, caseNumber, text) => {
  const states = [...new Set(of.exhibits.map(({ ledger }) => ledger))].join(', ')
  const head = of.exhibits.map(({ newestHead }) => newestHead).join(', ')
  const title = say('accounts-title', { case: printText(caseNumber) })
  await text.write(
    `${html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>
`}<style>${styleSheet({ running: title, state: states, head })}${ACCOUNTS_STYLE}</style></head><body>
`,
  )
  await text.write(
    String(html`<h1>${title}</h1>
<p>${say('accounts-about', { accounts: of.accounts.length, transfers: of.transfers.length })}</p>
${accountsBody(of)}</body></html>
`),
  )
}

/** The same as a section of the working report of a case. */
export function accountsSection(of: CaseAccounts): Markup {
  return html`<section id="accounts"><h2>${say('accounts-section')}</h2>
<p>${say('accounts-about', { accounts: of.accounts.length, transfers: of.transfers.length })}</p>
${accountsBody(of)}</section>
`
}

function accountsBody(of: CaseAccounts): Markup {
  return html`${of.exhibits.map(({ exhibit, basis, ledger, newestHead }) =>
    basis === null
      ? html`<p class="left-out">${say('accounts-no-basis', { exhibit: printText(exhibit) })}</p>`
      : html`<p class="note">${say('accounts-basis', { exhibit: printText(exhibit), basis: printText(basis), ledger, head: newestHead })}</p>`,
  )}
${drawing(of)}${table(of)}${namesTable(of)}${transfers(of)}`
}

export const ACCOUNTS_STYLE = `
svg.accounts { width: 100%; height: auto; } svg.accounts text { font: 12px sans-serif; fill: currentColor; }
svg.accounts line { stroke: currentColor; } td, th { overflow-wrap: anywhere; }
`

const [WIDTH, ROW, TOP, LEFT, RIGHT] = [760, 26, 20, 170, 420]

/** Exhibits on the left, accounts on the right; the number of records stands at each account's end of a line. */
function drawing({ exhibits, accounts }: CaseAccounts): Markup | null {
  const shown = accounts.slice(0, MOST_DRAWN)
  if (shown.length === 0) return null
  const height = TOP * 2 + ROW * Math.max(shown.length, exhibits.length)
  const yOf = (i: number, of: number) => TOP + (height - TOP * 2) * ((i + 0.5) / of)
  const places = new Map(exhibits.map(({ exhibit }, i) => [exhibit, yOf(i, exhibits.length)]))
  const most = Math.max(1, ...shown.flatMap(({ on }) => [...on.values()].map(recordsOn)))
  const lines = shown.flatMap((account, i) =>
    [...account.on.values()].map((on) => {
      const width = 0.6 + 4 * (recordsOn(on) / most)
      return html`<line x1="${LEFT}" y1="${places.get(on.exhibit)!}" x2="${RIGHT}" y2="${yOf(i, shown.length)}" stroke-width="${width.toFixed(1)}"></line>`
    }),
  )
  const more = accounts.length - shown.length
  return html`<h2>${say('accounts-drawing')}</h2><p>${say('accounts-drawing-about')}</p>
<svg class="accounts" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${say('accounts-drawing')}">${lines}${exhibits.map(
    ({ exhibit }) =>
      html`<text x="${LEFT - 8}" y="${places.get(exhibit)! + 4}" text-anchor="end">${short(exhibit)}</text>`,
  )}${shown.map(
    (account, i) =>
      html`<text x="${RIGHT + 8}" y="${yOf(i, shown.length) + 4}">${short(labelOf(account))} (${formatCount(recordsOf(account))})</text>`,
  )}</svg>
${more === 0 ? null : html`<p class="left-out">${say('accounts-more', { accounts: more })}</p>`}`
}

function table({ accounts }: CaseAccounts): Markup {
  const shown = accounts.slice(0, MOST_ROWS)
  const more = accounts.length - shown.length
  return html`<h2>${say('accounts-table')}</h2><table class="rows"><thead><tr><th>${say('accounts-account')}</th><th>${say('accounts-exhibit')}</th><th>${say('accounts-records')}</th><th>${say('accounts-times')}</th></tr></thead><tbody>${shown.flatMap(
    (account) =>
      [...account.on.values()].map(
        ({ exhibit, sent, received, other, first, last }, i) =>
          html`<tr><td>${i > 0 ? null : html`<bdi>${printText(account.key)}</bdi>${namesOf(account)}<br><span class="meta">${account.isNumber ? say('accounts-by-number') : [...account.programs].sort().join(', ')}: ${[...account.recordedAs].sort().map(printText).join(', ')}</span>`}</td><td>${printText(exhibit)}</td><td>${say('accounts-counts', { sent, received, other })}</td><td>${first === null ? '–' : `${first} – ${last}`}</td></tr>
`,
      ),
  )}</tbody></table>${more === 0 ? null : html`<p class="left-out">${say('accounts-more', { accounts: more })}</p>`}
`
}

/** Names that another exhibit gives an account, each with both places. */
function namesTable({ links }: CaseAccounts): Markup | null {
  if (links.length === 0) return null
  const shown = links.slice(0, MOST_ROWS)
  const more = links.length - shown.length
  return html`<h2>${say('accounts-names')}</h2><p>${say('accounts-names-about')}</p><table class="rows"><thead><tr><th>${say('accounts-account')}</th><th>${say('accounts-recorded')}</th><th>${say('accounts-named')}</th></tr></thead><tbody>${shown.map(
    ({ account, name, reason, named, recorded }) =>
      html`<tr><td><bdi>${printText(account)}</bdi></td><td>${placeSaid(recorded)}</td><td><bdi>${namedOn(name, named.exhibit)}</bdi>: ${placeSaid(named)}<br><span class="meta">${sourceSaid(named.from)}${say(reason === 'number' ? 'accounts-same-number' : 'accounts-same-identifier')}</span></td></tr>
`,
  )}</tbody></table>${more === 0 ? null : html`<p class="left-out">${say('accounts-more-names', { names: more })}</p>`}
`
}

function namedOn(name: string, exhibit: string): string {
  return say('accounts-named-on', { exhibit: printText(exhibit), name: printText(name) })
}

function sourceSaid(from: NameSource): string {
  if (from === 'contact') return ''
  return `${say(from === 'conversation' ? 'accounts-of-conversation' : 'accounts-of-address-book')} `
}

function placeSaid({ exhibit, program, path }: AccountPlace): Markup {
  return html`${printText(exhibit)}, ${program}, <bdi dir="ltr" class="path">${path}</bdi>`
}

function transfers({ transfers: all, holders, accounts }: CaseAccounts): Markup {
  const labels = new Map(accounts.map((one) => [one.key, labelOf(one)]))
  const shown = all.slice(0, MOST_ROWS)
  const more = all.length - shown.length
  return html`<h2>${say('accounts-transfers')}</h2><table class="rows"><thead><tr><th>${say('accounts-content')}</th><th>${say('accounts-said-by')}</th><th>${say('accounts-lies')}</th></tr></thead><tbody>${shown.map(
    ({ sha256, exhibit, direction, account, program, time, list }) =>
      html`<tr><td><code>${sha256}</code>${list === null ? null : html`<br><strong>${printText(list)}</strong>`}</td><td>${say(
        direction === 'sent' ? 'accounts-sent' : 'accounts-received',
        {
          exhibit: printText(exhibit),
          ...(account === null ? {} : { account: printText(labels.get(account) ?? account) }),
          program,
          ...(time === null ? {} : { time }),
        },
      )}</td><td>${(holders.get(sha256) ?? []).map(printText).join(', ') || say('accounts-lies-nowhere')}</td></tr>
`,
  )}</tbody></table>${more === 0 ? null : html`<p class="left-out">${say('accounts-more-transfers', { transfers: more })}</p>`}
`
}

function recordsOn({ sent, received, other }: { sent: number; received: number; other: number }): number {
  return sent + received + other
}

const MOST_NAMES = 10

function namesOf({ names }: Account): readonly Markup[] {
  const all = new Set(names.all.map(({ name, exhibit }) => namedOn(name, exhibit)))
  return [...all].slice(0, MOST_NAMES).map((said) => html`<br><bdi>${said}</bdi>`)
}

/** A name stands with the exhibit that gives it. */
function labelOf({ key, names }: Account): string {
  return [key, ...names.all.slice(0, 3).map(({ name, exhibit }) => `${name} (${exhibit})`)].join(' / ')
}

const MOST_LABEL = 40

function short(text: string): string {
  const printed = printText(text)
  return printed.length > MOST_LABEL ? `${printed.slice(0, MOST_LABEL)}…` : printed
}

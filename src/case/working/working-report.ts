/**
 * The working edition of a case: one HTML page without a script, for persons who work on it. Contents of all exhibits once,
 * with their places by exhibit, and the accounts that records name where a legal basis for text was given. Each list is
 * limited to what can be read; `case list` and `case accounts` write the whole.
 */
import { createHash } from 'node:crypto'
import { printText } from '../../base/evidence-path.ts'
import { styleSheet } from '../../report/html/style.ts'
import type { TextOut } from '../../report/model/text-out.ts'
import { longTable } from '../../report/pages/long-table.ts'
import { html, type Markup } from '../../report/texts/markup.ts'
import { say } from '../../report/texts/say.ts'
import type { CaseAccounts } from '../accounts/accounts.ts'
import { ACCOUNTS_STYLE, accountsSection } from '../accounts/accounts-page.ts'
import type { ListedContent } from '../listed-contents.ts'

export interface WorkingReport {
  readonly caseNumber: string
  /** Head of the log of the case. */
  readonly head: string
  readonly exhibits: readonly {
    readonly exhibit: string
    readonly record: string
    readonly isComplete: boolean
    readonly newestHead: string
  }[]
  readonly contents: readonly ListedContent[]
  readonly accounts: CaseAccounts
}

const MOST_CONTENTS = 1000
const MOST_PLACES = 5

export async function writeWorkingReport(of: WorkingReport, text: TextOut): Promise<void> {
  const title = say('case-working-title', { case: printText(of.caseNumber) })
  const state = [...new Set(of.exhibits.map(({ record }) => record))].join(', ')
  const style = `${styleSheet({ running: title, state, head: of.head })}${ACCOUNTS_STYLE}`
  const digest = createHash('sha256').update(style).digest('base64')
  await text.write(
    `${html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${digest}'"><title>${title}</title>
`}<style>${style}</style></head><body>
`,
  )
  for (const piece of body(of, title)) await text.write(piece.toString())
  await text.write('</body></html>\n')
}

function* body({ exhibits, contents, accounts, head }: WorkingReport, title: string): Iterable<Markup> {
  yield html`<h1>${title}</h1>
<p>${say('case-working-about', { exhibits: exhibits.length, contents: contents.length })}</p>
<p class="note">${head}</p>
<section id="exhibits"><h2>${say('case-working-exhibits')}</h2><dl class="facts">${exhibits.map(
    ({ exhibit, record, isComplete, newestHead }) =>
      html`<div><dt>${printText(exhibit)}</dt><dd>${say('case-working-record', { record, complete: isComplete ? 'yes' : 'no', head: newestHead })}</dd></div>`,
  )}</dl></section>
<section id="contents"><h2>${say('case-working-contents')}</h2>
`
  const shown = contents.slice(0, MOST_CONTENTS)
  yield* longTable({
    className: 'rows',
    head: html`<th scope="col" class="place">${say('case-working-content')}</th><th scope="col">${say('case-working-why')}</th><th scope="col">${say('case-working-decisions')}</th>`,
    rows: shown,
    row: contentRow,
  })
  const more = contents.length - shown.length
  yield html`${more === 0 ? null : html`<p class="left-out">${say('case-working-more', { contents: more })}</p>`}</section>
`
  yield accountsSection(accounts)
}

function contentRow({ on, sha256, mediaType, ...found }: ListedContent): Markup {
  const places = on.map(
    ({ exhibit, paths }) =>
      html`${paths.slice(0, MOST_PLACES).map((path) => html`<div>${printText(exhibit)}: <bdi dir="ltr" class="path">${path}</bdi></div>`)}${
        paths.length <= MOST_PLACES
          ? null
          : html`<p class="copy">${say('case-working-places', { places: paths.length - MOST_PLACES, exhibit: printText(exhibit) })}</p>`
      }`,
  )
  return html`<tr><th scope="row" class="place">${places}<p class="meta">${printText(mediaType)}</p><p class="meta">SHA-256 <code>${sha256}</code></p></th><td>${why(found)}</td><td>${
    found.decisions.length === 0
      ? '–'
      : found.decisions.map(
          ({ scale, category, operator }) =>
            html`<div>${printText(operator)}: ${printText(scale)} ${printText(category ?? '')}</div>`,
        )
  }</td></tr>
`
}

type Found = Pick<ListedContent, 'lists' | 'priority' | 'leads' | 'near' | 'conflicts'>

function why({ lists, priority, leads, near, conflicts }: Found): Markup {
  const sentences = [
    ...(priority === null ? [] : [say('case-working-priority', { priority })]),
    ...lists.map(({ list, meaning, category }) =>
      say('case-working-list', {
        list: printText(list),
        meaning,
        ...(category === null ? {} : { category: printText(category) }),
      }),
    ),
    ...(leads + near + conflicts === 0 ? [] : [say('case-working-counts', { leads, near, conflicts })]),
  ]
  return html`${sentences.map((sentence) => html`<div>${sentence}</div>`)}`
}

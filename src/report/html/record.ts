/** The record: mount of the exhibit, plan, tool, custody events, digests and how to check them. */
import type { PlanOptions } from '../../contracts/case.ts'
import type {
  CustodyRecord,
  EntryViews,
  ExaminationFacts,
  LedgerIdentity,
  LedgerReader,
} from '../../contracts/ledger-reader.ts'
import type { EntryView } from '../../contracts/view.ts'
import { decisionsOf, outcomeOf, standing } from '../../ledger/custody/decisions.ts'
import { countSights } from '../../ledger/custody/sight.ts'
import { displayUtc } from '../model/display-time.ts'
import { sightWords } from '../model/sight-words.ts'
import { custodyDetail } from '../texts/custody-detail.ts'
import { formatCount } from '../texts/format.ts'
import { ENGLISH } from '../texts/index.ts'
import { type Content, html, type Markup } from '../texts/markup.ts'
import { say, sayMarked } from '../texts/say.ts'
import { scopeText } from './words.ts'

export function* record(ledger: LedgerReader): Iterable<Markup> {
  yield digests(ledger)
  yield* custody(ledger)
  yield plan(ledger)
  yield tool(ledger)
}

function digests(ledger: LedgerIdentity & ExaminationFacts & CustodyRecord): Markup {
  const { seal } = ledger
  const rows: [string, Content, string][] = [
    [
      'Evidence digest',
      seal ? html`<code>${seal.evidenceDigest}</code>` : say('none-the-ledger-is'),
      say('names-sizes-digests-hits'),
    ],
    [
      'Analysis digest',
      seal ? html`<code>${seal.analysisDigest}</code>` : say('none-the-ledger-is'),
      say('scores-and-near-matches'),
    ],
    [say('chain-head-of-the'), html`<code>${ledger.chainHead}</code>`, say('the-last-link-any')],
    ['Newest head', html`<code>${ledger.newestHead()}</code>`, say('of-the-custody-log')],
    ['Plan digest', html`<code>${ledger.planDigest}</code>`, say('everything-that-decides-results')],
  ]
  return html`<section aria-labelledby="digests"><h2 id="digests">${say('digests-and-how-to')}</h2>
<table class="digests"><thead><tr><th scope="col">What</th><th scope="col">Digest (SHA-256)</th><th scope="col">What it covers</th></tr></thead><tbody>${rows.map(([name, value, covers]) => html`<tr><th scope="row">${name}</th><td>${value}</td><td>${covers}</td></tr>`)}</tbody></table>
<p>${sayMarked(
    'check-the-ledger',
    {
      verify: html`<code>seized verify ${ledger.path}</code>`,
      head: html`<code>--head</code>`,
      against: html`<code>--against</code>`,
    },
    { what: ledger.exhibit.image ? say('the-image') : say('the-folder-it-is') },
  )}</p></section>
`
}

function* custody(ledger: LedgerReader): Iterable<Markup> {
  const zone = ledger.case.timezone
  const custodyEvents = ledger.custody()
  const detailOf = custodyDetail()
  yield html`<section aria-labelledby="custody"><h2 id="custody">7 Custody log</h2>
<h3>7.1 The examination</h3>
<table class="log"><thead><tr><th scope="col" class="when">When</th><th scope="col" class="event">Event</th><th scope="col" class="who">Account</th><th scope="col">Detail</th></tr></thead><tbody>
${ledger.events().map(
  (
    event,
  ) => html`<tr><td>${displayUtc(event.utc, zone)}</td><td>${event.event}</td><td>${event.account}</td><td>${detail(event.detail)}</td></tr>
`,
)}</tbody></table>
<h3>${say('since-the-ledger-was')}</h3>
`
  if (custodyEvents.length === 0)
    return yield html`<p class="none">${say('nothing-is-recorded-since')}</p></section>
`
  yield html`<table class="log"><thead><tr><th scope="col" class="when">When</th><th scope="col" class="event">Event</th><th scope="col" class="who">Who (account)</th><th scope="col">Detail</th></tr></thead><tbody>
`
  for (const event of custodyEvents)
    yield html`<tr><td>${displayUtc(event.utc, zone)}</td><td>${event.event}</td><td>${event.operator ?? 'not stated'} (${event.account})</td><td>${detail(detailOf(event))}<p class="meta">head <code>${event.head}</code></p></td></tr>
`
  yield html`</tbody></table>
`
  yield* decisions(ledger)
  yield html`</section>
`
}

/** Decisions of persons on contents: those that stand, and how many decisions of the same person they superseded. */
function* decisions(ledger: ExaminationFacts & CustodyRecord & EntryViews): Iterable<Markup> {
  const made = decisionsOf(ledger.custody())
  if (made.size === 0) return
  yield html`<h3>7.3 Decisions of persons</h3>
<p>${say('a-decision-is-a')}</p>
<table class="log"><thead><tr><th scope="col">Content (SHA-256)</th><th scope="col">Scale</th><th scope="col">Category</th><th scope="col" class="who">Who (account)</th><th scope="col" class="when">When</th><th scope="col">${say('decision-seen')}</th><th scope="col">Note</th></tr></thead><tbody>
`
  const hits = hitsOf(ledger, made)
  const sights = countSights(
    [...made].map(([sha256, all]) => [standing(all), hits.get(sha256) ?? []] as const),
  )
  for (const [sha256, all] of made)
    for (const one of standing(all)) {
      const { scale, category, act, operator, account, utc, note } = one
      const before = all.filter((one) => one.scale === scale && one.operator === operator).length - 1
      const superseded = before === 0 ? '' : ` (supersedes ${before})`
      const settled = act === 'adjudicated' ? ' (adjudicated)' : ''
      const outcome = outcomeOf(all, scale)
      const told =
        outcome.kind === 'single' || outcome.kind === 'none'
          ? null
          : ENGLISH.word('decisions-come-to', outcome.kind)
      yield html`<tr><td><code>${sha256}</code></td><td>${scale}</td><td>${category}${settled}${superseded}${told === null ? null : html`<div><strong>${told}</strong></div>`}</td><td>${operator} (${account})</td><td>${displayUtc(utc, ledger.case.timezone)}</td><td>${sightWords(one, hits.get(sha256) ?? [])}</td><td>${note || '–'}</td></tr>
`
    }
  yield html`</tbody></table>
<p>${ENGLISH.sentence('report', 'without-sight', { ...sights })}</p>
`
}

/** Hits of the contents that a person decided on. */
function hitsOf(
  ledger: EntryViews,
  made: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, EntryView['hits']> {
  const hits = new Map<string, EntryView['hits']>()
  for (const view of ledger.findings()) {
    const sha256 = view.content?.digests.sha256
    if (sha256 !== undefined && made.has(sha256)) hits.set(sha256, view.hits)
  }
  return hits
}

function plan({ plan: of }: ExaminationFacts): Markup {
  const rows: [string, string][] = [
    ['Phases', of.phases.join(', ')],
    ['Scope', scopeText(of.scope)],
    ...Object.entries(of.limits).map(([name, value]): [string, string] => [
      `Limit: ${name}`,
      formatCount(value),
    ]),
    ...Object.entries(of.options).map(([name, value]): [string, string] => [
      `Option: ${name}`,
      optionText(name, value),
    ]),
  ]
  return html`<section aria-labelledby="plan"><h2 id="plan">8 Plan</h2>
${shortAndLong(rows)}</section>
`
}

function optionText(name: string, value: unknown): string {
  if (value === null) return 'not given'
  if (name === 'trustList') {
    const { sha256, certificates } = value as NonNullable<PlanOptions['trustList']>
    const count = certificates.length
    return `${count} ${count === 1 ? 'certificate' : 'certificates'}, SHA-256 ${sha256}`
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function tool(ledger: ExaminationFacts): Markup {
  const rows = Object.entries(ledger.tool).map(([name, value]) => [name, value || 'not recorded'] as const)
  return html`<section aria-labelledby="tool"><h2 id="tool">9 Program and machine</h2>
${shortAndLong(rows)}</section>
`
}

// Roughly the length that half a line can hold.
const SHORT_CHARACTERS = 40

/** Short values in two columns, long ones below at full width. */
function shortAndLong(rows: readonly (readonly [string, string])[]): Markup {
  const isShort = (row: readonly [string, string]) => row[1].length <= SHORT_CHARACTERS
  const terms = (some: typeof rows) =>
    some.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)
  const long = rows.filter((row) => !isShort(row))
  return html`<dl class="facts columns">${terms(rows.filter(isShort))}</dl>${long.length === 0 ? null : html`<dl class="facts">${terms(long)}</dl>`}`
}

function detail(of: Readonly<Record<string, string>>): Content {
  const pairs = Object.entries(of).filter(([, value]) => value !== '')
  return pairs.length === 0
    ? '–'
    : pairs.map(([name, value]) => html`<div>${name}: <span class="path">${value}</span></div>`)
}

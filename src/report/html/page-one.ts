/** Page one: what was examined and what was not, what the words mean, what was found in numbers, and who did it. */
import type { Plan } from '../../contracts/case.ts'
import { CLOCK_AGAINST, CLOCK_COMPARED } from '../../contracts/clock.ts'
import { PRIORITIES } from '../../contracts/finding.ts'
import type { LedgerReader } from '../../contracts/ledger.ts'
import { AGENCY_PATHS } from '../../terms/agency-scores.ts'
import { clockText } from '../clock-text.ts'
import { formatCount, plural } from '../format.ts'
import { ENGLISH } from '../texts/index.ts'
import { ledgerState } from '../values.ts'
import { displayUtc } from './display-time.ts'
import type { Entries } from './entries.ts'
import { isWithholding, whatWasExamined } from './examined.ts'
import type { Count, Findings } from './gather.ts'
import { type Content, html, type Markup } from './markup.ts'
import { acquisitionText, examinedAs, imageHashes } from './medium.ts'
import { MEANING_WORDS, scopeText } from './words.ts'

export function* pageOne(ledger: LedgerReader, findings: Findings, entries: Entries): Iterable<Markup> {
  const { caseId, exhibitId, timezone } = ledger.case
  yield html`<header>
<p class="kicker">Triage report · made by seized ${ledger.tool.seized ?? ''}</p>
<h1>Case ${caseId}, exhibit ${exhibitId}</h1>
${state(ledger, timezone)}
</header>
<section class="caution" aria-labelledby="caution"><h2 id="caution">Read this first</h2>
<ul>
<li><strong>No model shipped with seized detects child abuse or was validated on it.</strong> The absence of leads is not evidence of absence.</li>
<li>A <strong>hit</strong> is a fact about digests: the content equals a record of a list. It does not prove the list right. A <strong>near match</strong> looks alike and needs a person. A <strong>lead</strong> is the opinion of a model. Neither is ever counted as a hit.</li>
<li>The program assigns no category and reaches no verdict. A person does.</li>
</ul></section>
`
  yield* whatWasFound(ledger, findings, entries)
  yield* whatWasExamined(ledger, entries)
  yield facts(ledger)
}

/** The state of the ledger, in the words that stand on every page. */
export function stateWord(ledger: LedgerReader): string {
  return ledgerState(ledger).toUpperCase()
}

function state(ledger: LedgerReader, zone: string): Markup {
  if (ledger.damage.length > 0)
    return html`<div class="state partial" role="note"><strong>DAMAGED</strong> The ledger does not verify: it is not, or not shown to be, what was recorded. This report was made in spite of that, because a person asked for it.<ul>${ledger.damage.slice(0, 10).map((problem) => html`<li>${problem}</li>`)}</ul>${ledger.damage.length > 10 ? html`<p>And ${plural(ledger.damage.length - 10, 'problem')} more: <code>seized verify</code> lists them.</p>` : null}</div>`
  if (ledger.seal)
    return html`<p class="state"><strong>SEALED</strong> on ${displayUtc(ledger.seal.utc, zone)}, and verified before this report. <code>seized verify</code> finds any later change of a row or byte; a ledger and custody log rewritten or cut back together, only by a head kept elsewhere, as on paper (the last line of this page).</p>`
  return html`<p class="state partial" role="note"><strong>PARTIAL</strong> The examination was not finished and the ledger is not sealed. Every count below is of what was done so far; nothing here says what the rest holds.</p>`
}

function* whatWasFound(ledger: LedgerReader, findings: Findings, entries: Entries): Iterable<Markup> {
  const summary = ledger.summary()
  const { byMeaning, weakByMeaning } = findings
  yield html`<section aria-labelledby="counts"><h2 id="counts">What was found, in numbers</h2>
<table class="numbers"><thead><tr><th scope="col">Meaning</th><th scope="col" class="n">Places<small>names on the exhibit, in copies of containers too</small></th><th scope="col" class="n">Contents<small>distinct files</small></th><th scope="col" class="n">List records<small>that agree</small></th></tr></thead><tbody>
${countRow(html`<a href="#hits">Hits</a> on ${MEANING_WORDS.illegal}`, byMeaning.illegal, 'strong')}
${weakRow(weakByMeaning.illegal)}
${countRow(html`<a href="#hits">Hits</a> on ${MEANING_WORDS.interest}`, byMeaning.interest)}
${weakRow(weakByMeaning.interest)}
${countRow(html`<a href="#conflicts">Digest conflicts</a>: one digest of a record agrees, another does not`, findings.conflicts.count)}
${countRow(html`<a href="#near">Near matches</a>: a person must compare`, findings.near.count)}
${countRow(html`<a href="#review">Leads</a> of models, for a person to check`, findings.leads.count, '', false)}
${countRow(html`<a href="#review">Text signs</a>, for a person to check`, findings.signals.count, '', false)}
${PRIORITIES.map((priority) => countRow(`leads and text signs of review priority ${priority}`, findings.review.get(priority)!.count, 'sub', false, true))}
${countRow(`Hits on ${MEANING_WORDS.known}: not a finding`, entries.known)}
</tbody><tfoot><tr><th scope="row">All</th><td class="n">${formatCount(ledger.placeCount())}</td><td class="n">${formatCount(summary.contents)}</td><td class="n">–</td></tr></tfoot></table>${disagreement(ledger, findings, entries)}</section>
`
}

/**
 * The ledger's own summary was counted when it was written, these numbers were counted now: they must agree, but for
 * what is withheld as privileged, which the summary counts and the report may not.
 */
function disagreement(ledger: LedgerReader, findings: Findings, { shown }: Entries): Markup | null {
  const summary = ledger.summary()
  const withheld = isWithholding(ledger) && shown < summary.entries
  const pairs = [
    ['entries', summary.entries, shown],
    ['contents with digest conflicts', summary.conflicts, findings.conflicts.count.contents],
    ['contents with near matches', summary.near, findings.near.count.contents],
    ['contents with leads', summary.leads, findings.leads.count.contents],
  ] as const
  const wrong = pairs.filter(([, told, counted]) => (withheld ? counted > told : counted !== told))
  if (wrong.length === 0) return null
  return html`<p class="left-out"><strong>The ledger does not agree with itself</strong>: ${wrong.map(([name, told, counted]) => `its summary tells of ${formatCount(told)} ${name}, ${formatCount(counted)} were counted`).join('; ')}. Run seized verify.</p>`
}

/** @param optional left out where it counts nothing */
function countRow(
  label: Content,
  count: Count,
  className: '' | 'strong' | 'sub' = '',
  records = true,
  optional = false,
): Markup | null {
  if (optional && count.entries === 0) return null
  return html`<tr class="${className}"><th scope="row">${label}</th><td class="n">${formatCount(count.entries)}</td><td class="n">${formatCount(count.contents)}</td><td class="n">${records ? formatCount(count.records) : '–'}</td></tr>`
}

function weakRow(count: Count): Markup | null {
  return countRow('of these by MD5 or SHA-1 alone: weak, to be confirmed', count, 'sub', true, true)
}

function facts(ledger: LedgerReader): Markup {
  const { case: about, exhibit } = ledger
  const events = ledger.events()
  const accounts = [...new Set(events.map((event) => event.account))]
  const first = events[0]?.utc
  const last = events.at(-1)?.utc
  const zone = about.timezone
  const rows: [string, Content][] = [
    ['Examiner, as declared', about.examiner],
    ['Operating-system account', accounts.length === 0 ? 'not recorded' : accounts.join(', ')],
    ['Clock of the examining machine', clock(ledger)],
    [
      'Examination',
      first && last ? `${displayUtc(first, zone)} to ${displayUtc(last, zone)}` : 'not recorded',
    ],
    ['Image', image(about, exhibit.image != null)],
    [
      'Acquisition hash',
      html`${about.acquisitionHash === null ? null : html`<code>${about.acquisitionHash}</code> · `}<strong>${acquisitionText(ledger)}</strong>`,
    ],
    exhibit.image
      ? ['Examined as', examinedAs(exhibit)]
      : [
          'Mounted as',
          `${exhibit.fileSystem}${exhibit.viaLoop ? ' over a loop device' : ''}${exhibit.viaFuse ? ' by a FUSE program, whose mount flags prove little' : ''}, options ${exhibit.mountOptions}${exhibit.uuid === null ? '' : `, UUID ${exhibit.uuid}`}`,
        ],
    ...(ledger.imageHashes().length === 0
      ? []
      : [['Hashes of the image', imageHashes(ledger)] satisfies [string, Content]]),
    ['Asked for', `${ledger.plan.phases.join(', ')}; scope: ${scopeText(ledger.plan.scope)}`],
    [
      'Text',
      ledger.plan.options.textBasis === null
        ? 'not read: no legal basis for reading text was stated'
        : `read, on the stated basis: ${ledger.plan.options.textBasis}; kept for searching in a file beside the ledger (.text.sqlite) and nowhere else: deleting that file deletes the text`,
    ],
    ...termsRow(ledger.plan),
    ['Newest head of the record', html`<code>${ledger.newestHead()}</code>`],
  ]
  return html`<section aria-labelledby="facts"><h2 id="facts">Who, when, and on what</h2>
<dl class="facts">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<p class="note">Times are shown in the zone ${zone}, as chosen for display; the ledger holds UTC.</p></section>
`
}

/** Which terms and path model, by the digest of their sealed files: what was found is shown by id and score only. */
function termsRow({ options, models }: Plan): [string, Markup][] {
  const { termsSha256, termsAsOf } = options
  const pathModel = models.find(({ id }) => id === AGENCY_PATHS)
  return [
    ...(termsSha256 === undefined
      ? []
      : [
          [
            'Terms',
            html`the agency's own, in the name of every entry and of the folders above it, whatever its content, and in the text that was read; shown by id; those that had expired on ${termsAsOf ?? ''} were left out; sealed store <code>${termsSha256}</code>`,
          ] satisfies [string, Markup],
        ]),
    ...(pathModel === undefined
      ? []
      : [
          [
            'Path model',
            html`the agency's own, trained on its labelled paths: gives the path of every entry a score; sealed model <code>${pathModel.sha256}</code>`,
          ] satisfies [string, Markup],
        ]),
  ]
}

function clock(ledger: LedgerReader): Content {
  const behind = ledger.clock().map((one) => html` <strong>${clockText(one)}</strong>`)
  return html`${clockStated(ledger.tool)}; ${clockCompared(ledger)}${behind}`
}

/** Ledgers of earlier versions do not say that it was compared, and it was not. */
function clockCompared(ledger: LedgerReader): string {
  const said = ledger
    .events()
    .flatMap(({ event, detail }) => (event === CLOCK_COMPARED ? detail.against : []))
  const against = CLOCK_AGAINST.filter((one) => said.some((text) => text?.split(' ').includes(one)))
  if (against.length === 0) return ENGLISH.sentence('exhibit', 'clock-not-compared')
  return ENGLISH.sentence('exhibit', 'clock-compared', {
    with: against.map((one) => ENGLISH.word('clock-against', one)).join(', '),
    behind: ledger.clock().length > 0 ? 'yes' : 'no',
  })
}

function clockStated(tool: LedgerReader['tool']): string {
  const minutes = Number(tool.clockOffsetMinutes)
  const zone = tool.clockZone ?? 'zone not recorded'
  if (tool.clockOffsetMinutes === undefined || !Number.isInteger(minutes)) return zone
  const [hour, minute] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  const two = (value: number) => String(value).padStart(2, '0')
  return `${zone}, offset ${minutes < 0 ? '−' : '+'}${two(hour)}:${two(minute)} to UTC, as the machine states it`
}

const SHOWN_WORDS = {
  mounted: 'shown to be the mounted image, by loop device or FUSE source',
  another: html`<strong>not shown to be the mounted image: the mount comes from another file</strong>`,
  'not-shown': html`<strong>not shown to be the mounted image</strong>`,
} as const

/** @param direct the image itself was examined, without a mount */
function image(about: LedgerReader['case'], direct: boolean): Content {
  if (about.image === null) return 'none was named: what was mounted is known only by the mount'
  const format = about.imageFormat === null ? 'format not determined' : `format ${about.imageFormat}`
  if (direct) return `${about.image}, ${format}`
  const offset =
    about.partitionOffset === null
      ? 'partition offset not stated'
      : `partition at byte ${about.partitionOffset}`
  return html`${about.image}, ${format}, ${offset} · ${SHOWN_WORDS[about.imageShown ?? 'not-shown']}`
}

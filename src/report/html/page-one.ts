/** Page one: examined and not examined parts, the meaning of the words, findings in numbers, and the persons. */
import type { Plan } from '../../contracts/case.ts'
import { CLOCK_AGAINST, CLOCK_COMPARED } from '../../contracts/clock.ts'
import { recordedImageState } from '../../contracts/image-state.ts'
import type { LedgerIdentity, LedgerReader } from '../../contracts/ledger-reader.ts'
import { isStageAsked } from '../../contracts/stage.ts'
import { AGENCY_PATHS } from '../../terms/agency-scores.ts'
import { displayUtc } from '../model/display-time.ts'
import { imageStateText, incompleteTexts } from '../model/image-words.ts'
import { ledgerState } from '../model/values.ts'
import { examinedAs, imageHashes } from '../pages/medium.ts'
import { clockText } from '../texts/clock-text.ts'
import { ENGLISH } from '../texts/index.ts'
import { installationTexts } from '../texts/installation-text.ts'
import { type Content, html, type Markup } from '../texts/markup.ts'
import { readAgainSaid } from '../texts/read-again-text.ts'
import { say, sayMarked } from '../texts/say.ts'
import { sharedLooksSaid } from '../texts/shared-looks-text.ts'
import { type Beside, besideRows } from './companions.ts'
import type { Entries } from './entries.ts'
import { whatWasExamined } from './examined.ts'
import { whatWasFound } from './found-in-numbers.ts'
import type { Findings } from './gather.ts'
import { scopeText } from './words.ts'

const VERIFY = html`<code>seized verify</code>`

export function* pageOne(
  ledger: LedgerReader,
  findings: Findings,
  entries: Entries,
  beside: Beside,
): Iterable<Markup> {
  const { caseId, exhibitId, timezone } = ledger.case
  yield html`<header>
<p class="kicker">${say('triage-made-by', { version: ledger.tool.seized ?? '' })}</p>
<h1>Case ${caseId}, exhibit ${exhibitId}</h1>
${state(ledger, timezone, beside.asSealed === true)}${installationTexts(ledger).map((text) => html`<p class="state partial" role="note"><strong>${text}</strong></p>`)}${incompleteTexts(ledger).map((text) => html`<p class="state partial" role="note"><strong>${text}</strong></p>`)}
</header>
<section class="caution" aria-labelledby="caution"><h2 id="caution">Read this first</h2>
<ul>
<li>${sayMarked('absence-of-leads', { models: strong('no-model-detects') })}</li>
<li>${sayMarked('what-words-mean', { hit: strong('word-hit'), near: strong('word-near-match'), lead: strong('word-lead') })}</li>
<li>${say('no-verdict')}</li>
</ul></section>
`
  yield* whatWasFound(ledger, findings, entries)
  yield* whatWasExamined(ledger, entries)
  yield facts(ledger, beside)
}

/** The state of the ledger, in the words that are printed on every page. */
export function stateWord(ledger: LedgerIdentity): string {
  return ledgerState(ledger).toUpperCase()
}

function state(ledger: LedgerReader, zone: string, asSealed: boolean): Markup {
  if (ledger.damage.length > 0)
    return html`<div class="state partial" role="note">${sayMarked('state-damaged', { state: strong('word-damaged') })}<ul>${ledger.damage.slice(0, 10).map((problem) => html`<li>${problem}</li>`)}</ul>${ledger.damage.length > 10 ? html`<p>${sayMarked('more-problems', { command: VERIFY }, { problems: ledger.damage.length - 10 })}</p>` : null}</div>`
  if (ledger.seal)
    return html`<p class="state">${sayMarked(asSealed ? 'state-as-sealed' : 'state-sealed', { state: strong('word-sealed'), command: VERIFY }, { when: displayUtc(ledger.seal.utc, zone) })}</p>`
  return html`<p class="state partial" role="note">${sayMarked('state-partial', { state: strong('word-partial') })}</p>`
}

function facts(ledger: LedgerReader, beside: Beside): Markup {
  const { case: about, exhibit } = ledger
  const events = ledger.events()
  const accounts = [...new Set(events.map((event) => event.account))]
  const first = events[0]?.utc
  const last = events.at(-1)?.utc
  const zone = about.timezone
  const rows: [string, Content][] = [
    ['Examiner, as declared', about.examiner],
    ['Operating-system account', accounts.length === 0 ? 'not recorded' : accounts.join(', ')],
    [say('clock-of-machine'), clock(ledger)],
    [
      'Examination',
      first && last ? `${displayUtc(first, zone)} to ${displayUtc(last, zone)}` : 'not recorded',
    ],
    ...besideRows(ledger, beside),
    ['Image', image(about, exhibit.image != null)],
    ...acquisitionRow(ledger),
    exhibit.image
      ? ['Examined as', examinedAs(exhibit)]
      : [
          'Mounted as',
          say('mounted-as', {
            fileSystem: exhibit.fileSystem,
            loop: String(exhibit.viaLoop),
            fuse: String(exhibit.viaFuse),
            options: exhibit.mountOptions,
            uuid: exhibit.uuid ?? 'absent',
          }),
        ],
    ...(ledger.imageHashes().length === 0
      ? []
      : [[say('hashes-of-image'), imageHashes(ledger)] satisfies [string, Content]]),
    ...readAgainSaid(ledger).map((said) => ['Read again', said] satisfies [string, Content]),
    ...sharedLooksSaid(ledger).map((said) => ['Other hosts', said] satisfies [string, Content]),
    ['Asked for', `${ledger.plan.phases.join(', ')}; scope: ${scopeText(ledger.plan.scope)}`],
    [
      'Text',
      ledger.plan.options.textBasis === null
        ? say('text-not-read')
        : say(isStageAsked('text-read', ledger.plan) ? 'text-read-on-basis' : 'text-of-records-on-basis', {
            basis: ledger.plan.options.textBasis,
          }),
    ],
    ...termsRow(ledger.plan),
    [say('newest-head'), html`<code>${ledger.newestHead()}</code>`],
  ]
  return html`<section aria-labelledby="facts"><h2 id="facts">${say('who-when')}</h2>
<dl class="facts">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<p class="note">${say('zone-of-display', { zone })}</p></section>
`
}

/** An alarming state is already printed at the top of the page. */
function acquisitionRow(ledger: LedgerReader): [string, Content][] {
  const text = imageStateText(recordedImageState(ledger))
  if (incompleteTexts(ledger).includes(text)) return []
  return [['Acquisition hash', html`<strong>${text}</strong>`]]
}

/** Digests of the sealed terms and path model: findings by them are shown by id and score only. */
function termsRow({ options, models }: Plan): [string, Markup][] {
  const { termsSha256, termsAsOf } = options
  const pathModel = models.find(({ id }) => id === AGENCY_PATHS)
  return [
    ...(termsSha256 === undefined
      ? []
      : [
          [
            'Terms',
            sayMarked(
              'terms-used',
              { store: html`<code>${termsSha256}</code>` },
              { expired: termsAsOf ?? '' },
            ),
          ] satisfies [string, Markup],
        ]),
    ...(pathModel === undefined
      ? []
      : [
          [
            'Path model',
            sayMarked('path-model-used', { model: html`<code>${pathModel.sha256}</code>` }),
          ] satisfies [string, Markup],
        ]),
  ]
}

function clock(ledger: LedgerReader): Content {
  const behind = ledger.clock().map((one) => html` <strong>${clockText(one)}</strong>`)
  return html`${clockStated(ledger.tool)}; ${clockCompared(ledger)}${behind}`
}

/** Ledgers of earlier versions do not record a comparison, because there was none. */
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
  return say('clock-offset', { zone, offset: `${minutes < 0 ? '−' : '+'}${two(hour)}:${two(minute)}` })
}

const SHOWN_WORDS = {
  mounted: say('image-shown'),
  another: strong('image-another'),
  'not-shown': strong('image-not-shown'),
} as const

/** @param direct true: the image itself was examined, without a mount */
function image(about: LedgerReader['case'], direct: boolean): Content {
  if (about.image === null) return say('no-image-named')
  const format = about.imageFormat === null ? 'format not determined' : `format ${about.imageFormat}`
  if (direct) return `${about.image}, ${format}`
  const offset =
    about.partitionOffset === null
      ? say('no-partition-offset')
      : say('partition-at', { offset: String(about.partitionOffset) })
  return html`${about.image}, ${format}, ${offset} · ${SHOWN_WORDS[about.imageShown ?? 'not-shown']}`
}

function strong(code: string): Markup {
  return html`<strong>${say(code)}</strong>`
}

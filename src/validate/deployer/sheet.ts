/**
 * The deployer's sheet as data: the facts that Regulation (EU) 2024/1689 (AI Act), Art. 9 to 15, 26 and 27, asks a
 * deployer for, as far as plan, model cards, logs and a validation record hold them. It contains no markup, and an open
 * line for each statement that only the deployer can make.
 */
import { printText } from '../../base/evidence-path.ts'
import type {
  CustodyRecord,
  ExaminationFacts,
  LedgerIdentity,
  RunHistory,
} from '../../contracts/ledger-reader.ts'
import { decisionsOf } from '../../ledger/custody/decisions.ts'
import { CourtTexts } from '../../report/court/texts.ts'
import { ledgerState } from '../../report/model/values.ts'
import { measuredTiers } from '../../report/pages/measured-error.ts'
import { CustomOf } from '../../report/texts/custom.ts'
import type { PrintedDocument } from '../document.ts'
import type { Block } from '../model/block.ts'
import { type DeployerKey, ValidationTexts } from '../model/texts.ts'
import type { ReadRecord } from '../read-record.ts'
import { numberOf } from '../record.ts'
import { standingOf } from '../standing.ts'
import type { MeasuredGroup, QuotedCard } from './cards.ts'

/** What of a ledger the sheet quotes. */
export type QuotedLedger = ExaminationFacts & LedgerIdentity & CustodyRecord & RunHistory

export function deployerSheet(
  ledger: QuotedLedger,
  cards: readonly QuotedCard[],
  validation: ReadRecord | null,
  language: string,
): PrintedDocument {
  const texts = new ValidationTexts(language)
  const say = (key: DeployerKey, params = {}) => texts.deployer(key, params)
  const open = (...keys: readonly DeployerKey[]): Block[] =>
    keys.map((key) => ({ kind: 'pairs', rows: [[say(key), LINE]] }))
  const parts: readonly (readonly Block[])[] = [
    system(ledger, texts),
    [text(say('order')), ...eachCard(cards, texts, ({ knownFailures }) => knownFailures, 'known-failures')],
    [dataTable(cards, texts)],
    logs(ledger, texts),
    [text(say('not-rate')), ...errors(cards, texts)],
    eachCard(cards, texts, ({ neverMeasured }) => neverMeasured),
    oversight(ledger, texts),
    [trials(ledger, texts)],
    validated(ledger, validation, texts),
    open('d-persons', 'd-input', 'd-monitor', 'd-logs', 'd-workers', 'd-register', 'd-dpia', 'd-informed'),
    open('f-a', 'f-b', 'f-c', 'f-d', 'f-e', 'f-f'),
  ]
  return {
    language: texts.of.language,
    title: say('title'),
    number: printText(`${ledger.case.caseId} ${ledger.case.exhibitId}`),
    sha256: ledger.planDigest,
    statement: say('statement'),
    unreviewed: texts.isReviewed ? [] : [say('unreviewed'), new ValidationTexts('en').deployer('unreviewed')],
    parts: parts.map((blocks, i) => ({
      heading: `${i + 1} ${say(`h-${i + 1}` as 'h-1')}`,
      blocks: cards.length === 0 && OF_MODELS.has(i) ? [text(say('no-models'))] : blocks,
    })),
  }
}

/** Parts that speak of models alone. */
const OF_MODELS: ReadonlySet<number> = new Set([1, 2, 4, 5])

const LINE = '_'.repeat(60)

const text = (words: string): Block => ({ kind: 'text', text: words })

function system({ case: about, plan, planDigest, tool }: ExaminationFacts, texts: ValidationTexts): Block[] {
  return [
    text(texts.deployer('purpose')),
    text(texts.deployer('not-purpose')),
    text(texts.deployer('law')),
    {
      kind: 'pairs',
      rows: [
        [texts.say('version'), `seized ${tool.seized ?? ''}`],
        [texts.say('parts'), tool.partsSha256 ?? texts.say('not-stated')],
        [texts.deployer('exhibit'), printText(`${about.caseId} ${about.exhibitId}`)],
        [texts.deployer('plan'), planDigest],
        [texts.deployer('phases'), plan.phases.join(', ')],
        [texts.deployer('basis'), printText(plan.options.textBasis ?? texts.say('not-stated'))],
        [texts.say('models'), plan.models.map(({ id }) => id).join(', ') || texts.say('none')],
      ],
    },
  ]
}

/** A heading for each model, with quotations of its card. */
function eachCard(
  cards: readonly QuotedCard[],
  texts: ValidationTexts,
  of: (card: QuotedCard) => readonly string[],
  title?: DeployerKey,
): Block[] {
  return [
    ...(title === undefined ? [] : [text(`${texts.deployer(title)}:`)]),
    ...cards.flatMap((card): Block[] => [
      { kind: 'heading', text: card.use.id },
      of(card).length === 0 ? text(missing(card, texts)) : { kind: 'list', items: of(card) },
    ]),
  ]
}

function missing(card: QuotedCard, texts: ValidationTexts): string {
  if (card.text !== null) return texts.deployer('none-in-card')
  return texts.deployer(card.isCombination ? 'combination' : 'no-card')
}

function dataTable(cards: readonly QuotedCard[], texts: ValidationTexts): Block {
  const orMissing = (card: QuotedCard, quoted: readonly string[]) =>
    quoted.length === 0 ? [missing(card, texts)] : quoted
  return {
    kind: 'table',
    heads: (['c-model', 'c-data', 'c-licence'] as const).map((key) => texts.deployer(key)),
    widths: [24, 48, 28],
    rows: cards.map((card) => [
      [card.use.id, card.use.sha256],
      orMissing(card, card.trainingData),
      orMissing(card, card.licence),
    ]),
  }
}

function logs(ledger: LedgerIdentity & CustodyRecord, texts: ValidationTexts): Block[] {
  return [
    text(texts.deployer('logs-chain', { events: ledger.custody().length, head: ledger.newestHead() })),
    ...(ledgerState(ledger) === 'sealed' ? [] : [text(texts.deployer('logs-open'))]),
    text(texts.deployer('logs-kept')),
  ]
}

function errors(cards: readonly QuotedCard[], texts: ValidationTexts): Block[] {
  const custom = new CustomOf(texts.of.language)
  return cards.flatMap((card): Block[] => [
    { kind: 'heading', text: card.use.id },
    {
      kind: 'pairs',
      rows: [
        [
          texts.deployer('thresholds'),
          Object.entries(card.use.thresholds)
            .map(([label, threshold]) => `${label} ${custom.score(threshold)}`)
            .join(', ') || texts.say('none'),
        ],
      ],
    },
    ...measuredBlocks(card, texts),
    ...(card.groups.length === 0 ? [] : [groupTable(card.groups, texts)]),
  ])
}

/** Quotations of the card; of a combination the measured errors that reports print beside its leads. */
function measuredBlocks(card: QuotedCard, texts: ValidationTexts): Block[] {
  if (card.measured.length > 0) return [{ kind: 'list', items: card.measured }]
  const court = new CourtTexts(texts.of.language)
  const items = measuredTiers(card.use.id).map(({ words, fromPer10k }) =>
    court.say(words, { threshold: fromPer10k }),
  )
  return [
    text(missing(card, texts)),
    ...(items.length > 0 && card.isCombination ? [{ kind: 'list', items } as const] : []),
  ]
}

function groupTable(groups: readonly MeasuredGroup[], texts: ValidationTexts): Block {
  return {
    kind: 'table',
    heads: (['c-group', 'c-counted', 'c-marked'] as const).map((key) => texts.deployer(key)),
    widths: [50, 16, 34],
    rows: groups.map(({ name, counted, marked: { value, low, high } }) => [
      [name],
      [`${counted}`],
      [`${percent(value)} (${percent(low)} – ${percent(high)})`],
    ]),
  }
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`

function oversight(ledger: CustodyRecord, texts: ValidationTexts): Block[] {
  const events = ledger.custody()
  const decisions = [...decisionsOf(events).values()].flat()
  return [
    text(texts.deployer('oversight-person')),
    text(texts.deployer('oversight-log')),
    text(
      texts.deployer('oversight-counts', {
        decisions: decisions.length,
        persons: new Set(decisions.map(({ operator }) => operator)).size,
        reveals: events.filter(({ event }) => event === 'reveal-shown').length,
      }),
    ),
  ]
}

function trials(ledger: RunHistory, texts: ValidationTexts): Block {
  const tried = ledger.confinement()
  if (tried.length === 0) return text(texts.deployer('no-trials'))
  const held = tried.filter((one) => one.held).length
  return text(texts.deployer('trials', { tried: tried.length, held }))
}

function validated(ledger: QuotedLedger, read: ReadRecord | null, texts: ValidationTexts): Block[] {
  if (read === null) return [text(texts.deployer('no-validation'))]
  const { record, sha256 } = read
  const { stale } = standingOf(read, [ledger])
  const of = stale.map((one) => texts.deployer(`stale-${one}`)).join(', ')
  return [
    text(`${numberOf(record, sha256)}: ${texts.say(record.fit ? 'fit' : 'unfit')}`),
    ...(stale.length === 0 ? [] : [text(texts.deployer('stale', { of }))]),
    {
      kind: 'table',
      heads: (['c-requirement', 'c-checks', 'c-failed', 'c-result'] as const).map((key) => texts.say(key)),
      widths: [58, 12, 12, 18],
      rows: record.results.map(({ requirement, n, failures, verdict }) => [
        [requirement.id, requirement.requirement],
        [`${n}`],
        [`${failures}`],
        [texts.say(verdict === 'not shown' ? 'not-shown' : verdict)],
      ]),
    },
    { kind: 'list', items: record.limits },
  ]
}

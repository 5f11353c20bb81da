/**
 * The record of a validation as data: headings, tables and sentences in one language, for HTML and PDF alike. It
 * contains no markup.
 */
import type { Interval } from '../classify/statistics.ts'
import type { Block } from './model/block.ts'
import { CLAUSES } from './model/clauses.ts'
import { ValidationTexts } from './model/texts.ts'
import type { OwnSample } from './own/own.ts'
import { ownBlocks } from './own-blocks.ts'
import { numberOf, type Result, type ValidationRecord } from './record.ts'

export interface RecordDocument {
  readonly language: string
  readonly title: string
  readonly number: string
  readonly sha256: string
  readonly isFit: boolean
  readonly statement: string
  readonly unreviewed: readonly string[]
  readonly parts: readonly { readonly heading: string; readonly blocks: readonly Block[] }[]
}

/** A document as page and PDF print it. */
export type PrintedDocument = Omit<RecordDocument, 'isFit'>

/** @param sha256 of record.json */
export function recordDocument(
  record: ValidationRecord,
  sha256: string,
  own: readonly OwnSample[],
  language: string,
): RecordDocument {
  const texts = new ValidationTexts(language)
  const { results, fit, program, machine, plan } = record
  const statement = statementOf(results, fit, texts)
  const stated = (value: string | null) => value ?? texts.say('not-stated')
  const listed = (items: readonly string[]): Block =>
    items.length === 0 ? { kind: 'text', text: texts.say('none') } : { kind: 'list', items }
  const pairs = (...rows: [string, string][]): Block => ({ kind: 'pairs', rows })
  return {
    language: texts.of.language,
    title: texts.say('title'),
    number: numberOf(record, sha256),
    sha256,
    isFit: fit,
    statement: `${texts.say(fit ? 'fit' : 'unfit')} ${statement}`,
    unreviewed: texts.isReviewed
      ? []
      : [texts.say('unreviewed'), new ValidationTexts('en').say('unreviewed')],
    parts: [
      [
        pairs(
          [texts.say('laboratory'), stated(record.laboratory)],
          [texts.say('people'), stated(record.people.join(', ') || null)],
          [texts.say('began'), record.began],
          [texts.say('ended'), record.ended],
          [texts.say('number'), numberOf(record, sha256)],
          [texts.say('record-digest'), sha256],
        ),
      ],
      [
        pairs(
          [texts.say('version'), program.version],
          [texts.say('parts'), program.partsSha256],
          ['Node', program.node],
          [texts.say('planned-for'), `${program.planned.version}, ${program.planned.partsSha256}`],
          ...program.models.map(({ id, sha256 }): [string, string] => [
            texts.say('models'),
            `${id} ${sha256}`,
          ]),
          [texts.say('list-formats'), program.listFormats.join(', ')],
          ...(record.solveIt === undefined
            ? []
            : [['SOLVE-IT', `${record.solveIt.commit}, ${record.solveIt.day}`] as [string, string]]),
        ),
      ],
      [
        pairs(
          ...(['host', 'system', 'architecture', 'processor', 'memory'] as const).map(
            (key): [string, string] => [texts.say(key), machine[key] ?? ''],
          ),
        ),
      ],
      [requirementTable(results, texts), { kind: 'text', text: texts.say('about-intervals') }],
      [
        pairs(
          ['SHA-256', plan.sha256],
          [texts.say('plan-made'), plan.made],
          [texts.say('plan-changed'), plan.modified],
          [texts.say('plan-size'), plan.size],
          [texts.say('plan-seed'), `${plan.seed}`],
        ),
      ],
      record.scenarios.flatMap((scenario) => scenarioBlocks(scenario, results, texts)),
      [{ kind: 'text', text: texts.say('about-figures') }, ...own.flatMap((one) => ownBlocks(one, texts))],
      [listed(record.deviations), { kind: 'text', text: texts.say('about-deviations') }],
      [listed(record.limits)],
      [
        { kind: 'text', text: statement },
        { kind: 'text', text: `${texts.say('sign-line')} ${'_'.repeat(46)}` },
      ],
      [listed(record.repeatWhen)],
    ]
      .map((blocks, i) => ({
        heading: `${i + 1} ${texts.say(`h-${i + 1}` as 'h-1')}`,
        blocks: blocks as readonly Block[],
      }))
      .concat([{ heading: texts.say('h-clauses'), blocks: [clauseTable(texts)] }]),
  }
}

function statementOf(results: readonly Result[], fit: boolean, texts: ValidationTexts): string {
  const missed = results.filter(({ verdict }) => verdict !== 'pass').length
  return texts.say(fit ? 'statement-fit' : 'statement-unfit', { requirements: results.length, missed })
}

function requirementTable(results: readonly Result[], texts: ValidationTexts): Block {
  return {
    kind: 'table',
    heads: (
      ['c-requirement', 'c-risk', 'c-acceptance', 'c-checks', 'c-failed', 'c-interval', 'c-result'] as const
    ).map((key) => texts.say(key)),
    widths: [28, 22, 15, 8, 8, 11, 8],
    rows: results.map(({ requirement, n, failures, verdict, accepted, atLeast, solveIt = [] }) => [
      [
        requirement.id,
        requirement.requirement,
        requirement.promise,
        ...(solveIt.length === 0 ? [] : [`SOLVE-IT ${solveIt.join(' ')}`]),
      ],
      [requirement.risk],
      [acceptanceOf(requirement.accept, texts)],
      [`${n}`],
      [`${failures}`],
      [
        ...(accepted === null ? [] : [interval(accepted)]),
        ...(atLeast === null ? [] : [`≥ ${percent(atLeast)}`]),
      ],
      [texts.say(verdict === 'not shown' ? 'not-shown' : verdict)],
    ]),
  }
}

function acceptanceOf(accept: Result['requirement']['accept'], texts: ValidationTexts): string {
  const { least } = accept
  return accept.kind === 'none-fails'
    ? texts.say('accept-none', { least })
    : texts.say('accept-share', { least, share: percent(accept.share) })
}

function scenarioBlocks(
  scenario: ValidationRecord['scenarios'][number],
  results: readonly Result[],
  texts: ValidationTexts,
): Block[] {
  const rows = results.flatMap(({ observations }) =>
    observations.filter((one) => one.scenario === scenario.id),
  )
  return [
    { kind: 'heading', text: `${scenario.id}: ${scenario.title}` },
    { kind: 'text', text: `${scenario.began} – ${scenario.ended}, ${scenario.log}` },
    ...(scenario.broke === null
      ? []
      : [{ kind: 'text', text: texts.say('broke', { why: scenario.broke }) } as const]),
    {
      kind: 'table',
      heads: (['c-for', 'c-action', 'c-expected', 'c-checks', 'c-failed'] as const).map((key) =>
        texts.say(key),
      ),
      widths: [18, 31, 31, 8, 12],
      rows: rows.map((one) => [
        [one.requirement],
        [one.action],
        [one.expected],
        [`${one.n}`],
        [`${one.failures}`, ...one.examples],
      ]),
    },
  ]
}

function clauseTable(texts: ValidationTexts): Block {
  return {
    kind: 'table',
    heads: (['c-clause', 'c-asks', 'c-where'] as const).map((key) => texts.say(key)),
    widths: [14, 46, 40],
    rows: CLAUSES.map((row) => row.map((cell) => [cell])),
  }
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`
const interval = ({ low, high }: Interval) => `${percent(low)} – ${percent(high)}`

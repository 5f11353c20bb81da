/** `seized classify`: runs the model cascade on single files or text rows, without a ledger and without a preview. */

import { UsageError } from '../../base/errors.ts'
import { filePath, printPath } from '../../base/evidence-path.ts'
import { MODELS_DIR } from '../../base/version.ts'
import { modelUses } from '../../classify/index.ts'
import type { Attribute } from '../../contracts/attribute.ts'
import type { ModelUse } from '../../contracts/case.ts'
import type { Coded } from '../../contracts/coded.ts'
import type { Examination, Score } from '../../contracts/finding.ts'
import type { ReviewReason } from '../../contracts/review-reason.ts'
import type { ChildPool } from '../../host/decoder/pool.ts'
import { ENGLISH, isShown } from '../../report/texts/index.ts'
import { secondOpinions } from '../../score/covered-face.ts'
import { withoutCovered } from '../../score/covered-reasons.ts'
import { leadsOf } from '../../score/leads.ts'
import { RULES_NOW } from '../../score/rule-versions.ts'
import { rank } from '../../score/score.ts'
import type { Given } from '../arguments/option.ts'
import type { CLASSIFY } from '../arguments/options-table.ts'
import { linesOfFile } from '../services/lines-of-file.ts'
import { lookAtOne, readOne, startChildren } from '../services/one-file.ts'

export async function classify(files: readonly string[], given: Given<typeof CLASSIFY>): Promise<number> {
  if (given.rows !== undefined) {
    if (files.length > 0) throw new UsageError('classify takes files or --rows, not both.')
    return scoreRows(given.rows)
  }
  if (files.length === 0)
    throw new UsageError('classify takes files, or --rows FILE. See seized classify --help.')
  const { workers } = given
  const models = modelUses(MODELS_DIR, { exact: true })
  const children = await startChildren(workers, given.allowUnconfined, models)
  try {
    let failed = 0
    const answers = files.map(() => null as Answer | null)
    let next = 0
    let shown = 0
    const work = async () => {
      for (let i = next++; i < files.length; i = next++) {
        answers[i] = await answerFor(files[i]!, children, models)
        for (; shown < files.length && answers[shown]; shown++) print(answers[shown]!, given.json)
      }
    }
    await Promise.all(Array.from({ length: workers }, work))
    for (const answer of answers) if (answer?.stage.result === 'not-done') failed++
    return failed === 0 ? 0 : 3
  } finally {
    await children.close()
  }
}

interface Answer {
  readonly path: string
  readonly mediaType: string | null
  readonly stage: { readonly result: string; readonly reason: string | null; readonly detail: Coded | null }
  readonly scores: readonly object[]
  readonly faces: readonly object[]
  readonly attributes: readonly Coded[]
  readonly priority: number | null
  readonly reasons: readonly ReviewReason[]
}

async function answerFor(file: string, children: ChildPool, models: readonly ModelUse[]): Promise<Answer> {
  const path = filePath(Buffer.from(file))
  const read = await readOne(file)
  if (!read.read) {
    const detail = { code: 'errno', params: { errno: read.errno } }
    const stage = { result: 'not-done', reason: 'cannot-open', detail }
    return { path: printPath(path), mediaType: null, stage, ...NOTHING }
  }
  const { result, findings } = await lookAtOne(children, file, read)
  const scores = findings.filter((finding) => finding.kind === 'score')
  const attributes = findings.filter((finding) => finding.kind === 'attribute')
  const ranked = rank(
    {
      path,
      hits: [],
      conflicts: [],
      near: [],
      references: [],
      leads: leadsOf(scores),
      signals: [],
      attributes: [...attributes, ...secondOpinions(scores, { models, rules: RULES_NOW })],
    },
    RULES_NOW,
  )
  return {
    path: printPath(path),
    mediaType: read.content.mediaType,
    stage: stageOf(result),
    scores: scores.map(shownScore),
    faces: facesOf(attributes),
    attributes: attributes.filter(isShown).map(({ code, params }) => ({ code, params })),
    priority: ranked.priority,
    reasons: ranked.reasons,
  }
}

const NOTHING = { scores: [], faces: [], attributes: [], priority: null, reasons: [] } as const

function stageOf(result: Examination['result']): Answer['stage'] {
  if (result.result === 'done') return { result: 'done', reason: null, detail: null }
  return { result: result.result, reason: result.reason, detail: result.detail }
}

function shownScore({ classifier, label, scorePer10k, thresholdPer10k }: Score) {
  return {
    classifier,
    label,
    score: scorePer10k / 10_000,
    threshold: thresholdPer10k === null ? null : thresholdPer10k / 10_000,
    aboveThreshold: thresholdPer10k !== null && scorePer10k >= thresholdPer10k,
  }
}

/** Faces are printed as attributes, because a ledger stores them in the same form. */
function facesOf(attributes: readonly Attribute[]): object[] {
  return attributes.flatMap((one) => (one.code === 'face' ? [one.params] : []))
}

function print(answer: Answer, json: boolean): void {
  if (json) return void process.stdout.write(`${JSON.stringify(answer)}\n`)
  const scores = (answer.scores as ReturnType<typeof shownScore>[])
    .filter(({ threshold }) => threshold !== null)
    .map(
      (s) =>
        `${s.classifier} ${s.label} ${s.score.toFixed(4)}${s.aboveThreshold ? ' (above' : ' (below'} ${s.threshold})`,
    )
  const priority =
    answer.priority === null
      ? 'nothing asks for review'
      : `priority ${answer.priority}: ${withoutCovered(answer.reasons)
          .map((reason) => ENGLISH.review(reason))
          .join(' ')}`
  process.stdout.write(
    `${answer.path}\n  ${answer.mediaType ?? 'unread'}  ${answer.stage.result}${answer.stage.reason ? ` (${answer.stage.reason})` : ''}\n${scores.map((line) => `  ${line}\n`).join('')}  ${priority}\n`,
  )
}

async function scoreRows(file: string): Promise<number> {
  const { classifyRows } = await import('../../classify-text/rows.ts')
  for await (const line of classifyRows(linesOfFile(file, '--rows')))
    if (!process.stdout.write(`${line}\n`))
      await new Promise((resolve) => process.stdout.once('drain', resolve))
  return 0
}

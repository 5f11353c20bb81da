/** `seized model`: which models this installation holds, and whether they are what their cards pin. */
import type { Command } from 'commander'
import { UsageError } from '../../base/errors.ts'
import { MODELS_DIR } from '../../base/version.ts'
import { addModel } from '../../classify/add-model.ts'
import { type Evaluation, evaluateModel } from '../../classify/evaluate.ts'
import { listModels, verifyModels } from '../../classify/index.ts'
import type { ModelCard } from '../../classify/model-card.ts'
import { openGrooming } from '../../classify-text/grooming.ts'
import { evaluatePan12File, type Pan12Result } from '../../classify-text/pan12.ts'
import { EXIT } from '../exit-codes.ts'
import { lookAtOne, readOne, startChildren } from '../one-file.ts'
import { parseWorkers } from '../options.ts'

export function addModelVerb(program: Command, exit: (code: number) => void): void {
  const model = program.command('model').description('list, check, add and evaluate models')
  model
    .command('add')
    .description(
      'install a model of the agency: its card, its file and the digest that the card pins are checked and tried',
    )
    .argument('<card>', 'card.json')
    .argument('<model>', 'model.onnx')
    .action(async (card: string, file: string) => {
      const added = await addModel(card, file, MODELS_DIR)
      process.stdout.write(`${added.id}: installed, SHA-256 ${added.sha256}\n`)
    })
  model
    .command('evaluate')
    .description(
      'rates of every score on pictures or chats that the agency labelled itself; only aggregates leave',
    )
    .option(
      '--labels <csv>',
      'columns path and one per judged label (explicit, apparent-minor …): 1, 0 or empty',
    )
    .option('--exhibit <dir>', 'folder that the paths lie below')
    .option('--pan12 <xml>', 'instead: conversations in the format of PAN-2012, for the grooming classifier')
    .option('--truth <file>', 'ids of the predators of --pan12, one a line')
    .option('--prevalence <share>', 'share of positives among what will really be examined', '0.001')
    .option('--workers <n>', 'children at work at once (default: one a core)')
    .action(async (given: EvaluateOptions) => {
      const rates = given.pan12 === undefined ? await evaluate(given) : await evaluateChats(given)
      process.stdout.write(`${JSON.stringify(rates, null, 1)}\n`)
    })
  model
    .command('list')
    .description('id, digest, licence and what each model says')
    .option('--json', 'one JSON object a line')
    .action(({ json }: { json?: boolean }) => {
      for (const card of listModels(MODELS_DIR))
        process.stdout.write(json ? `${JSON.stringify(card)}\n` : inWords(card))
    })
  model
    .command('verify')
    .description('recompute each digest; exits 4 when a file is not what its card pins')
    .action(() => {
      const checks = verifyModels(MODELS_DIR)
      for (const { id, problem } of checks)
        process.stdout.write(problem === null ? `ok       ${id}\n` : `DAMAGED  ${id}: ${problem}\n`)
      exit(checks.every(({ problem }) => problem === null) ? EXIT.complete : EXIT.ledgerDamaged)
    })
}

function inWords(card: ModelCard): string {
  return [
    card.id,
    `  ${card.title}`,
    `  sha256   ${card.sha256}`,
    `  licence  ${card.licence}`,
    ...card.neverMeasured.map((what) => `  never measured: ${what}`),
    '',
  ].join('\n')
}

interface EvaluateOptions {
  readonly labels?: string
  readonly exhibit?: string
  readonly pan12?: string
  readonly truth?: string
  readonly prevalence: string
  readonly workers?: string
}

async function evaluate({ labels, exhibit, prevalence, workers }: EvaluateOptions): Promise<Evaluation> {
  if (labels === undefined || exhibit === undefined)
    throw new UsageError(
      'model evaluate takes --labels CSV with --exhibit DIR, or --pan12 XML with --truth FILE.',
    )
  const children = await startChildren(parseWorkers(workers))
  try {
    return await evaluateModel({
      labelsCsv: labels,
      exhibitDir: exhibit,
      prevalence: Number(prevalence),
      scoresOf: async (path) => {
        const read = await readOne(path)
        if (!read.read) return null
        const { result, findings } = await lookAtOne(children, path, read)
        return result.result === 'not-done' ? null : findings.filter((finding) => finding.kind === 'score')
      },
    })
  } finally {
    await children.close()
  }
}

async function evaluateChats({ pan12, truth, labels, exhibit }: EvaluateOptions): Promise<Pan12Result> {
  if (labels !== undefined || exhibit !== undefined)
    throw new UsageError(
      'model evaluate takes pictures (--labels, --exhibit) or chats (--pan12, --truth), not both.',
    )
  if (truth === undefined)
    throw new UsageError('--pan12 needs --truth FILE: the ids of the predators, one a line.')
  return evaluatePan12File(pan12!, truth, await openGrooming(MODELS_DIR))
}

/** `seized model`: which models this installation holds, and whether they are what their cards pin. */
import type { Command } from 'commander'
import { listModels, verifyModels } from '../../classify/index.ts'
import type { ModelCard } from '../../classify/model-card.ts'
import { MODELS_DIR } from '../../version.ts'
import { EXIT } from '../exit-codes.ts'

export function addModel(program: Command, exit: (code: number) => void): void {
  const model = program.command('model').description('list the models, or check them against their cards')
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

/** `seized model`: which models this installation holds, and whether they are what their cards pin. */
import type { Command } from 'commander'
import { listModels, verifyModels } from '../../classify/index.ts'
import { EXIT } from '../exit-codes.ts'

export function addModel(program: Command, exit: (code: number) => void): void {
  const model = program.command('model').description('list the models, or check them against their cards')
  model
    .command('list')
    .description('id, digest, licence and what each model says')
    .option('--json', 'one JSON object a line')
    .action(async ({ json }: { json?: boolean }) => {
      for (const { card, use } of await listModels())
        process.stdout.write(
          json
            ? `${JSON.stringify({ ...use, title: card.title, licence: card.licence })}\n`
            : `${use.id}\n  ${card.title}\n  sha256 ${use.sha256}\n  licence ${card.licence}\n`,
        )
    })
  model
    .command('verify')
    .description('recompute each digest; exits 4 when a file is not what its card pins')
    .action(async () => {
      const results = await verifyModels()
      for (const { id, ok, problem } of results)
        process.stdout.write(`${ok ? 'ok     ' : 'DAMAGED'}  ${id}${problem ? `: ${problem}` : ''}\n`)
      exit(results.every(({ ok }) => ok) ? EXIT.complete : EXIT.ledgerDamaged)
    })
}

/** `seized hashset`: what a list is and holds, before it is used. */
import type { Command } from 'commander'
import { printText } from '../../evidence-path.ts'
import { describeHashSet } from '../../match/index.ts'

export function addHashset(program: Command, _exit: (code: number) => void): void {
  const hashset = program.command('hashset').description('look at hash sets')
  hashset
    .command('info')
    .description('format and why, digest, counts of rows read, kept, duplicate and rejected')
    .argument('<file>', 'list to read')
    .option('--json', 'one JSON object')
    .action(async (file: string, { json }: { json?: boolean }) => {
      const info = await describeHashSet(file)
      if (json)
        return void process.stdout.write(
          `${JSON.stringify(info, (_, v) => (typeof v === 'bigint' ? Number(v) : v))}\n`,
        )
      for (const [key, value] of Object.entries(info))
        process.stdout.write(
          `${key.padEnd(16)} ${printText(typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value))}\n`,
        )
    })
}

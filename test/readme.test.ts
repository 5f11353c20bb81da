import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { VERBS } from '../src/cli/commands/index.ts'
import { EXIT_WORDS } from '../src/cli/exit-codes.ts'
import { expectedFalseMatchesPerMillion, rounded } from '../src/match/near/near-false-matches.ts'
import { EXPORTERS } from '../src/report/index.ts'

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')

/** First two cells of every row of the table whose first heading is `heading`. */
function table(heading: string): string[][] {
  const lines = readme.split('\n')
  const start = lines.findIndex((line) => new RegExp(`^\\| *${heading} *\\|`).test(line))
  const end = lines.findIndex((line, i) => i > start && !line.startsWith('|'))
  return lines.slice(start + 2, end).map((line) =>
    line
      .split('|')
      .slice(1, 3)
      .map((cell) => cell.trim()),
  )
}

describe('README', () => {
  it('lists every verb in the order of --help', async () => {
    const program = new Command()
    for (const { load } of VERBS) (await load())(program, () => {})
    expect(table('verb').map(([verb]) => verb)).toEqual(
      program.commands.map((command) => `\`${command.name()}\``),
    )
  })

  it('lists every exit code with its words', () => {
    expect(table('code')).toEqual(EXIT_WORDS.map(([code, words]) => [String(code), words]))
  })

  it('states the false near matches that the program expects', () => {
    const rows = [...readme.matchAll(/^\| ([\d,]+0,000) +\|(.*)\|$/gm)].map(([, records, cells]) => [
      records,
      ...cells!.split('|').map((cell) => cell.trim()),
    ])
    expect(rows).toEqual(
      [10_000, 100_000, 1_000_000, 10_000_000].map((records) => {
        const [once, turned] = ([1, 8] as const).map((n) => expectedFalseMatchesPerMillion(records, n))
        const counts = [once!.photographs, once!.everyKind, turned!.photographs, turned!.everyKind]
        return [records.toLocaleString('en'), ...counts.map(rounded)]
      }),
    )
  })

  it('names every export format', () => {
    for (const { id } of EXPORTERS) expect(readme.toLowerCase()).toContain(id)
  })
})

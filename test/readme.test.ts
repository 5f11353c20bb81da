import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { VERBS } from '../src/cli/commands/index.ts'
import { EXIT_WORDS } from '../src/cli/exit-codes.ts'
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

  it('names every export format', () => {
    for (const { id } of EXPORTERS) expect(readme.toLowerCase()).toContain(id)
  })
})

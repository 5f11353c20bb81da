import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
// @ts-expect-error plain JavaScript: it runs before anything is compiled
import { thirdParty } from '../scripts/third-party.js'
import { EXIT_CODES } from '../src/base/exit-codes.ts'
import { ALL_VERBS } from '../src/cli/all-verbs.ts'
import { expectedFalseMatchesPerMillion, rounded } from '../src/match/near/near-false-matches.ts'
import { EXPORTERS } from '../src/report/index.ts'

const read = (file: string) => readFileSync(join(import.meta.dirname, '..', file), 'utf8')
const readme = read('README.md')

/** First two cells of every row of the table whose first heading is `heading`. */
function table(heading: string, text = readme): string[][] {
  const lines = text.split('\n')
  const start = lines.findIndex((line) => new RegExp(`^\\| *${heading} *\\|`).test(line))
  const end = lines.findIndex((line, i) => i > start && !line.startsWith('|'))
  return lines.slice(start + 2, end).map((line) =>
    line
      .split('|')
      .slice(1, 3)
      .map((cell) => cell.trim()),
  )
}

describe('docs/reference/commands.md', () => {
  it('lists every verb in the order of --help', () => {
    const firstWords = [...new Set(ALL_VERBS.map(({ name }) => name.split(' ')[0]!))]
    expect(table('verb', read('docs/reference/commands.md')).map(([verb]) => verb)).toEqual(
      firstWords.map((word) => `\`${word}\``),
    )
  })
})

describe('README', () => {
  it('lists every exit code with its words', () => {
    expect(table('code')).toEqual(EXIT_CODES.map(({ code, words }) => [String(code), words]))
  })

  it('states the false near matches that the program expects', () => {
    const rows = [...read('docs/reference/near-matches.md').matchAll(/^\| ([\d,]+0,000) +\|(.*)\|$/gm)].map(
      ([, records, cells]) => [records, ...cells!.split('|').map((cell) => cell.trim())],
    )
    expect(rows).toEqual(
      [10_000, 100_000, 1_000_000, 10_000_000].map((records) => {
        const [once, turned] = ([1, 8] as const).map((n) => expectedFalseMatchesPerMillion(records, n))
        const counts = [once!.photographs, once!.everyKind, turned!.photographs, turned!.everyKind]
        return [records.toLocaleString('en'), ...counts.map(rounded)]
      }),
    )
  })

  it('fits on two pages of paper', () => {
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(120)
  })

  it('points at files that are there', () => {
    const named = [...readme.matchAll(/`((?:docs|src|models|hashsets)\/[\w./-]+\.md|[A-Z-]+\.md)`/g)]
    expect(named.length).toBeGreaterThan(3)
    for (const [, file] of named)
      expect([file, existsSync(join(import.meta.dirname, '..', file!))]).toEqual([file, true])
  })

  it('names every export format', () => {
    for (const { id } of EXPORTERS) expect(readme.toLowerCase()).toContain(id)
  })
})

describe('THIRD-PARTY.md', () => {
  it('is what the lock file gives', () => {
    expect(read('THIRD-PARTY.md')).toBe(thirdParty())
  })
})

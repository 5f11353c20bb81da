/** docs/glossary.md: one word a thing; a retired word stands nowhere in the source or in the docs. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const rows = readFileSync(join(root, 'docs/glossary.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| (?!word |-)/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
const retired = rows.flatMap(([, , , cell]) => [...cell!.matchAll(/`([^`]+)`/g)].map(([, word]) => word!))
/** Git names what is tracked; the glossary itself names the words. */
const files = execFileSync('git', ['ls-files', '-z', 'src', 'docs'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((file) => /\.(tsx?|md)$/.test(file) && file !== 'docs/glossary.md')

describe('the glossary', () => {
  it('retires words, and each of them once', () => {
    expect(retired.length).toBeGreaterThan(30)
    expect(new Set(retired).size).toBe(retired.length)
  })

  it('is kept: no retired word stands in the source or in the docs', () => {
    const word = new RegExp(`(?<![\\w$/-])(?:${retired.join('|')})(?![\\w$-])`, 'g')
    const found = files.flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(word)].map(([match]) => `${file}: ${match}`),
    )
    expect(found).toEqual([])
  })
})

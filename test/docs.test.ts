/** The guide, the CHANGELOG and the length of sentences: commands, links and pictures of the docs exist, and pages stay short. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
// @ts-expect-error plain JavaScript: it runs before anything is compiled
import { LIMITS, sentences } from '../scripts/words.js'
import { ALL_VERBS } from '../src/cli/all-verbs.ts'
import { type AnyOption, nameOf } from '../src/cli/arguments/option.ts'

const root = join(import.meta.dirname, '..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const pages = readdirSync(join(root, 'docs/guide')).filter((file) => file.endsWith('.md'))

/** Commands in code blocks, with their continued lines. */
function commandsIn(file: string): string[] {
  const blocks = [...read(file).matchAll(/```\w*\n([\s\S]*?)```/g)].map(([, block]) => block!)
  return blocks.flatMap((block) =>
    [...block.replace(/\\\n\s*/g, ' ').matchAll(/^(?:\$ )?seized (.+)$/gm)].map(([, words]) => words!),
  )
}

/** What is wrong with a command by the table of verbs; null: nothing. */
function faultOf(command: string): string | null {
  const words = command.split(/\s+(?=(?:[^"']*["'][^"']*["'])*[^"']*$)/)
  const verb =
    ALL_VERBS.find(({ name }) => name === words.slice(0, 2).join(' ')) ??
    ALL_VERBS.find(({ name }) => name === words[0])
  if (verb === undefined) return 'no such verb'
  const options = Object.values(verb.options as Readonly<Record<string, AnyOption>>).map(nameOf)
  const unknown = words
    .filter((word) => word.startsWith('--'))
    .map((word) => word.slice(2).replace(/=.*$/, ''))
    .filter((name) => !['help', 'version', 'language', ...options].includes(name))
  return unknown.length === 0 ? null : `no option --${unknown.join(', --')}`
}

describe('docs/guide', () => {
  it('gives only commands and options that the program has', () => {
    const commands = [...pages.map((page) => `docs/guide/${page}`), 'README.md'].flatMap((file) =>
      commandsIn(file).map((command) => ({ file, command })),
    )
    expect(commands.length).toBeGreaterThan(25)
    expect(
      commands.map((one) => ({ ...one, fault: faultOf(one.command) })).filter(({ fault }) => fault !== null),
    ).toEqual([])
  })

  it('has every page in its index, and every link and picture leads to a file', () => {
    const index = read('docs/guide/README.md')
    for (const page of pages.filter((page) => page !== 'README.md')) expect(index).toContain(`(${page})`)
    const broken = ['README.md', ...pages.map((page) => `docs/guide/${page}`)].flatMap((file) =>
      [...read(file).matchAll(/\]\(([^)#:]+)\)/g)]
        .map(([, link]) => join(dirname(file), link!))
        .filter((target) => !existsSync(join(root, target)))
        .map((target) => `${file}: ${target}`),
    )
    expect(broken).toEqual([])
  })

  it('says on every page what is needed and what can go wrong', () => {
    for (const page of pages.filter((page) => !['README.md', 'lab.md'].includes(page))) {
      const text = read(`docs/guide/${page}`)
      expect([page, text.includes('## What can go wrong')]).toEqual([page, true])
      expect([page, text.trimEnd().split('\n').length <= 120]).toEqual([page, true])
    }
  })

  it('has small pictures', () => {
    const folder = join(root, 'docs/guide/pictures')
    const sizes = readdirSync(folder).map((file) => statSync(join(folder, file)).size)
    expect(sizes.length).toBeGreaterThanOrEqual(6)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1_500_000)
  })
})

describe('CHANGELOG', () => {
  it('has at most one page a version; the rest stands in docs/evidence', () => {
    const versions = read('CHANGELOG.md').split(/^## /m).slice(1)
    for (const version of versions)
      expect([version.split('\n')[0], version.trimEnd().split('\n').length <= 100]).toEqual([
        version.split('\n')[0],
        true,
      ])
  })
})

describe('sentences', () => {
  it.each(['docs', 'comments'])('of %s: at most ten are longer than scripts/words.js allows', (kind) => {
    const own = (sentences() as { kind: string; file: string; line: number; words: number }[]).filter(
      (one) => one.kind === kind,
    )
    expect(own.length).toBeGreaterThan(1000)
    const tooLong = own.filter(({ words }) => words > LIMITS[kind])
    expect(tooLong.slice(10)).toEqual([])
  })
})

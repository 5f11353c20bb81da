import { execFileSync, spawnSync } from 'node:child_process'
import { Option } from 'commander'
import { describe, expect, it } from 'vitest'
import { EXIT_CODES } from '../../src/base/exit-codes.ts'
import { ALL_VERBS } from '../../src/cli/all-verbs.ts'
import { type AnyOption, nameOf } from '../../src/cli/arguments/option.ts'
import { manualPage } from '../../src/cli/manual-page.ts'
import { programOf } from '../../src/cli/program.ts'
import { completionsFor, SHELLS } from '../../src/cli/shell-completions.ts'
import { TASKS } from '../../src/cli/verbs.ts'
import { EXPORTERS } from '../../src/report/index.ts'
import { BIN } from '../e2e/seized.ts'

const optionsOf = (row: (typeof ALL_VERBS)[number]) =>
  Object.entries(row.options as Record<string, AnyOption>)
const has = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

describe('the table of verbs and options', () => {
  it('loads the code of every verb', async () => {
    for (const { name, load } of ALL_VERBS) expect([name, typeof (await load())]).toEqual([name, 'function'])
  })

  it('lists every verb under one task in help, and no task without a verb', () => {
    const firstWords = [...new Set(ALL_VERBS.map(({ name }) => name.split(' ')[0]!))]
    expect(TASKS.flatMap(([, words]) => words).sort()).toEqual([...firstWords].sort())
    const help = programOf(() => {}).helpInformation()
    for (const [heading, words] of TASKS) {
      const listed = help.split(`\n${heading}\n`)[1]!.split('\n\n')[0]!
      for (const word of words) expect([heading, listed.includes(`  ${word} `)]).toEqual([heading, true])
    }
  })

  it('names each option as commander does', () => {
    for (const row of ALL_VERBS)
      for (const [key, option] of optionsOf(row))
        expect([row.name, key]).toEqual([row.name, new Option(option.flags).attributeName()])
  })

  it('stands whole in help, manual page and the completions of every shell', () => {
    const manual = manualPage(ALL_VERBS).replaceAll('\\-', '-')
    const completions = SHELLS.map((shell) => completionsFor(shell, ALL_VERBS))
    for (const row of ALL_VERBS) {
      const help = row.name
        .split(' ')
        .reduce(
          (command, word) => command.commands.find((one) => one.name() === word)!,
          programOf(() => {}),
        )
        .helpInformation()
      for (const [, option] of optionsOf(row)) {
        const name = nameOf(option)
        expect([row.name, name, help.includes(`--${name}`)]).toEqual([row.name, name, true])
        expect([row.name, name, manual.includes(option.flags)]).toEqual([row.name, name, true])
        for (const text of completions)
          expect([row.name, name, text.includes(`--${name}`) || text.includes(`-l ${name}`)]).toEqual([
            row.name,
            name,
            true,
          ])
      }
    }
    for (const { code } of EXIT_CODES) expect(manual).toContain(`.B ${code}`)
  })

  it.skipIf(!has('bash'))('completes verbs, options and their values in bash', () => {
    const complete = (...words: string[]) =>
      execFileSync(
        'bash',
        [
          '-c',
          `eval "$(cat)"; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _seized; printf '%s ' "\${COMPREPLY[@]}"`,
        ],
        { input: completionsFor('bash', ALL_VERBS), encoding: 'utf8' },
      )
        .trim()
        .split(' ')
    expect(complete('seized', 'res')).toEqual(['resume'])
    expect(complete('seized', 'hashset', 'i')).toEqual(['info', 'import'])
    expect(complete('seized', 'scan', '/mnt', '--case')).toEqual(['--case'])
    expect(complete('seized', 'report', 'x', '--format', '')).toEqual(EXPORTERS.map(({ id }) => id))
  })
})

describe('what programs that run seized are told', () => {
  const seized = (...words: string[]) => spawnSync(process.execPath, [BIN, ...words], { encoding: 'utf8' })

  it('an error object as the last line where JSON was asked for', () => {
    const run = seized('resume', '/nowhere/x.sqlite', '--progress', 'json')
    const last = JSON.parse(run.stdout.trim().split('\n').at(-1)!)
    expect(last).toMatchObject({ event: 'error', exitCode: run.status })
    expect(run.status).toBe(2)
    expect(run.stderr).not.toContain('bug')
  })

  it('the same where the command line itself cannot be parsed', () => {
    const run = seized('scan', '--progress=json')
    expect(JSON.parse(run.stdout.trim().split('\n').at(-1)!)).toMatchObject({
      event: 'error',
      code: 'usage',
      exitCode: 2,
    })
  })

  it('writes nothing when the reader has gone', () => {
    const run = spawnSync('sh', ['-c', `${process.execPath} ${BIN} man | head -c 10 > /dev/null`], {
      encoding: 'utf8',
    })
    expect(run.stderr).toBe('')
  })

  it('takes the former name of an option', () => {
    const run = seized(
      'scan',
      '/nowhere',
      '--case',
      '1',
      '--exhibit',
      '1',
      '--examiner',
      'x',
      '--ledger',
      '/tmp/x.sqlite',
      '--stages',
      'nonsense',
    )
    expect(run.stderr).toContain('--phases knows inventory, known, unknown; "nonsense" is none of them.')
  })
})

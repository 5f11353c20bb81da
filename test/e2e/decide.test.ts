import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCustody } from '../../src/ledger/custody/custody.ts'
import { decisionsOf, outcomeOf } from '../../src/ledger/custody/decisions.ts'
import { sealedWithLog } from '../ledger/temporary.ts'
import { exported, seized, temporaryFolder } from './seized.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

it('records a decision of a person, shown in report and JSONL; a later one supersedes, what makes no sense is refused', () => {
  const ledger = sealedWithLog()
  const folder = temporaryFolder()
  const decide = (...args: string[]) => seized(['decide', ledger, '--operator', 'A. Example', ...args])
  const first = decide('--entry', 'copies/one.jpg', '--scale', 'vics-us', '--category', '2')
  expect([first.status, first.stdout]).toEqual([
    0,
    `Decided: category 2 on vics-us for ${sha256('copied')}, 3 entries.\n`,
  ])
  const second = decide(
    '--sha256',
    sha256('copied').toUpperCase(),
    '--scale',
    'vics-us',
    '--category',
    '0',
    '--note',
    'a <b>boat</b>',
  )
  expect(second.stdout).toContain('It supersedes 1 decision')

  for (const wrong of [
    ['--entry', 'copies/one.jpg', '--scale', 'vics-us', '--category', '17'],
    ['--entry', 'nowhere', '--scale', 'own', '--category', '1'],
    ['--entry', 'DCIM', '--scale', 'own', '--category', '1'],
    ['--scale', 'own', '--category', '1'],
    ['--entry', 'copies/one.jpg', '--scale', 'own', '--category', ' '],
  ])
    expect(decide(...wrong).status, wrong.join(' ')).toBe(2)

  const rows = exported(ledger, folder)
  const decisions = (path: string) =>
    rows
      .find((row: { path: string }) => row.path === path)
      .decisions.map(({ category, scale, note, operator }: Record<string, string>) => [
        category,
        scale,
        note,
        operator,
      ])
  expect(decisions('copies/two.jpg')).toEqual([
    ['2', 'vics-us', '', 'A. Example'],
    ['0', 'vics-us', 'a <b>boat</b>', 'A. Example'],
  ])
  expect(decisions('DCIM/IMG_1.jpg')).toEqual([])
  const report = join(folder, 'report.html')
  expect(seized(['report', ledger, '--format', 'html', '--out', report]).status).toBe(0)
  const html = readFileSync(report, 'utf8')
  expect(html).toContain('7.3 Decisions of persons')
  expect(html).toContain('0 (supersedes 1)')
  expect(html).not.toContain('<b>boat')
  expect(seized(['verify', ledger]).status).toBe(0)
})

/** Of DCIM/IMG_1.jpg (fixtures/ledgers/synthetic.ts). */
const OTHER = 'd9a258c1bb80225e7450a42f5908163b20e22d415bfe2a4c70c96003d83abc31'

describe('a list of decisions', () => {
  const list = (ledger: string, text: string, ...more: string[]) => {
    const file = join(temporaryFolder(), 'decisions.csv')
    writeFileSync(file, text)
    return seized(['decide', ledger, '--operator', 'B. Example', '--from', file, ...more])
  }

  it('is decided whole, from CSV or JSON lines, by place or digest, with the scale of the line or of the option', () => {
    const ledger = sealedWithLog()
    const csv = `entry,sha256,category,note\ncopies/one.jpg,,2,"two\nlines"\n,${OTHER},0,\n`
    const first = list(ledger, csv, '--scale', 'vics-us')
    expect([first.status, first.stderr.split('\n')[0]?.slice(0, 12)]).toEqual([0, 'custody head'])
    expect(first.stdout).toBe(
      'Decided: 2 contents, of 4 entries (category 2 on vics-us: 1; category 0 on vics-us: 1).\n',
    )
    const jsonl = `${JSON.stringify({ entry: 'copies/one.jpg', act: 'withdrawn', scale: 'vics-us' })}\n\n${JSON.stringify({ sha256: OTHER, category: 1, scale: 'vics-us' })}\n`
    expect(list(ledger, jsonl).stdout).toBe(
      'Decided: 2 contents, of 4 entries (withdrawn on vics-us: 1; category 1 on vics-us: 1).\n',
    )
    const made = decisionsOf(readCustody(ledger))
    expect(made.get(sha256('copied'))!.map(({ act, category, note }) => [act, category, note])).toEqual([
      ['decided', '2', 'two\nlines'],
      ['withdrawn', null, ''],
    ])
    expect(outcomeOf(made.get(sha256('copied'))!, 'vics-us')).toEqual({ kind: 'none' })
    expect(seized(['verify', ledger]).status).toBe(0)
  })

  it('is not decided at all when one line cannot be, and every such line is named', () => {
    const ledger = sealedWithLog()
    const before = readCustody(ledger)
    const result = list(
      ledger,
      `sha256,category,act\n${sha256('copied')},2,\n${sha256('nothing')},2,\n${OTHER},17,\n${sha256('copied')},1,\n${OTHER},,withdrawn\nabc,1,undone\n`,
      '--scale',
      'vics-us',
    )
    expect([result.status, result.stdout]).toEqual([2, ''])
    const said = result.stderr
    expect(said).toContain('5 lines that cannot be decided')
    for (const line of [
      /line 3: .* names no content/,
      /line 4: .* has no category "17"/,
      /line 5: the content of line 2 again/,
      /line 6: .* no decision on vics-us .* withdrawn/,
      /line 7: "undone" is none of/,
    ])
      expect(said).toMatch(line)
    expect(readCustody(ledger)).toEqual(before)
    for (const wrong of ['', 'path,category\na,1\n', '{"sha256": ["a"]}\n', 'sha256,category\n"a'])
      expect([wrong, list(ledger, wrong, '--scale', 'vics-us').status]).toEqual([wrong, 2])
  })
})

it('lets a third person settle what two decided differently, with a reason, and nobody settle what they decided', () => {
  const ledger = sealedWithLog()
  const decide = (operator: string, category: string, ...more: string[]) =>
    seized([
      'decide',
      ledger,
      ...['--operator', operator, '--scale', 'vics-us', '--entry', 'copies/one.jpg', '--category', category],
      ...more,
    ])
  const settle = ['--act', 'adjudicated', '--note', 'seen again']
  const outcome = () => outcomeOf(decisionsOf(readCustody(ledger)).get(sha256('copied')) ?? [], 'vics-us')
  expect(decide('A. Example', '1').status).toBe(0)
  expect(outcome()).toEqual({ kind: 'single', category: '1' })
  expect(decide('C. Example', '2', ...settle).stderr).toContain('there is nothing to adjudicate')
  decide('B. Example', '1')
  expect(outcome()).toEqual({ kind: 'agreed', category: '1' })
  decide('B. Example', '2')
  expect(outcome()).toEqual({ kind: 'differing', categories: ['1', '2'] })
  expect(decide('B. Example', '2', ...settle).stderr).toContain('cannot settle it')
  expect(decide('C. Example', '2', '--act', 'adjudicated').stderr).toContain('needs a reason')
  expect(decide('C. Example', '2', ...settle).stdout).toContain('Adjudicated: category 2')
  expect(outcome()).toEqual({ kind: 'adjudicated', category: '2' })
  // Who decides otherwise afterwards was not heard yet.
  decide('D. Example', '4')
  expect(outcome()).toEqual({ kind: 'differing', categories: ['2', '4'] })
})

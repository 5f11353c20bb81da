import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
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

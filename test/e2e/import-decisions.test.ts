import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sealedWithLog } from '../ledger/temporary.ts'
import { exported, seized, temporaryFolder } from './seized.ts'

const digest = (name: string, text: string) => createHash(name).update(text).digest('hex')

interface Decision {
  readonly operator: string
  readonly category: string
  readonly scale: string
  readonly act: string
}

function decisionsIn(ledger: string, folder: string): string[] {
  const rows = exported(ledger, folder) as { path: string; decisions: Decision[] }[]
  return rows
    .flatMap(({ path, decisions }) =>
      decisions.map(({ operator, category, scale, act }) => [path, operator, act, category, scale].join(' ')),
    )
    .sort()
}

it('loses no standing decision on the way out as VICS and back into another copy of the ledger', () => {
  const folder = temporaryFolder()
  const here = sealedWithLog()
  const contents = (exported(here, folder) as { sha256: string | null; sizeBytes: number }[]).filter(
    ({ sha256, sizeBytes }) => sha256 !== null && sizeBytes > 0,
  )
  const list = join(folder, 'decided.csv')
  const distinct = [...new Set(contents.map(({ sha256 }) => sha256))]
  writeFileSync(list, `sha256,category\n${distinct.map((sha256, i) => `${sha256},${i % 5}`).join('\n')}\n`)
  expect(
    seized(['decide', here, '--from', list, '--scale', 'vics-us', '--operator', 'A. Example']).stderr,
  ).toMatch(/^custody head /)
  for (const format of ['vics', 'decisions']) {
    const out = join(folder, `graded.${format}`)
    expect(seized(['report', here, '--format', format, '--scale', 'vics-us', '--out', out]).status).toBe(0)
    const there = sealedWithLog()
    const done = seized([
      ...['import', 'decisions', there, out, '--scale', 'vics-us', '--operator', 'A. Example'],
      ...['--made-with', 'Another tool 1.2'],
    ])
    expect(done.stderr).toMatch(/^custody head/)
    expect([done.status, done.stdout.split('\n')[0]]).toEqual([
      0,
      `${distinct.length} decisions of A. Example taken in from graded.${format} (${format}, SHA-256 ${createHash('sha256').update(readFileSync(out)).digest('hex')}).`,
    ])
    expect(decisionsIn(there, folder)).toEqual(decisionsIn(here, folder))
    expect(seized(['verify', there]).status).toBe(0)
  }
})

it('decides nothing when one row is bad, and names it', () => {
  const folder = temporaryFolder()
  const ledger = sealedWithLog()
  const file = join(folder, 'grades.csv')
  const copied = { md5: digest('md5', 'copied'), sha1: digest('sha1', 'copied') }
  const refused = (rows: readonly string[], ...more: string[]) => {
    writeFileSync(file, `md5,sha1,category\n${rows.join('\n')}\n`)
    const { status, stderr } = seized([
      ...['import', 'decisions', ledger, file, '--scale', 'vics-us', '--operator', 'A. Example'],
      ...more,
    ])
    expect([status, decisionsIn(ledger, folder)]).toEqual([2, []])
    return stderr
  }
  const good = `${copied.md5},${copied.sha1},1`
  const absent = `${digest('md5', 'nowhere')},${digest('sha1', 'nowhere')},1`
  expect(refused([good, `${copied.md5},${copied.sha1},17`])).toContain('categories 1 and 17')
  expect(refused([`${copied.md5},${copied.sha1},17`])).toContain(
    'line 2: The scale vics-us has no category "17"',
  )
  expect(refused([`${copied.md5},${digest('sha1', 'other')},1`])).toContain('its sha1 is not')
  expect(refused([good, absent])).toContain('not read on this exhibit (line 3)')
  expect(refused([good, 'zz,zz,1'])).toContain('line 3')
  expect(refused([absent], '--known-only')).toContain('no category of a content')
  expect(refused([good], '--scale', 'unheard-of')).toContain('There is no scale')

  writeFileSync(file, `md5,sha1,category\n${good}\n${absent}\n`)
  const done = seized([
    ...[
      'import',
      'decisions',
      ledger,
      file,
      '--scale',
      'vics-us',
      '--operator',
      'A. Example',
      '--known-only',
    ],
  ])
  expect([done.status, done.stdout]).toEqual([
    0,
    expect.stringContaining('Passed over 1 row: the content is not on this exhibit.'),
  ])
  expect(decisionsIn(ledger, folder)).toHaveLength(3)
})

it('takes of a CSV of decisions only what the named person decided', () => {
  const folder = temporaryFolder()
  const here = sealedWithLog()
  for (const [operator, category] of [
    ['A. Example', '1'],
    ['B. Example', '2'],
  ] as const)
    seized([
      ...['decide', here, '--sha256', digest('sha256', 'copied'), '--scale', 'vics-us'],
      ...['--category', category, '--operator', operator],
    ])
  const out = join(folder, 'decisions.csv')
  expect(seized(['report', here, '--format', 'decisions', '--out', out]).status).toBe(0)
  const there = sealedWithLog()
  const done = seized(['import', 'decisions', there, out, '--scale', 'vics-us', '--operator', 'B. Example'])
  expect(done.stdout).toContain('1 decision of B. Example')
  expect(done.stdout).toContain('Passed over 1 row: another person decided.')
  const taken = decisionsIn(there, folder)
  expect([
    taken.length,
    taken.filter((line) => line.endsWith('B. Example decided 2 vics-us')).length,
  ]).toEqual([3, 3])
})

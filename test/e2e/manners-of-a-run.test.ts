/** What a run says at its start and while it goes on. */
import { createHash } from 'node:crypto'
import { chmodSync, copyFileSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { seldom, tellOfLists } from '../../src/cli/services/telling.ts'
import { verifyLedger } from '../../src/ledger/verify/verify.ts'
import { reduce, START } from '../../src/tui/state.ts'
import { zipOf } from '../child/archives.ts'
import { sealedLedger } from '../ledger/temporary.ts'
import { scanArgs, seized, summaryOf, temporaryFolder } from './seized.ts'

it('26 A5: a run without any list is not complete, and says first what that means', () => {
  const exhibit = join(temporaryFolder(), 'exhibit')
  mkdirSync(exhibit)
  writeFileSync(join(exhibit, 'a.txt'), 'plain words')
  const ledger = join(temporaryFolder(), 'ledger')
  const run = seized(scanArgs(exhibit, ledger, [], '--phases', 'inventory,known', '--no-open'))
  const events = run.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const warning = events.findIndex(({ message }) =>
    message?.startsWith('No list of illegal material or of interest'),
  )
  expect(warning).toBeGreaterThan(0)
  expect(warning).toBeLessThan(events.findIndex(({ event }) => event === 'phase'))
  expect(summaryOf(run)).toMatchObject({
    complete: false,
    incomplete: ['no-list'],
    exitCode: 3,
    stages: { matched: { 'not-done': 1 } },
  })
  expect(run.status).toBe(3)
})

it('warns of rows of a list that cannot be read, with their lines, and notes those that a rule leaves out', () => {
  const folder = temporaryFolder()
  const exhibit = join(folder, 'exhibit')
  mkdirSync(exhibit)
  writeFileSync(join(exhibit, 'a.txt'), 'plain words')
  const md5 = 'd41d8cd98f00b204e9800998ecf8427e'
  const [unread, empty] = [join(folder, 'unread.txt'), join(folder, 'empty.txt')]
  writeFileSync(unread, `${'0'.repeat(32)}\n${md5.slice(1)}\n${md5}\n`)
  writeFileSync(empty, `${'1'.repeat(32)}\n${md5}\n`)
  const lists = [`illegal:${unread}`, `interest:${empty}`]
  const run = seized(
    scanArgs(exhibit, join(folder, 'ledger'), lists, '--phases', 'inventory,known', '--no-open'),
  )
  const said = run.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string; message?: string })
    .filter(({ message }) => message?.includes('not compared'))
  expect(said.map(({ event, message }) => [event, message!.split('). ')[0]])).toEqual([
    [
      'warning',
      `unread.txt: 2 of 3 rows of this hash list are not compared (line 2: not a hex digest: "${md5.slice(1)}"`,
    ],
    [
      'note',
      'empty.txt: 1 of 2 rows of this hash list is not compared (line 2: its MD5 is that of zero bytes: every empty file would match',
    ],
  ])
})

it('finds a file whose record has a damaged digest beside a good one, and warns of the damage', () => {
  const folder = temporaryFolder()
  const exhibit = join(folder, 'exhibit')
  mkdirSync(exhibit)
  writeFileSync(join(exhibit, 'a.txt'), 'plain words')
  const list = join(folder, 'list.csv')
  writeFileSync(list, `md5,sha1\n${createHash('md5').update('plain words').digest('hex')},damaged\n`)
  const run = seized(
    scanArgs(exhibit, join(folder, 'ledger'), [`illegal:${list}`], '--phases', 'inventory,known'),
  )
  expect(summaryOf(run).hits).toBe(1)
  expect(run.stdout).toContain(
    '"event":"warning","message":"list.csv: 1 record has a digest that cannot be read beside another: compared by the other alone; the first at line 2: column sha1 holds no SHA-1 digest."',
  )
})

it('12 D17: a run that goes on shows the hits and leads it has from the start', () => {
  const event = { event: 'phase', phase: 'unknown', entriesTotal: 9, bytesTotal: 9n } as const
  expect(reduce(START, { ...event, hits: 3, leads: 2, notDone: 1 })).toMatchObject({
    hits: 3,
    leads: 2,
    notDone: 1,
  })
})

it('12 D17: sealing says how far it is, before the summary', () => {
  const exhibit = join(temporaryFolder(), 'exhibit')
  mkdirSync(exhibit)
  // More than one word of it: 4,096 entries apart.
  for (let i = 0; i < 4_200; i++) writeFileSync(join(exhibit, `${i}`), '')
  const ledger = join(temporaryFolder(), 'ledger')
  const events = seized(scanArgs(exhibit, ledger, [], '--phases', 'inventory'))
    .stdout.trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const begun = events.findIndex(({ event, phase }) => event === 'phase' && phase === 'seal')
  const sealing = events.slice(begun + 1, -1)
  // A second word, of all entries, follows where it took long enough.
  expect(sealing[0]).toMatchObject({
    event: 'progress',
    phase: 'seal',
    entriesDone: 4_096,
    entriesTotal: 4_201,
  })
})

it('12 D17: a container that is being opened says which it is and how many members it gave so far', () => {
  const exhibit = join(temporaryFolder(), 'exhibit')
  mkdirSync(exhibit)
  const members = Object.fromEntries([...Array(40).keys()].map((i) => [`${i}.txt`, Buffer.from(`${i}`)]))
  writeFileSync(join(exhibit, 'box.zip'), zipOf(members))
  const ledger = join(temporaryFolder(), 'ledger')
  const run = seized(scanArgs(exhibit, ledger, [], '--phases', 'inventory,known'))
  const inside = run.stdout
    .trim()
    .split('\n')
    .flatMap((line) => JSON.parse(line).inside ?? [])
  expect(inside[0]).toEqual({ path: 'box.zip', members: 1 })
  expect(summaryOf(run)).toMatchObject({ entries: 42 })
})

it('12 D17: verify says what it is at when a ledger is large, down to the seal', () => {
  const small = sealedLedger()
  const steps: string[] = []
  verifyLedger(small, { alone: true, tell: (step) => steps.push(step) })
  expect(steps.at(-1)).toMatch(/^the seal: \d+ entries$/)
  // Large by what was appended to it, which is a problem of its own.
  const large = join(temporaryFolder(), 'large.sqlite')
  copyFileSync(small, large)
  chmodSync(large, 0o600)
  truncateSync(large, 70_000_000)
  const run = seized(['verify', large])
  expect(run.stderr).toContain(`Verifying ${large} (70 MB) …\n`)
  expect(run.status).toBe(4)
  expect(seized(['verify', small]).stderr).not.toContain('Verifying')
})

it('12 D17: loading a large list says at once that it does, and then how far it is', () => {
  const said: string[] = []
  const tell = tellOfLists((line) => said.push(line))
  tell({ file: '/lists/small.txt', bytesRead: 10, bytesTotal: 1_000, rowsRead: 1 })
  tell({ file: '/lists/na\u001btional.txt', bytesRead: 10, bytesTotal: 4_000_000_000, rowsRead: 1 })
  expect(said).toEqual(['Loading the hash list /lists/na\\u{1b}tional.txt (4.0 GB) …\n'])
  const next = seldom(Number.NEGATIVE_INFINITY, (line) => said.push(line))
  for (const step of ['the chain: 1', 'the chain: 2']) next(step)
  expect(said.slice(1)).toEqual(['  the chain: 1\n'])
})

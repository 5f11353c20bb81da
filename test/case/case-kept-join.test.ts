/** The joined contents of a case, kept for the next start: used when they are what this installation made of these ledgers, never else. */
import { chmodSync, lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { makeReviewLedger } from '../../fixtures/ledgers/review.ts'
import { type JoinNotes, keptJoin } from '../../src/case/kept-join.ts'
import { attribute } from '../../src/contracts/attribute.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { openReview } from '../e2e/running-review.ts'
import { temporaryFolder } from '../e2e/seized.ts'
import { type Copies, caseOf, copiesOf, remove, scanAll, stateIn } from './exhibits.ts'

const ALL_TILES = { order: 'place', queue: 'all', query: '', stacked: false, around: null }

/** What a review of the case shows: names of its contents. */
async function shown({ dir, folder }: Copies): Promise<readonly string[]> {
  const review = await openReview([dir, '--scale', 'vics-us', '--operator', 'A. Example'], stateIn(folder))
  const json = async (what: string, body: object) => (await review.post(what, body)).json() as Promise<never>
  const { view }: { view: number } = await json('view', ALL_TILES)
  const { tiles }: { tiles: readonly { sha256: string }[] } = await json('tiles', {
    view,
    from: 0,
    count: 50,
  })
  await review.post('end')
  expect(await review.ended).toBe(0)
  return tiles.map(({ sha256 }) => sha256).sort()
}

const keptIn = ({ dir }: Copies) =>
  readdirSync(join(dir, 'joined')).map((name) => {
    const file = join(dir, 'joined', name, 'joined.sqlite')
    return { name, file, inode: lstatSync(file).ino, mode: lstatSync(file).mode & 0o777 }
  })

it('is used by the next review, and made again after anything of it or of the case was changed', async () => {
  const scanned = await scanAll()
  onTestFinished(() => remove(scanned))
  const copies = copiesOf(scanned)
  const { dir, seized, ledger } = copies
  const two = ['--from', ledger('LTU-03'), '--from', ledger('LTU-09')]
  expect(seized('case', 'init', 'T-1', '--dir', dir, ...two).status).toBe(0)
  const before = await shown(copies)
  const [first, ...others] = keptIn(copies)
  expect([others, first!.mode]).toEqual([[], 0o600])
  expect(lstatSync(join(dir, 'joined')).mode & 0o777).toBe(0o700)

  // The second start has the same file.
  expect(await shown(copies)).toEqual(before)
  expect(keptIn(copies)).toEqual([first])

  // Bytes that were changed, a file that others may read, a link, another installation: made again, with the same contents.
  const changed = [
    (file: string) => {
      const bytes = readFileSync(file)
      bytes[bytes.length - 100] = bytes[bytes.length - 100]! ^ 1
      writeFileSync(file, bytes)
    },
    (file: string) => chmodSync(file, 0o644),
    (file: string) => writeFileSync(join(file, '../joined.json'), '{"key":"","exhibits":[],"priorities":{}}'),
    () => rmSync(join(copies.folder, 'state', 'seized', 'joined-cases')),
  ]
  for (const change of changed) {
    const [now] = keptIn(copies)
    change(now!.file)
    const bytes = readFileSync(now!.file)
    expect(await shown(copies)).toEqual(before)
    const [again, ...more] = keptIn(copies)
    expect([more, again!.name, again!.mode]).toEqual([[], first!.name, 0o600])
    expect(readFileSync(again!.file).equals(bytes)).toBe(false)
  }

  // An exhibit more: other contents, and nothing is left of the former.
  expect(seized('case', 'add', dir, ledger('LTU-07')).status).toBe(0)
  const after = await shown(copies)
  expect(after.length).toBeGreaterThan(before.length)
  const [newer, ...left] = keptIn(copies)
  expect([left, newer!.name === first!.name]).toEqual([[], false])
  expect(seized('case', 'verify', dir).status).toBe(0)
}, 180_000)

it('is not made in a folder that cannot be written: the review goes on without', async () => {
  const scanned = await scanAll()
  onTestFinished(() => remove(scanned))
  const copies = caseOf(scanned)
  writeFileSync(join(copies.dir, 'joined'), 'a file in its place')
  expect(await shown(copies)).toHaveLength(4)
  expect(readFileSync(join(copies.dir, 'joined'), 'utf8')).toBe('a file in its place')
}, 120_000)

it('never shows a ledger that was changed as it was before, and stays for who has it open', () => {
  const folder = temporaryFolder()
  const path = join(folder, 'one.sqlite')
  const noted = new Map<string, string>()
  const notes: JoinNotes = {
    noted: (at) => noted.get(at) ?? null,
    note: (at, digest) => void noted.set(at, digest),
  }
  const joinOf = (text: string) => {
    rmSync(path, { force: true })
    const found = (number: number) => (number === 1 ? [attribute('camera-model', { text })] : [])
    makeReviewLedger({ path, contents: 8, stackOf: 1, seal: true, found })
    return join8()
  }
  const join8 = () => {
    const ledger = openLedger(path)
    const joined = keptJoin(folder, 'T-1', [ledger], notes, (sentence) => expect(sentence).toBe(''))
    ledger.close()
    return joined
  }
  const says = ({ path: at }: { path: string }, text: string) => readFileSync(at).includes(Buffer.from(text))
  const old = joinOf('Phone before')
  expect([says(old, 'Phone before'), says(old, 'Phone after')]).toEqual([true, false])
  const same = join8()
  expect([same.path, same.exhibits, [...same.priorities]]).toEqual([
    old.path,
    old.exhibits,
    [...old.priorities],
  ])
  const newer = joinOf('Phone after')
  expect([says(newer, 'Phone before'), says(newer, 'Phone after')]).toEqual([false, true])
  // A review that is open reads on in the former one.
  expect(says(old, 'Phone before')).toBe(true)
  for (const one of [old, same, newer]) one.remove()
  const last = joinOf('Phone after all')
  expect(readdirSync(join(folder, 'joined'))).toHaveLength(1)
  last.remove()
})

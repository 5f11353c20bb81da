/** `seized review CASE`: each content once, one decision for every ledger that holds it, whatever is killed between. */
import { createHash } from 'node:crypto'
import { chmodSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { custodyPath, readCustody } from '../../src/ledger/custody/custody.ts'
import { openReview } from '../e2e/running-review.ts'
import { screenOf, tilesIn } from '../e2e/screens.ts'
import { drawn } from '../whole.ts'
import {
  type Copies,
  caseOf,
  type ExhibitId,
  picture,
  remove,
  type Scanned,
  scanAll,
  stateIn,
} from './exhibits.ts'

let scanned: Scanned
const digests: string[] = []
beforeAll(async () => {
  scanned = await scanAll()
  for (const seed of [0, 1, 2, 3, 4])
    digests.push(
      createHash('sha256')
        .update(await picture(seed))
        .digest('hex'),
    )
}, 120_000)
afterAll(() => remove(scanned))

const ALL_TILES = { order: 'priority', queue: 'all', query: '', stacked: false, around: null }
const ALL: readonly ExhibitId[] = ['LTU-03', 'LTU-07', 'LTU-09']

async function reviewed({ dir, folder }: Copies, more: Record<string, string> = {}, ...args: string[]) {
  const review = await openReview([dir, '--scale', 'vics-us', '--operator', 'A. Example', ...args], {
    ...stateIn(folder),
    ...more,
  })
  const decide = (seed: number, category: string) =>
    review.post('decide', {
      act: 'decided',
      category,
      note: '',
      of: { contents: [digests[seed]!], count: 1 },
    })
  const end = async () => {
    await review.post('end')
    return review.ended
  }
  return { ...review, decide, end }
}

/** Decisions in a log: seed of the picture, category, and id. */
const decisionsIn = (of: string) =>
  readCustody(of).flatMap(({ fact, detail, head, operator }) =>
    fact?.kind === 'decision'
      ? [
          {
            seed: digests.indexOf(fact.sha256),
            category: fact.category,
            id: detail.decision ?? head,
            operator,
          },
        ]
      : [],
  )

const verified = ({ seized, dir, ledger }: Copies) => {
  const { status, stdout } = seized('case', 'verify', dir)
  expect([status, stdout]).toEqual([0, expect.stringContaining('VERIFIED: the case and 3 ledgers')])
  for (const one of ALL) expect(seized('verify', ledger(one)).status).toBe(0)
}

it('shows each content once with its places by exhibit; a decision is in each ledger that holds the content', async () => {
  const copies = caseOf(scanned)
  const { dir, ledger } = copies
  const review = await reviewed(copies)
  const made = (await (await review.post('view', ALL_TILES)).json()) as {
    tiles: number
  }
  expect([review.said(), made.tiles]).toEqual([expect.stringContaining('4 contents in this pass'), 4])
  const said = JSON.stringify(await (await review.post('details', { sha256: digests[1] })).json())
  // Names are isolated for texts of both directions.
  const details = said.replace(/[\u2066-\u2069]/g, '')
  for (const place of [
    'LTU-03/DCIM/a.jpg',
    'LTU-07/backup/one.jpg',
    'LTU-07/backup/again.jpg',
    'LTU-09/x/a-renamed.jpg',
  ])
    expect(details).toContain(place)
  expect((await review.decide(1, '2')).status).toBe(200)
  expect((await review.decide(3, '3')).status).toBe(200)
  expect(await review.end()).toBe(0)

  const inCase = decisionsIn(join(dir, 'case'))
  expect(inCase.map(({ seed, category }) => [seed, category])).toEqual([
    [1, '2'],
    [3, '3'],
  ])
  expect(decisionsIn(ledger('LTU-03'))).toEqual(inCase)
  for (const one of ['LTU-07', 'LTU-09'] as const) expect(decisionsIn(ledger(one))).toEqual([inCase[0]])
  const copy = readCustody(ledger('LTU-09')).find(({ fact }) => fact?.kind === 'decision')!
  expect(copy.detail).toMatchObject({ case: 'T-1', seen: 'none' })
  verified(copies)
})

it('takes in what was decided on one ledger, once, and gives it to the others; the newest of a person stands', async () => {
  const copies = caseOf(scanned)
  const { dir, ledger, seized } = copies
  const decide = (one: ExhibitId, seed: number, category: string, operator: string) =>
    expect(
      seized(
        'decide',
        ledger(one),
        '--sha256',
        digests[seed]!,
        '--scale',
        'vics-us',
        '--category',
        category,
        '--operator',
        operator,
      ).status,
    ).toBe(0)
  decide('LTU-09', 1, '1', 'B. Example')
  decide('LTU-03', 1, '2', 'B. Example')
  decide('LTU-07', 1, '3', 'C. Example')
  const before = seized('case', 'verify', dir)
  expect([before.status, before.stdout]).toEqual([75, expect.stringContaining('the case lacks 1 decision')])
  expect(await (await reviewed(copies)).end()).toBe(0)
  const inCase = decisionsIn(join(dir, 'case')).map(({ category, operator }) => [category, operator])
  expect(inCase).toEqual([
    ['1', 'B. Example'],
    ['2', 'B. Example'],
    ['3', 'C. Example'],
  ])
  // LTU-03 has the newest of B. Example and gets no older one after it.
  expect(decisionsIn(ledger('LTU-03')).map(({ category }) => category)).toEqual(['2', '3'])
  expect(decisionsIn(ledger('LTU-09')).map(({ category }) => category)).toEqual(['1', '2', '3'])
  verified(copies)
  const all = () => ALL.map((one) => decisionsIn(ledger(one)))
  const stand = all()
  expect(await (await reviewed(copies)).end()).toBe(0)
  expect(all()).toEqual(stand)

  // A third person settles what two decided differently: in each ledger the event names the decisions of that ledger.
  const third = await openReview(
    [dir, '--scale', 'vics-us', '--operator', 'D. Example', '--pass', 'adjudicate'],
    stateIn(copies.folder),
  )
  const of = { contents: [digests[1]!], count: 1 }
  const settled = await third.post('decide', { act: 'adjudicated', category: '2', note: 'as agreed', of })
  expect(settled.status).toBe(200)
  await third.post('end')
  await third.ended
  for (const one of ALL) {
    const events = readCustody(ledger(one))
    const last = events.findLast(({ fact }) => fact?.kind === 'decision')!
    const numbers = last.detail.of!.split(' ').map(Number)
    expect(numbers.map((number) => events.find((event) => event.number === number)!.operator).sort()).toEqual(
      ['B. Example', 'C. Example'],
    )
  }
  // And the log of the case is lost: it comes back from the ledgers, each decision once.
  const ids = (of: string) =>
    decisionsIn(of)
      .map(({ id }) => id)
      .sort()
  const held = ids(join(dir, 'case'))
  rmSync(custodyPath(join(dir, 'case')))
  const from = ALL.flatMap((one) => ['--from', ledger(one)])
  expect(seized('case', 'init', 'T-1', '--dir', dir, ...from).status).toBe(0)
  expect(ids(join(dir, 'case'))).toEqual(held)
  verified(copies)
}, 180_000)

it.each(drawn([1, 3, 2], 0, 2))(
  'loses and doubles no decision when it is killed before copy %i',
  async (times) => {
    const copies = caseOf(scanned)
    const { dir, ledger, seized } = copies
    const review = await reviewed(copies, { SEIZED_CRASH_AT: `case:before-copies:${times}` })
    await expect(review.decide(1, '2')).rejects.toThrow()
    expect(await review.ended).toBeNull()
    const [decided] = decisionsIn(join(dir, 'case'))
    expect(decided).toMatchObject({ seed: 1, category: '2' })
    const got = ALL.filter((one) => decisionsIn(ledger(one)).length > 0)
    expect(got).toEqual(ALL.slice(0, times - 1))
    const { status, stdout } = seized('case', 'verify', dir)
    expect([status, stdout]).toEqual([
      75,
      expect.stringContaining(`the custody log of ${ALL[times - 1]} lacks 1 decision`),
    ])
    expect(await (await reviewed(copies)).end()).toBe(0)
    for (const one of ALL) expect(decisionsIn(ledger(one))).toEqual([decided])
    verified(copies)
  },
)

it('ends where a ledger can no longer be written, says so, and writes the copy when it can', async () => {
  const copies = caseOf(scanned)
  const { dir, ledger } = copies
  const review = await reviewed(copies)
  const log = custodyPath(ledger('LTU-07'))
  chmodSync(log, 0o400)
  renameSync(ledger('LTU-07'), `${ledger('LTU-07')}.away`)
  const answer = await review.decide(1, '2')
  expect([answer.status, JSON.stringify(await answer.json())]).toEqual([
    409,
    expect.stringContaining('LTU-07 was moved or replaced'),
  ])
  await review.ended
  renameSync(`${ledger('LTU-07')}.away`, ledger('LTU-07'))
  chmodSync(log, 0o600)
  expect(await (await reviewed(copies)).end()).toBe(0)
  expect(decisionsIn(ledger('LTU-07'))).toEqual(decisionsIn(join(dir, 'case')))
  verified(copies)
})

it('shows tiles of the exhibits at hand and cells of the others; a decision says how much was seen', async () => {
  const copies = caseOf(scanned)
  const { dir, folder, ledger, seized } = copies
  const at = (one: ExhibitId, path = scanned.root(one)) => ['--exhibit-at', `${one}=${path}`]
  const wrong = (...args: string[]) =>
    seized('review', dir, '--scale', 'vics-us', '--operator', 'A. Example', '--allow-writable-mount', ...args)
  expect(wrong('--exhibit-at', 'LTU-99=x').stderr).toContain(
    'an exhibit of the case, each once: LTU-03, LTU-07, LTU-09',
  )
  expect(wrong(...at('LTU-03', scanned.root('LTU-09'))).stderr).toContain('is not the exhibit of this ledger')

  const review = await reviewed(copies, {}, '--allow-writable-mount', ...at('LTU-07'), ...at('LTU-09'))
  const tiles = await tilesIn(await screenOf(review, { count: 4 }))
  const levels = Object.fromEntries(
    tiles.map(({ sha256, level, frames }) => [digests.indexOf(sha256), [level, frames.length]]),
  )
  // Picture 3 lies on LTU-03 alone, which is not at hand.
  expect(levels).toMatchObject({ 1: ['blurred', 1], 2: ['blurred', 1], 4: ['blurred', 1] })
  expect(levels[3]).toBeUndefined()
  for (const seed of [1, 3]) expect((await review.decide(seed, '1')).status).toBe(200)
  expect(await review.end()).toBe(0)
  const seen = readCustody(ledger('LTU-03')).flatMap(({ fact, detail }) =>
    fact?.kind === 'decision' ? [[digests.indexOf(fact.sha256), detail.seen]] : [],
  )
  expect(seen).toEqual([
    [1, 'blurred'],
    [3, 'none'],
  ])
  expect(readCustody(join(dir, 'case')).some(({ event }) => event === 'screen-shown')).toBe(true)
  const own = join(folder, 'own.csv')
  const written = seized('case', 'export-decisions', dir, '--scale', 'vics-us', '--out', own)
  expect(written.stdout).toContain('1 own decisions on vics-us')
  expect(readFileSync(own, 'utf8')).toContain(digests[1])
  verified(copies)
}, 180_000)

it('is reported with each decision once, and in VICS with each content once and its places by exhibit', async () => {
  const copies = caseOf(scanned)
  const { dir, folder, seized, ledger } = copies
  const first = await reviewed(copies)
  await first.decide(1, '1')
  await first.decide(2, '0')
  expect(await first.end()).toBe(0)
  const graded = [
    '--sha256',
    digests[1]!,
    '--scale',
    'vics-us',
    '--category',
    '2',
    '--operator',
    'B. Example',
  ]
  expect(seized('decide', ledger('LTU-07'), ...graded).status).toBe(0)
  const third = await reviewed(copies, {}, '--operator', 'D. Example', '--pass', 'adjudicate')
  const of = { contents: [digests[1]!], count: 1 }
  const settled = await third.post('decide', { act: 'adjudicated', category: '1', note: 'agreed', of })
  expect(settled.status).toBe(200)
  expect(await third.end()).toBe(0)

  const out = join(folder, 'case.html')
  expect(seized('report', dir, '--format', 'html', '--out', out).status).toBe(0)
  const page = readFileSync(out, 'utf8').replace(/<[^>]*>/g, ' ')
  // Once, for a content that lies on three exhibits.
  expect(page.match(/A\. Example, [^;]*? UTC: category 1/g)).toHaveLength(1)
  expect(page.match(/D\. Example, [^;]*? UTC, settles the difference: category 1/g)).toHaveLength(1)
  expect(page).toContain('vics-us: settled by a third person')
  expect(page).toContain('Decisions of the case count for equal contents of all its exhibits')
  expect(page).not.toContain('LTU-03: vics-us')
  for (const exhibit of ALL) expect(page).toContain(exhibit)

  const vics = JSON.parse(seized('report', dir, '--format', 'vics', '--scale', 'vics-us').stdout)
  type Property = { PropertyName: string; PropertyValue: string }
  type Media = {
    MediaID: number
    Category: number | null
    AlternativeHashes: { HashValue: string }[]
    MediaFiles: { SourceID: string; FilePath: string }[]
    MediaMetadata: Property[]
  }
  const [one, ...more] = vics.value as { CaseNumber: string; CaseMetadata: Property[]; Media: Media[] }[]
  expect([one!.CaseNumber, more]).toEqual(['T-1', []])
  const values = (name: string) =>
    one!.CaseMetadata.filter(({ PropertyName }) => PropertyName === name).map((of) => of.PropertyValue)
  expect(values('seized:exhibit')).toEqual(ALL)
  expect(values('seized:ledger')).toEqual(ALL.map((exhibit) => `${exhibit}: sealed`))
  const media = one!.Media
  // Four contents at seven places on three exhibits.
  expect(media).toHaveLength(4)
  expect(media.map(({ MediaID }) => MediaID)).toEqual(media.map((_, i) => i + 1))
  const ofFirst = media.filter(({ AlternativeHashes }) => AlternativeHashes[0]!.HashValue === digests[1])
  expect(ofFirst.map(({ Category }) => Category)).toEqual([1])
  expect(ofFirst[0]!.MediaFiles.map(({ SourceID, FilePath }) => [SourceID, FilePath]).sort()).toEqual([
    ['LTU-03', 'DCIM/a.jpg'],
    ['LTU-07', 'backup/again.jpg'],
    ['LTU-07', 'backup/one.jpg'],
    ['LTU-09', 'x/a-renamed.jpg'],
  ])
  // What a person decided is said once, not once for each exhibit; the third person settles it.
  const said = ofFirst[0]!.MediaMetadata.filter(({ PropertyName }) => PropertyName === 'seized:decision')
  expect(said.map(({ PropertyValue }) => /operator=([^;]*)/.exec(PropertyValue)![1]).sort()).toEqual([
    'A. Example',
    'B. Example',
    'D. Example',
  ])
  const exposure = seized('exposure', dir, ledger('LTU-03'))
  expect(exposure.status).toBe(0)
}, 180_000)

it('lets persons of the case act by their role', () => {
  const { dir, seized } = caseOf(scanned)
  const review = (...more: string[]) => seized('review', dir, '--scale', 'vics-us', ...more)
  expect(seized('case', 'person', dir, 'A. Example', '--role', 'grade').status).toBe(0)
  expect(review('--operator', 'B. Example').stderr).toContain('is no person of case T-1')
  expect(review('--operator', 'A. Example', '--pass', 'adjudicate').stderr).toContain('has the role grade')
  expect(review('--operator', 'A. Example', '--image', 'x.E01').stderr).toContain('of one exhibit')
})

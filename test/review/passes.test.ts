import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeReviewLedger, reviewContent } from '../../fixtures/ledgers/review.ts'
import { UsageError } from '../../src/base/errors.ts'
import type { Score } from '../../src/contracts/finding.ts'
import { readCustody } from '../../src/ledger/custody/custody.ts'
import { decisionsOf, outcomeOf, recordDecisions } from '../../src/ledger/custody/decisions.ts'
import { agreementOn } from '../../src/review/gradings.ts'
import type { Tile, ViewAsked } from '../../src/review/said.ts'
import { isDrawn } from '../../src/review/sample.ts'
import { temporaryFolder, verifyAlone } from '../ledger/temporary.ts'
import { reviewLedger, type Served, served } from './review-server.ts'

const ALL: ViewAsked = { order: 'place', queue: 'all', query: '', stacked: false, around: null }
/** Each number another. */
const ownScore = (number: number): Score => ({
  kind: 'score',
  classifier: 'own-test',
  modelSha256: 'cd'.repeat(32),
  label: 'own-model',
  scorePer10k: (number * 137) % 10_000,
  thresholdPer10k: 5000,
})
const shaOf = (number: number) => reviewContent(number).digests.sha256

/** Decided without a page, by somebody else. */
function decidedBy(path: string, operator: string, categories: Readonly<Record<number, string>>): void {
  recordDecisions(
    path,
    Object.entries(categories).map(([number, category]) => ({
      kind: 'decision',
      sha256: shaOf(Number(number)),
      scale: 'vics-us',
      act: 'decided',
      category,
      note: 'a note that tells',
      pass: 'first',
      session: null,
    })),
    { operator, account: 'tester' },
  )
}

async function tilesOf(review: Served, asked: Partial<ViewAsked> = {}): Promise<readonly Tile[]> {
  const made = (await review.post('view', { ...ALL, ...asked })).json() as { view: number; tiles: number }
  const answer = await review.post('tiles', { view: made.view, from: 0, count: 200 })
  return answer.json().tiles as readonly Tile[]
}

const decide = (review: Served, number: number, category: string, more: object = {}) =>
  review.post('decide', {
    act: 'decided',
    category,
    note: '',
    of: { contents: [shaOf(number)], count: 1 },
    ...more,
  })

describe('the pass', () => {
  it('second has what needs eyes and what goes into a report', async () => {
    const path = reviewLedger(8)
    decidedBy(path, 'B. Example', { 0: '1', 1: '0', 2: '2' })
    const first = await served(path)
    await first.hello()
    expect((await first.post('eyes', { of: { contents: [shaOf(3)], count: 1 } })).json()).toMatchObject({
      decided: 1,
    })
    expect((await tilesOf(first, { queue: 'left' })).length).toBe(7)
    expect((await tilesOf(first, { queue: 'needs-eyes' })).map(({ sha256 }) => sha256)).toEqual([shaOf(3)])
    await first.close()
    const second = await served(path, { pass: 'second' })
    await second.hello()
    expect((await tilesOf(second)).map(({ sha256 }) => sha256)).toEqual([0, 2, 3].map(shaOf))
    expect((await decide(second, 1, '2')).json()).toMatchObject({
      refused: expect.stringContaining('not among'),
    })
    expect((await decide(second, 3, '2')).status).toBe(200)
    expect((await tilesOf(second, { queue: 'needs-eyes' })).length).toBe(0)
  })

  it('peer is drawn by a seed, whole for some categories, and says nothing of what others decided', async () => {
    const path = reviewLedger(40)
    const categories = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [i, i < 3 ? '1' : '0']))
    decidedBy(path, 'B. Example', categories)
    const sample = { seed: '2026-114', percent: 25 }
    const review = await served(path, { pass: 'peer', sample, categories: ['1'] })
    await review.hello()
    const tiles = await tilesOf(review)
    const drawn = Array.from({ length: 30 }, (_, i) => i).filter(
      (i) => i < 3 || isDrawn(sample, Buffer.from(shaOf(i), 'hex')),
    )
    expect(tiles.map(({ sha256 }) => sha256)).toEqual(drawn.map(shaOf))
    expect(drawn.length).toBeLessThan(20)
    expect(tiles.every(({ mine, outcome, eyes }) => mine === null && outcome === null && !eyes)).toBe(true)
    const details = await review.post('details', { sha256: shaOf(0) })
    expect(details.json()).toMatchObject({ blind: true, decisions: [] })
    for (const bytes of [details.bytes, (await review.post('beat')).bytes]) {
      expect(bytes.toString()).not.toContain('B. Example')
      expect(bytes.toString()).not.toContain('a note that tells')
    }
    for (const asked of [
      { queue: 'differing' },
      { query: 'decided:1' },
      { query: 'NOT (decided:1 OR name:a)' },
    ])
      expect([asked, (await review.post('view', { ...ALL, ...asked })).json().refused]).toEqual([
        asked,
        expect.stringContaining('blind'),
      ])
    await decide(review, 0, '2')
    await decide(review, 1, '1')
    expect((await review.post('details', { sha256: shaOf(0) })).json().decisions).toMatchObject([
      { who: 'A. Example', what: 'decided 2' },
    ])
    const opened = readCustody(path).find(({ event }) => event === 'review-opened')!
    expect(opened.detail).toMatchObject({ sampleSeed: '2026-114', samplePercent: '25', wholeCategories: '1' })
    const made = decisionsOf(readCustody(path))
    const found = agreementOn('vics-us', made, ['0', '1', '2'], 's')
    expect(found.outcomes).toEqual({ single: 28, agreed: 1, differing: 1, adjudicated: 0 })
    expect(found.pairs).toMatchObject([{ graders: ['A. Example', 'B. Example'], contents: 2, agreed: 1 }])
  })

  it('adjudicate has what differs, shows both, settles with a reason, and nobody settles what they decided', async () => {
    const path = reviewLedger(6)
    decidedBy(path, 'B. Example', { 0: '1', 1: '1', 2: '3' })
    decidedBy(path, 'C. Example', { 0: '2', 1: '1', 2: '4' })
    decidedBy(path, 'A. Example', { 2: '4' })
    const review = await served(path, { pass: 'adjudicate' })
    await review.hello()
    expect((await tilesOf(review)).map(({ sha256, outcome }) => [sha256, outcome])).toEqual([
      [shaOf(0), 'differing'],
      [shaOf(2), 'differing'],
    ])
    expect((await review.post('details', { sha256: shaOf(0) })).json().decisions).toMatchObject([
      { who: 'B. Example', what: 'decided 1' },
      { who: 'C. Example', what: 'decided 2' },
    ])
    const refusal = async (number: number, more: object) =>
      (await decide(review, number, '1', more)).json().refused
    expect(await refusal(0, {})).toContain('adjudicate')
    expect(await refusal(0, { act: 'adjudicated' })).toContain('needs a reason')
    expect(await refusal(2, { act: 'adjudicated', note: 'why' })).toContain('cannot settle it')
    expect((await decide(review, 0, '1', { act: 'adjudicated', note: 'why' })).json()).toMatchObject({
      decided: 1,
      progress: { left: 1, total: 2 },
    })
    const outcome = () => outcomeOf(decisionsOf(readCustody(path)).get(shaOf(0))!, 'vics-us')
    expect(outcome()).toEqual({ kind: 'adjudicated', category: '1' })
    expect((await review.post('undo')).status).toBe(200)
    expect(outcome()).toEqual({ kind: 'differing', categories: ['1', '2'] })
    expect(verifyAlone(path).problems).toEqual([])
  })
})

describe('what is in quarantine', () => {
  it('is on no view, in no stack, and cannot be asked for or decided', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'case.sqlite')
    makeReviewLedger({
      path,
      contents: 12,
      stackOf: 4,
      seal: true,
      privileged: 'path:DCIM/0000/IMG_0000002.jpg',
    })
    const review = await served(path)
    expect((await review.hello()).closed).toEqual({ contents: 1, listed: 0 })
    expect((await tilesOf(review)).map(({ sha256 }) => sha256)).toEqual(
      [0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11].map(shaOf),
    )
    expect((await review.post('stack', { sha256: shaOf(0) })).json()).toEqual({ count: 3 })
    for (const answer of [
      await review.post('details', { sha256: shaOf(2) }),
      await review.post('stack', { sha256: shaOf(2) }),
      await decide(review, 2, '1'),
    ])
      expect([answer.status, answer.json().refused]).toEqual([
        409,
        expect.stringContaining('not among the contents'),
      ])
  })
})

describe('a decision on the page', () => {
  it('says what the person had seen, and one of two sessions never replaces what another person decided', async () => {
    const path = reviewLedger(12)
    const a = await served(path)
    const b = await served(path, { operator: 'B. Example' })
    await a.hello()
    await b.hello()
    await decide(a, 9, '1')
    await tilesOf(a)
    // As the page does when tiles come into sight.
    const sight = { view: 1, from: 0, count: 12, need: [...Array(12).keys()], ahead: 0 }
    expect((await a.post('screen', { ...sight, level: null, treatment: 'blur', turn: 1 })).status).toBe(200)
    await decide(a, 0, '1')
    await decide(b, 0, '2')
    const made = decisionsOf(readCustody(path))
    expect(outcomeOf(made.get(shaOf(0))!, 'vics-us').kind).toBe('differing')
    const seen = (sha256: string) =>
      readCustody(path).flatMap(({ fact, detail }) =>
        fact?.kind === 'decision' && fact.sha256 === sha256 ? [detail.seen] : [],
      )
    expect([seen(shaOf(9)), seen(shaOf(0))]).toEqual([['none'], ['cells', 'none']])
    // Content 9 has no preview, so nothing of it was seen; A sees that B differs.
    expect((await tilesOf(a)).find(({ sha256 }) => sha256 === shaOf(0))!.outcome).toBe('differing')
  })

  it('of another number of contents than the person was told is refused, and so is what makes no sense', async () => {
    const path = reviewLedger(12, 4)
    const review = await served(path)
    await review.hello()
    const before = readCustody(path).length
    const refused = async (asked: object) => (await decide(review, 0, '1', asked)).json().refused
    expect(await refused({ of: { stackOf: shaOf(0), count: 3 } })).toContain(
      'These are 4 contents now, not 3',
    )
    expect(await refused({ of: { view: 7, count: 3 } })).toContain('no longer open')
    expect(await refused({ category: '17' })).toContain('no category "17"')
    expect(await refused({ category: null })).toContain('no category')
    expect(await refused({ act: 'withdrawn', category: null })).toContain('nothing of yours')
    for (const asked of [
      { act: 'deleted' },
      { of: null },
      { of: { contents: ['abc'], count: 1 } },
      { note: 7 },
      { of: { stackOf: shaOf(0), count: 1.5 } },
    ])
      expect([asked, await refused(asked)]).toEqual([asked, expect.stringContaining('makes no sense')])
    expect(readCustody(path).length).toBe(before)
    expect((await decide(review, 0, '1', { of: { stackOf: shaOf(0), count: 4 } })).json()).toMatchObject({
      decided: 4,
    })
    expect((await review.post('undo')).json()).toMatchObject({ progress: { left: 12 } })
    const undone = (await review.post('undo')).json()
    expect(undone.refused).toContain('Nothing is left to undo')
    expect(undone).toMatchObject({ word: 'refused-no-undo', params: {} })
  })

  it('undoes the last act and none before it, also where the first try could not be logged', async () => {
    const review = await served(reviewLedger(12))
    await review.hello()
    await decide(review, 0, '1')
    await decide(review, 1, '2')
    const log = review.session.log as { ledger?: string }
    Object.defineProperty(log, 'ledger', {
      configurable: true,
      get: () => {
        throw new UsageError('The log is full.')
      },
    })
    expect((await review.post('undo')).status).toBe(409)
    delete log.ledger
    expect((await review.post('undo')).status).toBe(200)
    const standing = (number: number) =>
      decisionsOf(readCustody(review.ledger)).get(shaOf(number))!.at(-1)!.act
    expect([standing(0), standing(1)]).toEqual(['decided', 'withdrawn'])
  })

  it('shows first what a model of the agency’s own is least sure of, among those left to decide', async () => {
    const path = join(temporaryFolder(), 'own.sqlite')
    makeReviewLedger({ path, contents: 60, stackOf: 1, seal: true, found: (number) => [ownScore(number)] })
    const review = await served(path)
    await review.hello()
    const away = (i: number) => Math.abs(ownScore(i).scorePer10k - 5000)
    const expected = Array.from({ length: 60 }, (_, i) => i).sort((a, b) => away(a) - away(b))
    const next = async () =>
      (await tilesOf(review, { order: 'grade-next', queue: 'left' })).map(({ sha256 }) => sha256)
    expect(await next()).toEqual(expected.map(shaOf))
    await decide(review, expected[0]!, '1')
    expect(await next()).toEqual(expected.slice(1).map(shaOf))
  })

  it('stands in every order, and a stack is near to its first', async () => {
    const review = await served(reviewLedger(40, 4))
    await review.hello()
    const all = new Set(Array.from({ length: 40 }, (_, i) => shaOf(i)))
    for (const order of [
      'priority',
      'list',
      'place',
      'time',
      'camera',
      'similarity',
      'similar-listed',
      'grade-next',
    ] as const) {
      const tiles = await tilesOf(review, { order })
      expect([order, new Set(tiles.map(({ sha256 }) => sha256))]).toEqual([order, all])
    }
    expect((await tilesOf(review, { order: 'list' }))[0]!.sha256).toBe(shaOf(0))
    const matching = async (query: string) => (await tilesOf(review, { query })).length
    expect(await matching('priority:4')).toBe(8)
    expect(await matching('priority:none AND camera:"Example 1"')).toBe(
      Array.from({ length: 40 }, (_, i) => i).filter((i) => i % 3 === 1 && i % 5 !== 0).length,
    )
    expect(await matching('NOT lead:example OR name:IMG_0000005.jpg')).toBe(33)
    expect(
      (await tilesOf(review, { order: 'priority' })).map(({ priority }) => priority).slice(0, 10),
    ).toEqual([4, 4, 4, 4, 4, 4, 4, 4, null, null])
    const stacked = await tilesOf(review, { stacked: true })
    expect(stacked.map(({ stack }) => stack)).toEqual(Array(10).fill(4))
    const near = await tilesOf(review, { around: { sha256: shaOf(5), by: 'near' } })
    expect(near.map(({ sha256 }) => sha256).toSorted()).toEqual([4, 5, 6, 7].map(shaOf).toSorted())
    expect(near[0]!.sha256).toBe(shaOf(5))
    const beside = await tilesOf(review, { around: { sha256: shaOf(5), by: 'folder' } })
    expect(new Set(beside.map(({ sha256 }) => sha256))).toEqual(all)
    const camera = await tilesOf(review, { around: { sha256: shaOf(5), by: 'camera' } })
    expect(camera.map(({ sha256 }) => sha256).toSorted()).toEqual(
      [...all].filter((_, i) => i % 3 === 5 % 3).toSorted(),
    )
  })
})

/** Chips, months, folders, tags and notes of a review, as the page asks for them; and gradings without sight. */
import { describe, expect, it } from 'vitest'
import { reviewContent } from '../../fixtures/ledgers/review.ts'
import { readCustody } from '../../src/ledger/custody/custody.ts'
import { decisionsOf, recordDecisions } from '../../src/ledger/custody/decisions.ts'
import { isOnSight } from '../../src/ledger/custody/sight.ts'
import { tagsOf } from '../../src/ledger/custody/tags.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { chosenContents } from '../../src/review/chosen-contents.ts'
import { agreementOn } from '../../src/review/gradings.ts'
import type { Details, Tile } from '../../src/review/said.ts'
import type { Facets, Folders } from '../../src/review/said-facets.ts'
import { reviewLedger, type Served, served } from './review-server.ts'

const shaOf = (number: number) => reviewContent(number).digests.sha256
const ALL = { order: 'place', queue: 'all', query: '', stacked: false, around: null } as const

function decide(path: string, number: number, operator: string, category: string, seen: string): void {
  recordDecisions(
    path,
    [
      {
        ...{ kind: 'decision', sha256: shaOf(number), scale: 'vics-us', act: 'decided', category },
        ...{ note: '', pass: 'first', session: null, seen, seenMs: seen === 'none' ? 0 : 2000 },
      } as const,
    ],
    { operator, account: 'tester' },
  )
}

const tilesOf = async ({ post }: Served, more: object = {}) => {
  const { view, tiles } = (await post('view', { ...ALL, ...more })).json() as { view: number; tiles: number }
  const found = (await post('tiles', { view, from: 0, count: 200 })).json().tiles as readonly Tile[]
  expect(found.length).toBe(tiles)
  return found
}

describe('finding one’s way in a review', () => {
  it('counts the common filters, and each finds as many as it counts; months have every dated content', async () => {
    const review = await served(reviewLedger(24, 4, true))
    await review.hello()
    for (const [number, tag] of [
      [1, 'a "quoted" tag'],
      [2, 'a'],
    ] as const)
      await review.post('tag', { of: { contents: [shaOf(number)], count: 1 }, tag })
    const { chips, months, undated, positions, lists } = (
      await review.post('facets')
    ).json() as unknown as Facets
    expect(chips.length).toBeGreaterThan(0)
    for (const { chip, query, count } of chips)
      expect([chip, (await tilesOf(review, { query })).length]).toEqual([chip, count])
    // A filter finds a part of a value as well: `tag:a` has both.
    expect(Object.values(lists).map((values) => values.map(({ text, count }) => [text, count]))).toEqual([
      [0, 1, 2].map((one) => [`Example ${one}`, 8]),
      [
        ['B. Sender', 2],
        ['C. "Other" Sender', 2],
      ],
      [['received', 4]],
      [
        ['a', 2],
        ['a "quoted" tag', 1],
      ],
    ])
    for (const { query, count } of Object.values(lists).flat())
      expect([query, (await tilesOf(review, { query })).length]).toEqual([query, count])
    for (const [query, count] of [
      ['tag:none', 22],
      ['person:any', 4],
      ['person:none camera:"Example 1"', 8],
      ['NOT person:any tag:any', 2],
      ['direction:any direction:received person:"B. Sender"', 2],
      ['direction:sent', 0],
      ['direction:none', 20],
      // Six pictures name one of three towns, two each; one box crosses the 180th meridian.
      ['gps:any', 6],
      ['gps:54.5..54.8/25.2..25.3', 2],
      ['gps:23..24/90..91', 2],
      ['gps:-19..-17/178..-178', 2],
      ['gps:-19..55/-180..180', 6],
      ['gps:54.5..54.6/25.2..25.3', 0],
    ] as const)
      expect([query, (await tilesOf(review, { query })).length]).toEqual([query, count])
    expect(positions).toEqual([
      { latitude: -18.125, longitude: 178.45, count: 2 },
      { latitude: 23.81, longitude: 90.412, count: 2 },
      { latitude: 54.687, longitude: 25.28, count: 2 },
    ])
    expect(months.reduce((sum, { count }) => sum + count, 0) + undated).toBe(24)
  })

  it('keeps views by a name in the custody log, for the next review too; a blind pass has none of another person', async () => {
    const path = reviewLedger(6)
    const { around, ...asked } = { ...ALL, query: 'priority:4', queue: 'left' }
    const first = await served(path)
    await first.hello()
    const saved = (await first.post('save-view', { name: ' my leads ', view: asked })).json().views
    expect(saved).toEqual([{ ...asked, below: null, name: 'my leads', operator: 'A. Example', isMine: true }])
    for (const body of [
      { name: '', view: asked },
      { name: 'x'.repeat(61), view: asked },
      { name: 'x', view: { ...asked, order: 'x' } },
      { name: 'x', view: { ...asked, around: { sha256: shaOf(1), by: 'near' } } },
    ])
      expect((await first.post('save-view', body)).status).toBe(409)
    await first.close()
    expect(readCustody(path).find(({ event }) => event === 'view-saved')!.detail).toMatchObject({
      name: 'my leads',
    })
    const again = await served(path, { operator: 'B. Example' })
    await again.hello()
    expect((await again.post('views')).json().views).toMatchObject([{ name: 'my leads', isMine: false }])
    // Another person's view is not one's own to remove.
    await again.post('remove-view', { name: 'my leads' })
    expect((await again.post('views')).json().views).toHaveLength(1)
    await again.close()
    const blind = await served(path, { operator: 'B. Example', pass: 'peer' })
    await blind.hello()
    expect((await blind.post('views')).json().views).toEqual([])
    await blind.close()
    const own = await served(path)
    await own.hello()
    expect((await own.post('remove-view', { name: 'my leads' })).json().views).toEqual([])
  })

  it('leaves out of a long list the values with fewest contents, and says how many', async () => {
    const review = await served(reviewLedger(4))
    await review.hello()
    for (let i = 0; i < 202; i++)
      await review.post('tag', { of: { contents: [shaOf(0)], count: 1 }, tag: `number ${i}.` })
    await review.post('tag', { of: { contents: [shaOf(1), shaOf(2)], count: 2 }, tag: 'last and largest' })
    const { lists, left } = (await review.post('facets')).json() as unknown as Facets
    expect([lists.tag.length, left.tag, left.camera]).toEqual([200, 3, 0])
    expect(lists.tag[0]).toMatchObject({ text: 'last and largest', count: 2 })
    await review.close()
  })

  it('tells a blind pass no tag or note of another person', async () => {
    const path = reviewLedger(4)
    decide(path, 0, 'A. Example', '1', 'blurred')
    const first = await served(path)
    await first.hello()
    const of = { contents: [shaOf(0)], count: 1 }
    expect((await first.post('tag', { of, tag: 'looks like category one' })).json()).toMatchObject({
      isOn: true,
    })
    await first.close()
    const blind = await served(path, { operator: 'B. Example', pass: 'peer', categories: ['1'] })
    await blind.hello()
    expect((await tilesOf(blind)).map(({ sha256 }) => sha256)).toEqual([shaOf(0)])
    const { view } = (await blind.post('view', ALL)).json() as { view: number }
    for (const [path, body] of [
      ['tiles', { view, from: 0, count: 200 }],
      ['details', { sha256: shaOf(0) }],
      ['facets', {}],
    ] as const)
      expect([path, (await blind.post(path, body)).bytes.toString()]).toEqual([
        path,
        expect.not.stringContaining('looks like'),
      ])
    for (const query of ['tag:any', 'NOT tag:"looks like"'])
      expect((await blind.post('view', { ...ALL, query })).json().refused).toContain('blind')
    await blind.post('tag', { of, tag: 'mine' })
    expect((await tilesOf(blind)).map(({ tags }) => tags)).toEqual([['mine']])
    await blind.close()
  })

  it('says what was graded elsewhere: here by another person, on a near copy, and on another exhibit of the case', async () => {
    const others = new Map([
      [shaOf(5), [{ how: 'same', category: '1', operator: 'D. Example', exhibit: 'EX-2' } as const]],
    ])
    const path = reviewLedger(24, 4)
    decide(path, 0, 'B. Example', '2', 'blurred')
    const review = await served(path, { others })
    await review.hello()
    const contents = [0, 1, 4, 5].map(shaOf)
    const elsewhere = async ({ post }: Served) => (await post('elsewhere', { contents })).json().of
    const { exhibitId: exhibit } = review.session.ledger.case
    const near = { how: 'near', category: '2', operator: 'B. Example', exhibit }
    expect(await elsewhere(review)).toEqual([
      [{ ...near, how: 'same' }],
      [near],
      [],
      [{ how: 'same', category: '1', operator: 'D. Example', exhibit: 'EX-2' }],
    ])
    const details = (await review.post('details', { sha256: shaOf(1) })).json() as unknown as Details
    expect(details.elsewhere).toEqual([near])
    expect((await review.post('elsewhere', { contents: ['x'] })).status).toBe(409)
    await review.close()
    const blind = await served(path, { operator: 'C. Example', pass: 'peer', others })
    await blind.hello()
    const one = (await blind.post('elsewhere', { contents: [shaOf(0)] })).json().of
    expect(one).toEqual([[]])
  })

  it('has a tree of folders with counts, and a view of what lies below one', async () => {
    const review = await served(reviewLedger(24, 4))
    await review.hello()
    const below = async (node: number) =>
      ((await review.post('folders', { node })).json() as unknown as Folders).folders
    const top = await below(0)
    expect(top.map(({ name, count }) => [name, count])).toEqual([['DCIM', 24]])
    const inner = await below(top[0]!.node)
    expect(inner.reduce((sum, { count }) => sum + count, 0)).toBe(24)
    for (const { node, count } of inner) expect((await tilesOf(review, { below: node })).length).toBe(count)
  })

  it('puts a tag on contents and takes it off, keeps notes, and says both; a tag chooses for an export', async () => {
    const path = reviewLedger(6)
    const review = await served(path)
    await review.hello()
    const of = { contents: [shaOf(1), shaOf(2)], count: 2 }
    expect((await review.post('tag', { of, tag: ' series A ' })).json()).toEqual({ tagged: 2, isOn: true })
    expect(
      (await review.post('tag', { of: { contents: [shaOf(2)], count: 1 }, tag: 'series A' })).json(),
    ).toEqual({
      tagged: 1,
      isOn: false,
    })
    await review.post('note', { of: { contents: [shaOf(1)], count: 1 }, text: 'the same room as in 2025-7' })
    for (const [what, body] of [
      ['tag', { of, tag: ' ' }],
      ['note', { of, text: 'x'.repeat(2001) }],
      ['tag', { of: { ...of, count: 3 }, tag: 'x' }],
    ] as const)
      expect((await review.post(what, body)).status).toBe(409)
    const tiles = await tilesOf(review)
    expect(tiles.filter(({ tags }) => tags.length > 0).map(({ sha256, tags }) => [sha256, tags])).toEqual([
      [shaOf(1), ['series A']],
    ])
    const details = (await review.post('details', { sha256: shaOf(1) })).json() as unknown as Details
    expect([details.tags, details.notes.map(({ operator, text }) => [operator, text])]).toEqual([
      ['series A'],
      [['A. Example', 'the same room as in 2025-7']],
    ])
    await review.close()
    expect(tagsOf(readCustody(path)).of(shaOf(1))).toEqual(['series A'])
    const ledger = openLedger(path)
    try {
      const by = { categories: [], scale: null, query: null, tag: 'series A' }
      expect(chosenContents(ledger, by)).toEqual({ sha256s: [shaOf(1)], quarantined: 0 })
      expect(() => chosenContents(ledger, { ...by, tag: null })).toThrow('by one of them')
    } finally {
      ledger.close()
    }
  })
})

describe('agreement', () => {
  it('leaves out gradings without sight where that is asked for, and counts them', () => {
    const path = reviewLedger(3)
    for (const operator of ['A', 'B']) decide(path, 0, operator, '1', 'blurred')
    decide(path, 1, 'A', '1', 'none')
    decide(path, 1, 'B', '0', 'grey')
    const made = decisionsOf(readCustody(path))
    const all = agreementOn('vics-us', made, ['0', '1'], 's')
    expect([all.compared, all.withoutSight, all.pairs[0]!.agreed]).toEqual([2, 0, 1])
    const seen = agreementOn('vics-us', made, ['0', '1'], 's', isOnSight)
    expect([seen.compared, seen.withoutSight, seen.pairs[0]!.contents]).toEqual([1, 1, 1])
    // What persons decided stays: only what is compared is less.
    expect(seen.outcomes).toEqual({ single: 0, agreed: 1, differing: 1, adjudicated: 0 })
  })
})

/** Times of tiles in sight, their events in the log, what they cost there, and the policy that says what may be seen. */
import { createHash } from 'node:crypto'
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { appendAllCustody, custodyPath, readCustody } from '../../src/ledger/custody/custody.ts'
import { decisionsOf, recordDecisions } from '../../src/ledger/custody/decisions.ts'
import {
  detailOfAsked,
  detailOfShown,
  screenAskedIn,
  screenShownIn,
} from '../../src/ledger/custody/screens.ts'
import { exposureOf } from '../../src/review/exposure.ts'
import { InSight } from '../../src/review/in-sight.ts'
import { readPolicy } from '../../src/review/policy.ts'
import { liftedLevel, screenLevel } from '../../src/review/sight-rules.ts'
import { temporaryFolder } from '../ledger/temporary.ts'
import { reviewLedger, served } from './review-server.ts'

const digest = (number: number) => createHash('sha256').update(String(number)).digest()
const BY = { operator: 'A. Example', account: 'tester' }

const asked = (numbers: readonly number[], level: 'blurred' | 'grey' = 'blurred') => ({
  event: 'screen-asked',
  ...BY,
  detail: {
    session: 's',
    ...detailOfAsked({
      level,
      treatment: 'blur',
      order: 'priority',
      contents: numbers.map(digest),
      frames: 1,
    }),
  },
})

const shown = (number: number, shownMs: readonly (number | null)[]) => ({
  event: 'screen-shown',
  ...BY,
  detail: { session: 's', ...detailOfShown({ asked: number, shownMs, by: 'page' }) },
})

describe('tiles in sight', () => {
  it('count from when their pixels were sent until they leave; an event ends with its last tile', () => {
    const sight = new InSight()
    sight.add(7, 'tile', 'blurred', 'b', [1, 2, 3])
    sight.sent('tile', 1, 1000)
    sight.sent('tile', 2, 1500)
    expect(sight.of(3, 2000)).toBeNull()
    expect(sight.of(1, 2000)).toEqual({ level: 'blurred', shownMs: 1000 })
    expect(sight.remove((_, content) => content === 1, 3000, 'page')).toEqual([])
    sight.add(8, 'lift', 'grey', 'g', [2])
    sight.sent('lift', 2, 3000)
    expect(sight.of(2, 3100)).toEqual({ level: 'grey', shownMs: 100 })
    expect(sight.remove((role) => role === 'lift', 3500, 'page')).toEqual([
      { asked: 8, shownMs: [500], by: 'page' },
    ])
    expect(sight.remove(() => true, 4000, 'ended')).toEqual([
      { asked: 7, shownMs: [2000, 2500, null], by: 'ended' },
    ])
  })
})

describe('screens in the custody log', () => {
  it('are those of the newest request, also where an older one comes later', async () => {
    const review = await served(reviewLedger(12))
    await review.hello()
    const asked = { order: 'place', queue: 'all', query: '', stacked: false, around: null }
    const { view } = (await review.post('view', asked)).json()
    const screen = async (from: number, turn: number) => {
      const all = { view, from, count: 4, need: [from, from + 1, from + 2, from + 3], ahead: 0 }
      return (await review.post('screen', { ...all, level: null, treatment: 'blur', turn })).bytes.length
    }
    expect(await screen(4, 2)).toBeGreaterThan(0)
    const before = readCustody(review.ledger).length
    expect(await screen(0, 1)).toBe(0)
    expect(readCustody(review.ledger).length).toBe(before)
  })

  it('read back as they were written, and cost at most 200 bytes a tile', () => {
    const path = reviewLedger(3)
    const before = statSync(custodyPath(path)).size
    const [screens, tiles] = [60, 60]
    for (let screen = 0; screen < screens; screen++) {
      const numbers = Array.from({ length: tiles }, (_, i) => screen * tiles + i)
      const [event] = appendAllCustody(path, [asked(numbers)])
      appendAllCustody(path, [
        shown(
          event!.number,
          numbers.map((n) => (n === 3 ? null : 4321)),
        ),
      ])
    }
    const bytes = (statSync(custodyPath(path)).size - before) / (screens * tiles)
    process.stdout.write(`${bytes.toFixed(1)} bytes a tile in the custody log\n`)
    expect(bytes).toBeLessThan(200)
    const events = readCustody(path)
    const first = events.find(({ event }) => event === 'screen-asked')!
    expect(screenAskedIn(first)!.contents.slice(0, 2)).toEqual(
      [0, 1].map((n) => digest(n).toString('base64url')),
    )
    const end = screenShownIn(events.find(({ event }) => event === 'screen-shown')!)!
    expect(end.shownMs.slice(2, 5)).toEqual([4400, null, 4400])
    const [day] = exposureOf([{ ledger: path, events }], 'UTC')
    expect(day!.screens).toEqual({ blurred: { contents: 3599, shownMs: expect.any(Number), atMost: 0 } })
  })

  it('count for a decision that was made outside a review: highest level, and seconds at it', () => {
    const path = reviewLedger(3)
    const [one, two] = appendAllCustody(path, [asked([1, 2]), asked([1], 'grey'), asked([5])])
    appendAllCustody(path, [shown(one!.number, [9000, null]), shown(two!.number, [2500])])
    const decide = (number: number, operator: string) => ({
      sha256: digest(number).toString('hex'),
      operator,
    })
    for (const { sha256, operator } of [
      decide(1, 'A. Example'),
      decide(2, 'A. Example'),
      decide(5, 'A. Example'),
      decide(1, 'B'),
    ])
      recordDecisions(
        path,
        [
          {
            ...{ kind: 'decision', sha256, scale: 'vics-us', act: 'decided', category: '1', note: '' },
            ...{ pass: null, session: null, seen: 'none' },
          } as const,
        ],
        { operator, account: 'tester' },
      )
    const made = decisionsOf(readCustody(path))
    const seen = (number: number) =>
      made.get(digest(number).toString('hex'))!.map((decision) => [decision.seen, decision.seenMs])
    expect([seen(1), seen(2), seen(5)]).toEqual([
      [
        ['grey', 2500],
        ['nothing', null],
      ],
      [['nothing', null]],
      // Its screen has no end: it may have been seen, for a time that nobody knows.
      [['blurred', 0]],
    ])
  })
})

describe('a policy', () => {
  const read = (policy: object) => {
    const file = join(temporaryFolder(), 'policy.json')
    writeFileSync(file, JSON.stringify(policy))
    return readPolicy(file)
  }

  it('says which level each pass may use; what it does not say is the program’s own', () => {
    const other = { start: 'cells', screen: 'blurred', held: 'blurred' } as const
    const { rules, exportPersons, sha256 } = read({
      policy: 1,
      sight: { first: { other } },
      export: { persons: 2 },
    })
    expect([exportPersons, sha256]).toEqual([2, expect.stringMatching(/^[0-9a-f]{64}$/)])
    const rule = rules.of.first.other
    expect([screenLevel(rule, null), screenLevel(rule, 'grey'), liftedLevel(rule, 'blurred')]).toEqual([
      'cells',
      'blurred',
      null,
    ])
    expect(rules.of.first.listed.start).toBe('cells')
    expect(liftedLevel(rules.of.second.listed, 'blurred')).toBe('grey')
  })

  it.each([
    [{ policy: 2 }, 'policy'],
    [{ policy: 1, sights: {} }, 'sights'],
    [
      { policy: 1, sight: { first: { other: { start: 'grey', screen: 'blurred', held: 'grey' } } } },
      'do not rise',
    ],
    [{ policy: 1, day: { blurred: { tiles: -1 } } }, 'day.blurred.tiles'],
  ])('that makes no sense is refused: %j', (policy, why) => {
    expect(() => read(policy)).toThrow(why)
  })
})

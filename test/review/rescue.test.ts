/**
 * The queue of rescue in a running review: what the rule puts there and why, what persons move, and what a blind pass, a
 * privilege list, a ledger that is not sealed and a case make of it.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeReviewLedger, type ReviewLedger, reviewContent } from '../../fixtures/ledgers/review.ts'
import { attribute } from '../../src/contracts/attribute.ts'
import type { Finding } from '../../src/contracts/finding.ts'
import { appendCustody, readCustody } from '../../src/ledger/custody/custody.ts'
import type { RescueSaid } from '../../src/review/said-rescue.ts'
import { openReview } from '../e2e/running-review.ts'
import { seized, temporaryFolder } from '../e2e/seized.ts'

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)
const [RECENT, OLD] = [daysAgo(30), daysAgo(3000)]

const lead = (classifier: string, label: string): Finding => ({
  kind: 'score',
  classifier,
  modelSha256: 'ab'.repeat(32),
  label,
  scorePer10k: 7200,
  thresholdPer10k: 5000,
})

/**
 * Pictures 1 to 6 are of one camera with a serial number. 1 and 2 have a lead and were taken lately, 3 has a lead and is
 * old, 4 has no lead, 20 is on a list. A model marked the conversation 7; the camera of 8 took nothing else.
 */
function found(number: number): readonly Finding[] {
  const taken = (date: string, serial = '4711') => [
    attribute('camera-make', { text: 'Example' }),
    attribute('camera-model', { text: 'Phone 9' }),
    attribute('camera-serial', { text: serial }),
    attribute('capture-time', { text: `${date.replaceAll('-', ':')} 10:00:00` }),
  ]
  const model = lead('model', 'example')
  if (number === 1 || number === 2 || number === 20) return [...taken(RECENT), model]
  if (number === 3) return [...taken(OLD), model]
  if (number >= 4 && number <= 6) return taken(RECENT)
  if (number === 7)
    return [lead('grooming', 'grooming'), attribute('capture-time', { text: `${RECENT} 10:00:00` })]
  return number === 8 ? [...taken(RECENT, '1234'), model] : []
}

const sha256 = (number: number) => reviewContent(number).digests.sha256
const numberOf = (digest: string) => Array.from({ length: 24 }, (_, i) => i).find((i) => sha256(i) === digest)

function ledgerIn(folder: string, more: Partial<ReviewLedger> = {}): string {
  const path = join(folder, `${more.exhibitId ?? 'one'}.sqlite`)
  const all = { contents: 24, stackOf: 1, seal: true, leadEvery: 1000, found, ...more }
  makeReviewLedger({ path, ...all })
  if (all.seal) {
    const ledgerSha256 = createHash('sha256').update(readFileSync(path)).digest('hex')
    appendCustody(path, { event: 'sealed', operator: null, account: 'tester', detail: { ledgerSha256 } })
  }
  return path
}

const state = (folder: string) => ({ XDG_STATE_HOME: join(folder, 'state') })

async function reviewed(named: string, folder: string, ...more: string[]) {
  const by = more.includes('--operator') ? [] : ['--operator', 'A. Example']
  const review = await openReview([named, '--scale', 'vics-us', ...by, ...more], state(folder))
  const json = async (what: string, body: object) => (await review.post(what, body)).json() as Promise<never>
  const queue = async () => {
    const asked = { order: 'place', queue: 'rescue', query: '', stacked: false, around: null }
    const { view, tiles }: { view: number; tiles: number } = await json('view', asked)
    const shown: { tiles: readonly { sha256: string }[] } = await json('tiles', {
      view,
      from: 0,
      count: tiles,
    })
    return shown.tiles.map((one) => numberOf(one.sha256)).sort((a, b) => a! - b!)
  }
  const said = async (number: number) =>
    ((await json('details', { sha256: sha256(number) })) as { rescue: RescueSaid }).rescue
  const move = (numbers: readonly number[], isIn: boolean, why: string) =>
    review.post('rescue', { of: { contents: numbers.map(sha256), count: numbers.length }, isIn, why })
  const end = async () => {
    await review.post('end')
    return review.ended
  }
  return { ...review, json, queue, said, move, end }
}

it('holds new material of a camera of the exhibit and marked conversations of lately, each with its reasons', async () => {
  const folder = temporaryFolder()
  const review = await reviewed(ledgerIn(folder), folder)
  expect(await review.queue()).toEqual([1, 2, 7])
  expect(await review.said(1)).toEqual({
    isIn: true,
    reasons: [
      { code: 'first-generation', camera: expect.stringContaining('Example'), others: expect.any(Number) },
      { code: 'recent', time: RECENT, days: 365 },
    ],
    moves: [],
  })
  expect((await review.said(7)).reasons.map(({ code }) => code)).toEqual(['conversation', 'recent'])
  for (const number of [3, 4, 8, 20])
    expect([number, await review.said(number)]).toEqual([number, { isIn: false, reasons: [], moves: [] }])
  const { rescue }: { rescue: number } = await review.json('rescue-count', {})
  expect(rescue).toBe(3)
  await review.end()
})

it('is moved in and out by persons with a reason, as events; the last word stands in the next review', async () => {
  const folder = temporaryFolder()
  const ledger = ledgerIn(folder)
  const first = await reviewed(ledger, folder)
  expect((await first.move([1], false, 'a drawing')).status).toBe(200)
  expect((await first.move([9, 10], true, 'named in a letter')).status).toBe(200)
  expect(await first.queue()).toEqual([2, 7, 9, 10])
  for (const why of ['', '   ']) expect((await first.move([2], false, why)).status).toBe(409)
  expect(
    (await first.post('rescue', { of: { contents: [sha256(2)], count: 2 }, isIn: false, why: 'x' })).status,
  ).toBe(409)
  await first.end()
  const moves = readCustody(ledger).filter(({ event }) => event.startsWith('rescue'))
  expect(moves.map(({ event, operator, detail }) => [event, operator, detail.why, detail.contents])).toEqual([
    ['rescue-taken', 'A. Example', 'a drawing', sha256(1)],
    ['rescue-put', 'A. Example', 'named in a letter', `${sha256(9)} ${sha256(10)}`],
  ])
  expect(seized(['verify', ledger], state(folder)).status).toBe(0)

  const second = await reviewed(ledger, folder, '--operator', 'B. Example')
  expect(await second.queue()).toEqual([2, 7, 9, 10])
  expect(await second.said(1)).toMatchObject({
    isIn: false,
    moves: [{ isIn: false, operator: 'A. Example', why: 'a drawing' }],
  })
  await second.move([1], true, 'looked again')
  expect(await second.queue()).toEqual([1, 2, 7, 9, 10])
  expect(
    (
      await second.post('decide', {
        act: 'decided',
        category: '1',
        note: '',
        of: { contents: [sha256(9)], count: 1 },
      })
    ).status,
  ).toBe(200)
  await second.end()

  // In a blind pass what another person did is not shown; the rule is.
  const blind = await reviewed(ledger, folder, '--operator', 'C. Example', '--pass', 'peer')
  expect([await blind.queue(), await blind.said(9)]).toEqual([[], { isIn: false, reasons: [], moves: [] }])
  await blind.end()
  // The court reads it in its language.
  const out = join(folder, 'court.html')
  const report = [
    'report',
    ledger,
    '--format',
    'html',
    '--edition',
    'court',
    '--language',
    'es',
    '--out',
    out,
  ]
  expect(seized(report, state(folder)).status).toBe(0)
  expect(readFileSync(out, 'utf8')).toContain('contenido sacado de la cola de rescate')
}, 60_000)

it('shows nothing that is privileged, and says of a ledger that is not sealed that it is PARTIAL', async () => {
  const folder = temporaryFolder()
  const hidden = await reviewed(ledgerIn(folder, { privileged: `sha256:${sha256(2)}\n` }), folder)
  expect(await hidden.queue()).toEqual([1, 7])
  expect((await hidden.move([2], true, 'x')).status).toBe(409)
  await hidden.end()
  const open = ledgerIn(temporaryFolder(), { seal: false })
  const partial = await reviewed(open, folder)
  expect(await partial.queue()).toEqual([1, 2, 7])
  await partial.move([4], true, 'seen')
  await partial.end()
  expect(readCustody(open).find(({ event }) => event === 'review-opened')?.detail.partial).toBe('yes')
}, 60_000)

it('spans the exhibits of a case; what persons move stands in the log of the case', async () => {
  const folder = temporaryFolder()
  // One of them alone has one picture of the camera: no rule would take it.
  const few = (number: number) => (number === 1 ? found(1) : [])
  const rest = (number: number) => (number === 1 ? [] : found(number))
  const one = ledgerIn(folder, { exhibitId: 'LTU-03', found: few })
  const alone = await reviewed(one, folder)
  expect(await alone.queue()).toEqual([])
  await alone.end()
  const two = ledgerIn(folder, { exhibitId: 'LTU-07', found: rest })
  const dir = join(folder, 'case')
  const made = seized(
    ['case', 'init', 'T-1', '--dir', dir, '--from', one, '--from', two, '--other-case'],
    state(folder),
  )
  expect([made.status, made.stderr]).toEqual([0, expect.any(String)])
  const review = await reviewed(dir, folder)
  expect(await review.queue()).toEqual([1, 2, 7])
  await review.move([2], false, 'known family')
  await review.end()
  expect(
    readCustody(join(dir, 'case')).some(
      ({ event, detail }) => event === 'rescue-taken' && detail.why === 'known family',
    ),
  ).toBe(true)
  const again = await reviewed(dir, folder)
  expect(await again.queue()).toEqual([1, 7])
  await again.end()
  expect(seized(['case', 'verify', dir], state(folder)).status).toBe(0)
}, 60_000)

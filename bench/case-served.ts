/**
 * A case of several large ledgers with four persons at work: memory of the server by persons, and how long each waits while
 * the queue of rescue is made for one of them. The ledgers are those of `case-review`.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { findScale } from '../src/match/records/scale.ts'
import { ReviewedLedger } from '../src/review/reviewed-ledger.ts'
import type { ViewAsked } from '../src/review/said.ts'
import { ReviewSession } from '../src/review/session.ts'
import { tilesOf } from '../src/review/tiles.ts'
import { memory, timed } from './review.ts'

const PERSONS = ['A. Example', 'B. Example', 'C. Example', 'L. Lead']
const ALL: ViewAsked = { order: 'priority', queue: 'all', query: '', stacked: false, around: null }

type Ledger = ReviewSession['ledger']
type Priorities = ConstructorParameters<typeof ReviewedLedger>[1]

/** @param shared one catalogue for all, as a served case has it; else each person has one of their own */
export async function fourPersons(ledger: Ledger, priorities: Priorities, shared: boolean): Promise<void> {
  const of = shared ? 'one catalogue for all' : 'a catalogue for each'
  let common: ReviewedLedger | null = null
  const sessions: ReviewSession[] = []
  for (const [i, operator] of PERSONS.entries())
    timed(`${of}: person ${i + 1} opens, with a view, a filter and near copies of one`, () => {
      const reviewed = shared && common ? common : new ReviewedLedger(ledger, priorities)
      common = reviewed
      const session = new ReviewSession(ledger, {
        operator,
        account: 'bench',
        scale: findScale('vics-us')!,
        pass: 'first',
        sample: null,
        categories: [],
        onHead: () => {},
        pageSha256: '',
        ofCase: {
          root: ledger.path,
          reviewed,
          isAtHand: () => false,
          isPathAtHand: () => false,
          onDecided: () => {},
        },
      })
      sessions.push(session)
      const { view } = session.view(ALL)
      tilesOf(session, session.viewCalled(view), { from: 0, count: 200 })
      session.view({ ...ALL, query: 'hit:interest' })
      session.stackOf(session.contents[0]!)
    })
  process.stdout.write(`${of}: memory with four persons ${memory()}\n`)
  if (shared) await whileRescueIsMade(sessions)
  for (const one of new Set(sessions.map(({ reviewed }) => reviewed))) one.close()
}

/** One person asks for the queue; another turns pages meanwhile. */
async function whileRescueIsMade([one, other]: readonly ReviewSession[]): Promise<void> {
  const view = other!.view(ALL).view
  let isMade = false
  const startMs = performance.now()
  const before = process.cpuUsage()
  const made = one!.rescue.ready().then(() => {
    isMade = true
  })
  const waits: number[] = []
  for (let page = 0; !isMade; page++) {
    const askedMs = performance.now()
    await turn()
    tilesOf(other!, other!.viewCalled(view), { from: (page * 200) % other!.contents.length, count: 200 })
    waits.push(performance.now() - askedMs)
  }
  await made
  const { user, system } = process.cpuUsage(before)
  const sorted = waits.sort((a, b) => a - b)
  process.stdout.write(
    `the queue of rescue: ${((performance.now() - startMs) / 1000).toFixed(2)} s, ${((user + system) / 1e6).toFixed(2)} s of CPU with ${waits.length} pages of 200 for another person meanwhile; a page waited ${sorted[waits.length >> 1]?.toFixed(1)} ms in the median, ${sorted.at(-1)?.toFixed(1)} ms at most; ${one!.reviewed.rescue.proposed?.size} contents\n`,
  )
}

import { describe, expect, it } from 'vitest'
import { filePath } from '../../src/base/evidence-path.ts'
import type { ProgressEvent } from '../../src/contracts/progress.ts'
import { fractionDone, reduce, START } from '../../src/tui/state.ts'
import { hit } from '../report/synthetic-ledger.ts'
import { EVENTS, progressEvent } from './events.ts'

const stateAfter = (...events: ProgressEvent[]) => events.reduce(reduce, START)

describe('the state of the live view', () => {
  it('ends a phase when the next begins', () => {
    const { phases } = stateAfter(...EVENTS)
    expect(phases.map((p) => [p.phase, p.state])).toEqual([
      ['inventory', 'done'],
      ['known', 'done'],
    ])
  })

  it('keeps the newest hits, and tells none of the known ones', () => {
    const hits = Array.from(
      { length: 20 },
      (_, i): ProgressEvent => ({
        event: 'hit',
        path: filePath(Buffer.from(`${i}.jpg`)),
        hit: hit({ meaning: i % 2 === 0 ? 'illegal' : 'known' }),
      }),
    )
    expect(stateAfter(...hits).latestHits.map((h) => h.path)).toEqual(
      ['4', '6', '8', '10', '12', '14', '16', '18'].map((n) => `${n}.jpg`),
    )
  })

  it('does not grow with the run', () => {
    const many = Array.from({ length: 10_000 }, (): ProgressEvent => ({ event: 'warning', message: 'x' }))
    expect(stateAfter(...many).latestWarnings).toHaveLength(3)
  })

  it('never moves a bar back, although entries are found on the way', () => {
    const at = (entriesDone: number, entriesTotal: number) =>
      progressEvent({ phase: 'unknown', entriesDone, entriesTotal, bytesDone: 0n, bytesTotal: null })
    const shares = [at(50, 100), at(60, 200), at(150, 200)].map((_, i, all) =>
      fractionDone(stateAfter(...all.slice(0, i + 1)).phases[0]!),
    )
    expect(shares).toEqual([0.5, 0.5, 0.75])
  })

  it('has no room for facts for the record', () => {
    expect(stateAfter({ event: 'note', message: 'x' })).toEqual(START)
  })

  it('takes the fraction from whichever of bytes and entries is further behind', () => {
    const phase = (parts: Parameters<typeof progressEvent>[0]) => stateAfter(progressEvent(parts)).phases[0]!
    expect(fractionDone(phase({ entriesDone: 50, entriesTotal: 100, bytesDone: 1n, bytesTotal: 4n }))).toBe(
      0.25,
    )
    expect(fractionDone(phase({ entriesDone: 1, entriesTotal: 100, bytesDone: 3n, bytesTotal: 4n }))).toBe(
      0.01,
    )
    expect(fractionDone(phase({ entriesDone: 0, entriesTotal: 0, bytesDone: 0n, bytesTotal: 0n }))).toBe(1)
    expect(fractionDone(phase({ entriesTotal: null, bytesTotal: null }))).toBeNull()
  })
})

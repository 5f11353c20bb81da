import { describe, expect, it } from 'vitest'
import { Beats, Furthest } from '../../src/process/beats.ts'

function beat(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(16)
  numbers.forEach((number, i) => void bytes.writeInt32LE(number, 4 * i))
  return bytes
}

describe('heartbeats', () => {
  it('are taken in pieces of any length, and the last whole one counts', () => {
    const bytes = Buffer.concat([beat(1, 2, 3, 4), beat(5, 6, 7, 8)])
    for (const size of [1, 3, 15, 16, 17, 32]) {
      const beats = new Beats()
      let last = null
      for (let at = 0; at < bytes.length; at += size) last = beats.take(bytes.subarray(at, at + size)) ?? last
      expect(last).toEqual({ batch: 5, job: 6, moved: 7, within: 8 })
    }
  })

  it('of one byte, or of numbers below zero, are none that say anything', () => {
    const beats = new Beats()
    expect(beats.take(Buffer.from([1]))).toBeNull()
    expect(new Beats().take(beat(-1, -2, -3, -4))).toEqual({ batch: 0, job: 0, moved: 0, within: 0 })
  })
})

describe('a process that only beats', () => {
  const inWork = { batch: 3, jobs: 2, mebibytesOf: () => 4 }
  const at = (batch: number, job: number, within: number, moved: number) => ({ batch, job, within, moved })

  it('falls silent when it has said every place that it was given', () => {
    const furthest = new Furthest()
    let counted = 0
    for (let moved = 1; moved < 100_000; moved++) {
      const [job, within] = [moved % 7, moved % 11]
      if (furthest.reached(at(3, job, within, moved), inWork)) counted++
    }
    expect(counted).toBeGreaterThan(0)
    expect(counted).toBeLessThan(2 * 5 * 256)
  })

  it('of a batch that it was not given does not move', () => {
    expect(new Furthest().reached(at(4, 0, 0, 1), inWork)).toBe(false)
    expect(new Furthest().reached(at(3, 2, 0, 1), inWork)).toBe(false)
    expect(new Furthest().reached(at(3, 0, 9, 1), inWork)).toBe(false)
  })

  it('moves with each job and each mebibyte, and while it reads one in short pieces', () => {
    const furthest = new Furthest()
    expect(furthest.reached(at(3, 0, 0, 1), inWork)).toBe(true)
    expect(furthest.reached(at(3, 0, 0, 2), inWork)).toBe(true)
    expect(furthest.reached(at(3, 0, 1, 3), inWork)).toBe(true)
    expect(furthest.reached(at(3, 1, 0, 4), inWork)).toBe(true)
    expect(furthest.reached(at(3, 1, 0, 4), inWork)).toBe(false)
  })
})

import { describe, expect, it } from 'vitest'
import { BrokenFrame, FrameDecoder, frameParts } from '../../src/process/frame.ts'

const LIMITS = { headerBytes: 100, payloadBytes: 1000 }

function stream(...frames: readonly [unknown, Buffer][]): Buffer {
  return Buffer.concat(frames.flatMap(([header, payload]) => [...frameParts(header, payload)]))
}

describe('FrameDecoder', () => {
  it('finds the same frames however the stream is cut', () => {
    const bytes = stream(
      [{ a: 1 }, Buffer.from('one')],
      ['ü', Buffer.alloc(0)],
      [null, Buffer.alloc(1000, 7)],
    )
    for (const size of [1, 2, 3, 5, 8, 64, bytes.length]) {
      const decoder = new FrameDecoder(LIMITS)
      const frames = []
      for (let at = 0; at < bytes.length; at += size)
        frames.push(...decoder.push(bytes.subarray(at, at + size)))
      expect(frames.map(({ header, payload }) => [header, payload.length])).toEqual([
        [{ a: 1 }, 3],
        ['ü', 0],
        [null, 1000],
      ])
    }
  })

  it('refuses lengths over the limit before it allocates', () => {
    expect(() => new FrameDecoder(LIMITS).push(Buffer.from([0xff, 0xff, 0xff, 0xff]))).toThrow(BrokenFrame)
    const big = stream([{}, Buffer.alloc(1001)])
    expect(() => new FrameDecoder(LIMITS).push(big)).toThrow(/1001 bytes is over the limit of 1000/)
  })

  it('refuses a header that is not JSON', () => {
    expect(() => new FrameDecoder(LIMITS).push(Buffer.from([0, 0, 0, 1, 0x7b]))).toThrow(/not JSON/)
  })
})

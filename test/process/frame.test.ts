import { describe, expect, it } from 'vitest'
import { BrokenFrame, type Frame, frameParts } from '../../src/process/frame.ts'
import { FrameDecoder } from '../../src/process/frame-decoder.ts'

const LIMITS = { headerBytes: 100, payloadBytes: 1000 }
const PIECES = 7

function stream(...frames: readonly [number, unknown, Buffer][]): Buffer {
  return Buffer.concat(
    frames.flatMap(([job, header, payload]) => [...frameParts({ type: 1, job }, header, payload)]),
  )
}

function decoder() {
  const frames: Frame[] = []
  const pieces: string[] = []
  const decoding = new FrameDecoder({
    limitsOf: ({ job }) => {
      if (job === 666) throw new BrokenFrame('nobody waits for it')
      return LIMITS
    },
    onFrame: (frame) => frames.push(frame),
    pieces: { type: PIECES, onPiece: ({ job }, piece) => pieces.push(`${job}:${piece}`) },
  })
  return { frames, pieces, push: (bytes: Buffer) => decoding.push(bytes) }
}

describe('FrameDecoder', () => {
  it('finds the same frames however the stream is cut', () => {
    const bytes = stream(
      [1, { a: 1 }, Buffer.from('one')],
      [2, 'ü', Buffer.alloc(0)],
      [3, undefined, Buffer.alloc(0)],
      [0xffff_ffff, null, Buffer.alloc(1000, 7)],
    )
    for (const size of [1, 2, 3, 5, 8, 64, bytes.length]) {
      const { frames, push } = decoder()
      for (let at = 0; at < bytes.length; at += size) push(bytes.subarray(at, at + size))
      expect(frames.map(({ job, header, payload }) => [job, header, payload.length])).toEqual([
        [1, { a: 1 }, 3],
        [2, 'ü', 0],
        [3, undefined, 0],
        [0xffff_ffff, null, 1000],
      ])
      expect(frames.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBe(bytes.length)
    }
  })

  it('hands on no piece for a frame without payload, wherever the stream is cut', () => {
    const bytes = Buffer.concat([
      stream([0, undefined, Buffer.alloc(0)]),
      ...frameParts({ type: PIECES, job: 5 }, undefined, Buffer.from('abc')),
      ...frameParts({ type: PIECES, job: 5 }, undefined, Buffer.alloc(0)),
      stream([5, {}, Buffer.alloc(0)]),
    ])
    for (let cut = 1; cut < bytes.length; cut++) {
      const { frames, pieces, push } = decoder()
      push(bytes.subarray(0, cut))
      push(bytes.subarray(cut))
      expect(frames.map(({ job }) => job)).toEqual([0, 5])
      expect(pieces.map((piece) => piece.slice(2)).join('')).toBe('abc')
      expect(pieces).not.toContain('5:')
    }
  })

  it('refuses lengths over the limit before it allocates', () => {
    expect(() => decoder().push(Buffer.alloc(13, 0xff))).toThrow(BrokenFrame)
    const big = stream([1, {}, Buffer.alloc(1001)])
    expect(() => decoder().push(big)).toThrow(/1001 bytes is over the limit of 1000/)
  })

  it('refuses an unexpected frame before it reads the lengths', () => {
    expect(() => decoder().push(stream([666, {}, Buffer.alloc(5000)]))).toThrow(/nobody waits/)
  })

  it('refuses a header that is not JSON', () => {
    const [head] = frameParts({ type: 1, job: 1 }, {})
    head![13] = 0x5b
    expect(() => decoder().push(head!)).toThrow(/not JSON/)
  })
})

import { expect, it } from 'vitest'
import { encodeFrame } from '../../src/process/channel.ts'
import { FRAME, FrameReader } from '../../src/source/mount/reader-protocol.ts'

it('hands on no piece for a frame without payload, wherever the stream is cut', () => {
  const stream = Buffer.concat([
    encodeFrame(FRAME.ready, Buffer.alloc(0)),
    encodeFrame(FRAME.chunk, Buffer.from('abc')),
    encodeFrame(FRAME.chunk, Buffer.alloc(0)),
    encodeFrame(FRAME.sent, Buffer.from('{}')),
  ])
  for (let cut = 1; cut < stream.length; cut++) {
    const frames: [number, string][] = []
    let pieces = ''
    let empty = 0
    const reader = new FrameReader(
      (type, payload) => frames.push([type, payload.toString()]),
      (piece) => {
        pieces += piece.toString()
        if (piece.length === 0) empty++
      },
    )
    reader.push(stream.subarray(0, cut))
    reader.push(stream.subarray(cut))
    expect([frames, pieces, empty]).toEqual([
      [
        [FRAME.ready, ''],
        [FRAME.sent, '{}'],
      ],
      'abc',
      0,
    ])
  }
})

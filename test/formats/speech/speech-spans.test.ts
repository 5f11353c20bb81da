import { describe, expect, it } from 'vitest'
import { piecesOf, windowsOf } from '../../../src/formats/speech/heard-pieces.ts'
import { joined, lengthMs, SpeechSpans } from '../../../src/formats/speech/speech-spans.ts'

const WINDOW_MS = 32

/** One digit a window: its probability in tenths. */
function spansOf(tenths: string) {
  const spans = new SpeechSpans()
  for (const [i, one] of [...tenths].entries())
    spans.add(Number(one) / 10, i * WINDOW_MS, (i + 1) * WINDOW_MS)
  spans.breaksOff(0)
  return spans.spans
}

describe('spans of speech', () => {
  it('begin at 0.5, go on at 0.35, end after 100 ms below, and count from 250 ms', () => {
    expect(spansOf('0000999999990000')).toEqual([{ startMs: 98, endMs: 414 }])
    expect(spansOf('0000999944449999444400')).toEqual([{ startMs: 98, endMs: 670 }])
    // 224 ms are none.
    expect(spansOf('000099999990000')).toEqual([])
    // A pause of 96 ms is none, one of 128 ms is one.
    expect(spansOf('999999999000999999999')).toHaveLength(1)
    expect(spansOf('9999999990000999999999')).toHaveLength(2)
    expect(spansOf('4444444444444444')).toEqual([])
  })

  it('end with the sound, and where what follows is another stretch of it', () => {
    expect(spansOf('9999999999')).toEqual([{ startMs: 0, endMs: 320 }])
    const spans = new SpeechSpans()
    for (let i = 0; i < 10; i++) spans.add(0.9, i * WINDOW_MS, (i + 1) * WINDOW_MS)
    spans.breaksOff(60_000)
    for (let i = 0; i < 10; i++) spans.add(0.9, 60_000 + i * WINDOW_MS, 60_000 + (i + 1) * WINDOW_MS)
    spans.breaksOff(0)
    expect(spans.spans).toEqual([
      { startMs: 0, endMs: 320 },
      { startMs: 60_000, endMs: 60_320 },
    ])
    expect(lengthMs(spans.spans)).toBe(640)
    expect(joined(spans.spans, 60_000)).toEqual([{ startMs: 0, endMs: 60_320 }])
  })
})

describe('pieces of a sound that are heard', () => {
  it('are the whole up to an hour, and an hour of minutes from beginning to end of a longer one', () => {
    const hour = 3_600_000
    expect(piecesOf(hour, 1e9)).toEqual([{ startMs: 0, lengthMs: hour }])
    const pieces = piecesOf(10 * hour, 1e9)
    expect(pieces).toHaveLength(60)
    expect(pieces[0]).toEqual({ startMs: 0, lengthMs: 60_000 })
    expect(pieces.at(-1)).toEqual({ startMs: 10 * hour - 60_000, lengthMs: 60_000 })
    expect(pieces.reduce((sum, { lengthMs }) => sum + lengthMs, 0)).toBe(hour)
  })

  it('do not follow a length that the bytes cannot hold', () => {
    const years = 10 * 365 * 86_400_000
    expect(piecesOf(years, 1_000_000)).toEqual([{ startMs: 0, lengthMs: 3_600_000 }])
    expect(piecesOf(null, 1_000_000)).toEqual([{ startMs: 0, lengthMs: 3_600_000 }])
  })

  it('are cut into windows, the last one filled with zeros, and say where the sound jumps', () => {
    const blocks = [
      { samples: new Float32Array(700).fill(0.5), startMs: 0 },
      { samples: new Float32Array(400).fill(0.25), startMs: 43.75 },
      { samples: new Float32Array(512).fill(0.1), startMs: 90_000 },
    ]
    const reader = { blocks: () => blocks.values() as Generator<(typeof blocks)[number]> }
    const windows = [...windowsOf(reader, { startMs: 0, lengthMs: 60_000 })].map(
      ({ startMs, lengthMs, jumped }) => [startMs, lengthMs, jumped],
    )
    expect(windows).toEqual([
      [0, 32, true],
      [32, 32, false],
      [64, 4.75, false],
      [90_000, 32, true],
    ])
  })
})

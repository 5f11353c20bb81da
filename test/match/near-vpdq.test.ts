import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compareWithEach } from '../../src/match/near/near-index.ts'
import { type VpdqFrame, vpdqAlike, vpdqCompare } from '../../src/match/near/near-vpdq.ts'
import { havePdqData, PDQ_DATA, randomFrom } from '../hash/pdq-vectors.ts'
import { flipBits, hashNumber, randomHashes } from './near-hashes.ts'

const hashes = randomHashes(10, 40)
const random = randomFrom(41)
const frame = (k: number, bits = 0, quality = 100): VpdqFrame => ({
  hash: flipBits(hashNumber(hashes, k), bits, random),
  quality,
})

describe('comparing videos frame by frame', () => {
  it('counts distinct frames with a partner, on each side', () => {
    const query = [frame(0), frame(0), frame(1), frame(2), frame(3)]
    const target = [frame(0, 31), frame(1, 32), frame(2, 5), frame(7), frame(8), frame(9)]
    expect(vpdqCompare(query, target)).toEqual({
      query: { frames: 4, matched: 2, percent: 50 },
      target: { frames: 6, matched: 2, percent: (100 * 2) / 6 },
    })
  })

  it('leaves out frames of quality under 50 on both sides', () => {
    const compared = vpdqCompare([frame(0, 0, 49), frame(1, 0, 50)], [frame(0), frame(1, 0, 49)])
    expect(compared.query).toEqual({ frames: 1, matched: 0, percent: 0 })
    expect(compared.target).toEqual({ frames: 1, matched: 0, percent: 0 })
  })

  it('takes other limits', () => {
    const compared = vpdqCompare([frame(0, 0, 20)], [frame(0, 40, 20)], { minQuality: 20, maxDistance: 40 })
    expect(compared.query.percent).toBe(100)
  })

  it('calls no two videos alike without a frame in common, whatever the shares asked for', () => {
    const nothing = vpdqCompare([], [frame(1)])
    expect(nothing.query).toEqual({ frames: 0, matched: 0, percent: 0 })
    expect(vpdqAlike(nothing, { queryPercent: 0 })).toBe(false)
    expect(vpdqAlike(vpdqCompare([frame(1), frame(2)], [frame(1)]))).toBe(false)
    expect(vpdqAlike(vpdqCompare([frame(1), frame(2)], [frame(1)]), { queryPercent: 50 })).toBe(true)
    expect(vpdqAlike(vpdqCompare([frame(1)], [frame(1), frame(2)]))).toBe(true)
    expect(vpdqAlike(vpdqCompare([frame(1)], [frame(1), frame(2)]), { targetPercent: 60 })).toBe(false)
  })
})

describe.skipIf(!havePdqData)('comparing the published sample videos', () => {
  const names = ['doorknob-hd-no-bar', 'pattern-sd-with-small-logo-bar', 'test-padded-dimensions']

  it('finds each like itself, like its own first half and unlike the others, as comparing with each does', () => {
    const videos = names.map((name) => framesOf(join(PDQ_DATA, 'vpdq', `${name}.txt`)))
    const table = names.map((name, i) => ({
      name,
      frames: videos[i]!.length,
      ...Object.fromEntries(
        names.map((other, j) => [other, vpdqCompare(videos[i]!, videos[j]!).query.percent]),
      ),
    }))
    console.table(table)
    videos.forEach((video, i) => {
      const half = video.slice(0, video.length / 2)
      expect(vpdqAlike(vpdqCompare(half, video))).toBe(true)
      videos.forEach((other, j) => {
        const compared = vpdqCompare(video, other)
        expect(compared.query).toEqual(plainSide(video, other))
        expect(compared.target).toEqual(plainSide(other, video))
        expect(vpdqAlike(compared)).toBe(i === j)
      })
    })
  })
})

/** Lines of `frame,quality,hash,seconds`, as the reference tool writes them. */
function framesOf(path: string): VpdqFrame[] {
  return readFileSync(path, 'latin1')
    .trim()
    .split('\n')
    .map((line) => {
      const [, quality, hex] = line.split(',')
      return { hash: Buffer.from(hex!, 'hex'), quality: Number(quality) }
    })
}

function plainSide(video: readonly VpdqFrame[], other: readonly VpdqFrame[]) {
  const keep = (frames: readonly VpdqFrame[]) => [
    ...new Map(
      frames
        .filter(({ quality }) => quality >= 50)
        .map(({ hash }) => [Buffer.from(hash).toString('hex'), hash]),
    ).values(),
  ]
  const others = Buffer.concat(keep(other))
  const frames = keep(video)
  const matched = frames.filter((hash) => compareWithEach(others, hash, 31).length > 0).length
  return {
    frames: frames.length,
    matched,
    percent: frames.length === 0 ? 0 : (100 * matched) / frames.length,
  }
}

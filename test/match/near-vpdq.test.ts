import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compareWithEach } from '../../src/match/near/near-index.ts'
import { isAlike, type ListedFrames, type OwnFrame, VideoIndex } from '../../src/match/near/near-vpdq.ts'
import { havePdqData, PDQ_DATA, randomFrom } from '../hash/pdq-vectors.ts'
import { flipBits, hashNumber, randomHashes } from './near-hashes.ts'

const hashes = randomHashes(40, 40)
const random = randomFrom(41)
const own = (k: number, second: number | null, bits = 0): OwnFrame => ({
  hash: flipBits(hashNumber(hashes, k), bits, random),
  quality: 100,
  second,
})

/** @param videos of each: hash by number, and its second */
function listed(videos: readonly (readonly (readonly [k: number, second: number])[])[]): ListedFrames {
  const all = videos.flatMap((frames, video) => frames.map(([k, second]) => ({ k, second, video })))
  return {
    hashes: Buffer.concat(all.map(({ k }) => hashNumber(hashes, k))),
    videoOf: Uint32Array.from(all, ({ video }) => video),
    secondOf: Uint32Array.from(all, ({ second }) => second),
  }
}

describe('a video against a list of videos', () => {
  it('counts seconds that are found on each side, and distinct frames', () => {
    const list = listed([
      [
        [0, 0],
        [1, 0],
        [2, 1],
        [3, 2],
      ],
      [[9, 0]],
    ])
    const ours = [own(0, 0, 31), own(0, 0), own(1, 1, 32), own(2, 2, 5), own(7, 3), own(8, 4)]
    expect(new VideoIndex(list).find(ours)).toEqual([
      {
        video: 0,
        ours: { found: 2, of: 5 },
        listed: { found: 2, of: 3 },
        frames: 3,
        framesOf: 6,
        listedFrames: 2,
        listedFramesOf: 4,
        distanceBits: 0,
        quality: 100,
        record: 0,
      },
    ])
  })

  it('asks both ways: a part of the listed video, and a video that holds more than it', () => {
    const film = listed([Array.from({ length: 10 }, (_, i) => [i, i] as const)])
    const part = [own(2, 0), own(3, 1), own(4, 2)]
    expect(new VideoIndex(film).findAlike(part)).toMatchObject([
      { ours: { found: 3, of: 3 }, listed: { found: 3, of: 10 } },
    ])
    const more = Array.from({ length: 30 }, (_, i) => own(i, i))
    expect(new VideoIndex(film).findAlike(more)).toMatchObject([
      { ours: { found: 10, of: 30 }, listed: { found: 10, of: 10 } },
    ])
    const neither = [...part, ...Array.from({ length: 10 }, (_, i) => own(20 + i, 3 + i))]
    expect(new VideoIndex(film).findAlike(neither)).toEqual([])
  })

  it('makes no match of one or two frames in common, where there are more', () => {
    const list = listed([
      [
        [0, 0],
        [1, 1],
      ],
      [
        [2, 0],
        [3, 0],
        [4, 0],
      ],
    ])
    const ours = [own(0, 0), own(1, 1), own(5, 2), own(6, 3)]
    expect(new VideoIndex(list).findAlike(ours)).toEqual([])
    // Of a still picture as a video three cannot be asked.
    expect(
      new VideoIndex(
        listed([
          [
            [0, 0],
            [0, 1],
          ],
        ]),
      ).findAlike([own(0, 0), own(0, 1)]),
    ).toHaveLength(1)
    expect(
      isAlike(
        {
          ours: { found: 0, of: 0 },
          listed: { found: 0, of: 3 },
          ...{ frames: 0, framesOf: 0, listedFrames: 0, listedFramesOf: 3 },
        },
        0,
      ),
    ).toBe(false)
  })

  it('is not missed for a last second with one usable frame, and not made by a moving title before a still scene', () => {
    const short = Array.from({ length: 36 }, (_, i) => [i % 30, i < 24 ? 0 : 1] as const)
    const list = listed([[...short, [30, 2]]])
    const again = Array.from({ length: 30 }, (_, i) => own(i, i < 20 ? 0 : 1, 20))
    expect(new VideoIndex(list).findAlike([...again, own(30, 2, 36)])).toMatchObject([
      { ours: { found: 2, of: 3 }, listed: { found: 2, of: 3 } },
    ])
    const still = Array.from({ length: 30 }, (_, i) => own(31, 2 + i))
    const other = listed([[...short, ...Array.from({ length: 30 }, (_, i) => [32, 2 + i] as const)]])
    expect(new VideoIndex(other).findAlike([...again, ...still])).toEqual([])
  })

  it('counts frames without a second, of older ledgers, each for itself', () => {
    const [found] = new VideoIndex(
      listed([
        [
          [0, 0],
          [1, 1],
          [2, 2],
        ],
      ]),
    ).find([own(0, null), own(1, null), own(9, null)])
    expect(found!.ours).toEqual({ found: 2, of: 3 })
  })

  it('gives what comparing each frame with each gives', () => {
    for (let seed = 0; seed < 30; seed++) {
      const next = randomFrom(seed)
      const pick = (below: number) => Math.floor(next() * below)
      const list = listed(
        Array.from({ length: 12 }, () =>
          Array.from({ length: 1 + pick(20) }, (_, i) => [pick(40), i >> 1] as const),
        ),
      )
      const ours = Array.from({ length: 1 + pick(30) }, (_, i) => own(pick(40), i >> 1, pick(60)))
      const found = new VideoIndex(list).find(ours)
      expect(found.map(({ video, ours, listed, frames }) => ({ video, ours, listed, frames }))).toEqual(
        byEach(list, ours),
      )
    }
  })

  it('gives the same over twelve thousand frames, which are looked up by tables', () => {
    const many = randomHashes(12_000, 77)
    const at = (k: number) => many.subarray(32 * k, 32 * (k + 1))
    const next = randomFrom(78)
    // Scenes of ten frames that change by a few bits.
    for (let k = 0; k < 12_000; k++) if (k % 10 !== 0) many.set(flipBits(at(k - 1), 6, next), 32 * k)
    const list = {
      hashes: many,
      videoOf: Uint32Array.from({ length: 12_000 }, (_, k) => Math.floor(k / 40)),
      secondOf: Uint32Array.from({ length: 12_000 }, (_, k) => Math.floor((k % 40) / 4)),
    }
    const index = new VideoIndex(list)
    for (let video = 0; video < 6; video++) {
      const ours = Array.from({ length: 50 }, (_, i) => ({
        hash: flipBits(at(video * 1900 + i), Math.floor(next() * 40), next),
        quality: 90,
        second: i >> 3,
      }))
      const found = index
        .find(ours)
        .map(({ video, ours, listed, frames }) => ({ video, ours, listed, frames }))
      expect(found).toEqual(byEach(list, ours))
      expect(found.length).toBeGreaterThan(1)
    }
  })
})

/** Slowly, and by other means. */
function byEach({ hashes, videoOf, secondOf }: ListedFrames, ours: readonly OwnFrame[]) {
  const hex = (frame: OwnFrame) => Buffer.from(frame.hash).toString('hex')
  const pairs = ours.flatMap((frame) =>
    compareWithEach(hashes, frame.hash, 31).map(({ index }) => ({
      own: hex(frame),
      index,
      video: videoOf[index]!,
    })),
  )
  return [...new Set(pairs.map(({ video }) => video))]
    .sort((a, b) => a - b)
    .map((video) => {
      const found = pairs.filter((pair) => pair.video === video)
      const own = new Set(found.map(({ own }) => own))
      const seconds = new Set<number>()
      videoOf.forEach((other, at) => {
        if (other === video) seconds.add(secondOf[at]!)
      })
      return {
        video,
        ours: {
          found: new Set(ours.filter((one) => own.has(hex(one))).map(({ second }) => second)).size,
          of: new Set(ours.map(({ second }) => second)).size,
        },
        listed: { found: new Set(found.map(({ index }) => secondOf[index])).size, of: seconds.size },
        frames: own.size,
      }
    })
}

describe.skipIf(!havePdqData || !existsSync(join(PDQ_DATA, 'vpdq')))('the published sample videos', () => {
  const names = ['doorknob-hd-no-bar', 'pattern-sd-with-small-logo-bar', 'test-padded-dimensions']

  it('are each like themselves, like their own first half, and unlike the others', () => {
    const videos = names.map((name) => framesOf(join(PDQ_DATA, 'vpdq', `${name}.txt`)))
    const all = videos.flatMap((frames, video) => frames.map((frame) => ({ ...frame, video })))
    const index = new VideoIndex({
      hashes: Buffer.concat(all.map(({ hash }) => hash)),
      videoOf: Uint32Array.from(all, ({ video }) => video),
      secondOf: Uint32Array.from(all, ({ second }) => second!),
    })
    videos.forEach((video, i) => {
      expect(index.findAlike(video).map((found) => found.video)).toEqual([i])
      expect(index.findAlike(video.slice(0, video.length / 2)).map((found) => found.video)).toEqual([i])
    })
  })
})

/** Lines of `frame,quality,hash,seconds`, as the reference tool writes them, of quality 50 and more. */
function framesOf(path: string): OwnFrame[] {
  return readFileSync(path, 'latin1')
    .trim()
    .split('\n')
    .map((line) => {
      const [, quality, hex, seconds] = line.split(',')
      return { hash: Buffer.from(hex!, 'hex'), quality: Number(quality), second: Math.floor(Number(seconds)) }
    })
    .filter(({ quality }) => quality >= 50)
}

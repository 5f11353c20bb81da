import { hash, randomBytes, randomInt } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { digestsOf, ed2kDigest } from '../../src/hash/digest.ts'
import { DigestGroup } from '../../src/hash/digest-group.ts'
import { Md5Lanes, PADDING_BYTES } from '../../src/hash/md5-lanes.ts'

describe('MD5 in lanes', () => {
  const lanes = Md5Lanes.create(1 << 20)!

  it.each([4, 8] as const)(
    'agrees with OpenSSL on every length around the block size, in %i lanes',
    (count) => {
      const spans = []
      for (let length = 0, at = 0; length <= 200; at += length + PADDING_BYTES, length++) {
        randomBytes(length).copy(lanes.arena, at)
        spans.push({ at, length })
      }
      const wanted = spans.map(({ at, length }) => hash('md5', lanes.arena.subarray(at, at + length), 'hex'))
      expect(lanes.digests(spans, count)).toEqual(wanted)
    },
  )

  it.each([4, 8] as const)('agrees with OpenSSL on any mixture of lengths, in %i lanes', (count) => {
    for (let round = 0; round < 60; round++) {
      const spans = []
      for (let at = 0; spans.length < round; ) {
        const length = randomInt(1 << randomInt(1, 15))
        if (at + length + PADDING_BYTES > lanes.arena.length) break
        randomBytes(length).copy(lanes.arena, at)
        spans.push({ at, length })
        at += length + PADDING_BYTES + randomInt(20)
      }
      const wanted = spans.map(({ at, length }) => hash('md5', lanes.arena.subarray(at, at + length), 'hex'))
      expect(lanes.digests(spans, count)).toEqual(wanted)
    }
  })
})

describe('a group of contents', () => {
  it('gives each the digests that it has alone, whatever it stands beside', () => {
    const group = new DigestGroup(300_000)
    for (const sizes of [
      [],
      [0],
      [5, 0, 5],
      [200_000, 1, 2, 3],
      [60_000, 60_000, 60_000],
      [70_000, 70_000, 70_000, 100, 100],
      Array.from({ length: 64 }, (_, i) => i * 60),
    ]) {
      const contents = sizes.map((size) => randomBytes(size))
      for (const content of contents) {
        content.copy(group.place(content.length)!)
        expect(group.add(content.length, ed2kDigest()).equals(content)).toBe(true)
      }
      expect(group.finish()).toEqual(contents.map((content) => digestsOf(content, ed2kDigest())))
      expect(group.size).toBe(0)
    }
  })

  it('says when it is full, and gives the same place until it is taken', () => {
    const group = new DigestGroup(65_536 - 4096)
    expect(group.place(70_000)).toBeNull()
    expect(group.place(1000)?.length).toBe(1001)
    expect(group.place(20_000)?.byteOffset).toBe(group.place(1000)?.byteOffset)
    randomBytes(40_000).copy(group.place(40_000)!)
    group.add(40_000)
    expect(group.place(40_000)).toBeNull()
    group.finish()
    expect(group.place(40_000)).not.toBeNull()
  })
})

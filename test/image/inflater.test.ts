import { deflateRawSync, deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ChunkBuffers } from '../../src/formats/image/container/ewf/chunk-buffers.ts'
import type { BlockPlace } from '../../src/formats/image/content/block-medium.ts'
import { inflatedAt } from '../../src/formats/image/content/chunked.ts'
import { inflatedBlock, inflatedOnce } from '../../src/formats/image/content/inflate-block.ts'
import { Inflater } from '../../src/formats/image/content/inflater.ts'
import { randomBytes, seeded } from './random.ts'
import { memoryMedium } from './volume.ts'

const UNIT = 4096

describe('one engine for many zlib streams', () => {
  it('is to be had on this Node', () => {
    for (const form of ['zlib', 'raw'] as const) expect(Inflater.create(UNIT, form)).not.toBeNull()
  })

  it('gives the bytes or the damage that the documented call gives, whatever came before', () => {
    const random = seeded(7)
    const buffers = new ChunkBuffers(UNIT + 1024)
    const seen = new Map<string, number>()
    for (let round = 0; round < 600; round++) {
      const bytes = randomBytes(random, random(UNIT + UNIT / 8))
      bytes.fill(random(256), 0, random(bytes.length + 1))
      const stored = spoiled(deflateSync(bytes, { level: random(10) }), random)
      const asked = Math.min(UNIT, Math.max(0, bytes.length - random(2)) + random(2))
      const expected = inflatedOnce('zlib', stored, asked, UNIT)
      const place = inflatedAt(memoryMedium(stored), 0, stored.length, asked, UNIT, buffers)
      expect(said(place)).toBe(said(expected))
      const kind = place.kind === 'damaged' ? place.cause : place.kind
      seen.set(kind, (seen.get(kind) ?? 0) + 1)
      // What the reader of a container does once the block falls out of what it keeps.
      buffers.free(place)
    }
    expect([...seen.keys()].sort()).toEqual(['checksum', 'decoded', 'inflate'])
    expect(Math.min(...seen.values())).toBeGreaterThan(20)
  })

  it('does so for streams without a header too, among others', () => {
    const random = seeded(9)
    const seen = new Set<string>()
    for (let round = 0; round < 400; round++) {
      const bytes = randomBytes(random, UNIT)
      bytes.fill(random(256), 0, random(UNIT))
      const form = round % 3 === 0 ? 'zlib' : 'raw'
      const whole = form === 'zlib' ? deflateSync(bytes) : deflateRawSync(bytes)
      const stored = spoiled(whole, random)
      const place = inflatedBlock(form, stored, UNIT, UNIT)
      expect(said(place)).toBe(said(inflatedOnce(form, stored, UNIT, UNIT)))
      seen.add(`${form} ${place.kind === 'damaged' ? place.cause : place.kind}`)
    }
    expect([...seen].sort()).toEqual([
      'raw decoded',
      'raw inflate',
      'zlib checksum',
      'zlib decoded',
      'zlib inflate',
    ])
  })

  it('leaves a block as it is while others are inflated', () => {
    const random = seeded(8)
    const buffers = new ChunkBuffers(UNIT + 1024)
    const contents = Array.from({ length: 20 }, () => randomBytes(random, UNIT))
    const places = contents.map((content) => {
      const stored = deflateSync(content)
      return inflatedAt(memoryMedium(stored), 0, stored.length, UNIT, UNIT, buffers)
    })
    expect(places).toEqual(contents.map((bytes) => ({ kind: 'decoded', bytes })))
  })
})

/** One in three as it was; others with a bit turned, a wrong checksum, without their end, or with something behind it. */
function spoiled(stored: Buffer, random: (below: number) => number): Buffer {
  const kind = random(6)
  if (kind === 0) stored[random(stored.length)]! ^= 1 << random(8)
  if (kind === 1) stored[stored.length - 1 - random(4)]! ^= 1 << random(8)
  if (kind === 2) return stored.subarray(0, Math.max(1, random(stored.length)))
  if (kind === 3) return Buffer.concat([stored, randomBytes(random, 1 + random(16))])
  return stored
}

const said = (place: BlockPlace): string =>
  place.kind === 'decoded' ? Buffer.from(place.bytes).toString('hex') : JSON.stringify(place)

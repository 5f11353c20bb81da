import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { adler32, adler32Plain } from '../../../src/formats/image/container/common/adler32.ts'
import { randoms } from './helpers.ts'

describe('Adler-32', () => {
  const next = randoms(11)
  it.each([0, 1, 15, 511, 512, 513, 5553, 32_768, 32_769, 70_001])(
    'of %i bytes is what zlib and the slow version say',
    (length) => {
      const noise = Buffer.from(Array.from({ length }, () => next() & 255))
      // The sums of the kernel's lanes are largest here.
      const full = Buffer.alloc(length, 0xff)
      for (const bytes of [noise, full]) {
        const stream = deflateSync(bytes)
        expect(adler32(bytes)).toBe(stream.readUInt32BE(stream.length - 4))
        for (const seed of [1, 0xfff0_fff0]) expect(adler32(bytes, seed)).toBe(adler32Plain(bytes, seed))
      }
    },
  )
})

import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { unbzip2 } from '../../../src/formats/image/container/ewf/bzip2.ts'
import { randomBytes, seeded } from '../random.ts'

const packed = (bytes: Buffer, level: number): Buffer =>
  execFileSync('bzip2', [`-${level}`, '-c'], { input: bytes, maxBuffer: 1 << 26 })

/** Of a disk: noise, zeros, text, runs of every length, and several blocks. */
function contents(): Buffer[] {
  const random = seeded(3)
  const runs = Buffer.concat(Array.from({ length: 400 }, (_, n) => Buffer.alloc(1 + n, random(4))))
  return [
    Buffer.alloc(0),
    Buffer.from('a'),
    Buffer.alloc(32_768),
    randomBytes(random, 32_768),
    Buffer.from('sector of a disk '.repeat(1900)),
    runs,
    Buffer.concat([randomBytes(random, 150_000), runs, Buffer.alloc(300_000, 7)]),
  ]
}

describe('bzip2', () => {
  it('gives what bzip2 packed', () => {
    for (const [index, bytes] of contents().entries()) {
      const got = unbzip2(packed(bytes, 1 + (index % 9)), bytes.length)
      expect(Buffer.isBuffer(got) && got.equals(bytes), `content ${index}`).toBe(true)
    }
  })

  it('says of what is damaged or too long that it is, and ends', () => {
    const random = seeded(4)
    const stored = packed(Buffer.concat([randomBytes(random, 3000), Buffer.alloc(3000)]), 9)
    const seen = new Set<string>()
    for (let round = 0; round < 400; round++) {
      const bytes = Buffer.from(stored)
      if (round % 3 === 0) bytes[random(bytes.length)]! ^= 1 << random(8)
      const cut = round % 3 === 1 ? bytes.subarray(0, random(bytes.length)) : bytes
      const got = unbzip2(cut, round % 3 === 2 ? random(6000) : 6000)
      seen.add(typeof got === 'string' ? got : 'whole')
    }
    // The checksum of the whole stream, at its end, is not asked: each block's is.
    expect(seen.has('inflate') && seen.has('checksum')).toBe(true)
  })
})

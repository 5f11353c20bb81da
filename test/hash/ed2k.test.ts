import { describe, expect, it } from 'vitest'
import { ED2K_CHUNK_BYTES, Ed2k } from '../../src/hash/ed2k.ts'
import { Md4 } from '../../src/hash/md4.ts'
import { randomFrom } from './pdq-vectors.ts'

describe('MD4', () => {
  it.each([
    ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
    ['a', 'bde52cb31de33e46245e05fbdbd6fb24'],
    ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
    ['message digest', 'd9130a8164549fe818874806e1c7014b'],
    ['abcdefghijklmnopqrstuvwxyz', 'd79e1c308aa5bbcdeea8ed63df412da9'],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', '043f8582f241db351ce627e153e7f0e4'],
    [
      '12345678901234567890123456789012345678901234567890123456789012345678901234567890',
      'e33b4ddc9c38f2199c3e7b164fcc0536',
    ],
  ])('gives RFC 1320’s digest of %j', (text, expected) => {
    expect(hex(new Md4().update(Buffer.from(text)).digest())).toBe(expected)
  })

  it('equals the plain version at every length around the block size, however the bytes are cut', () => {
    const random = randomFrom(4)
    for (let length = 0; length < 300; length++) {
      const bytes = Uint8Array.from({ length }, () => random() * 256)
      const md4 = new Md4()
      for (let from = 0; from < length; ) {
        const part = bytes.subarray(from, from + 1 + Math.floor(random() * 100))
        md4.update(part)
        from += part.length
      }
      expect(hex(md4.digest()), `${length} bytes`).toBe(plainMd4(bytes))
    }
  })

  it('takes pieces larger than its kernel’s memory', () => {
    const bytes = Uint8Array.from({ length: 200_001 }, (_, i) => i * i)
    expect(hex(new Md4().update(bytes).digest())).toBe(plainMd4(bytes))
  })

  it('keeps hashers that run side by side apart, and can go on after a digest', () => {
    const [one, two] = [new Md4(), new Md4()]
    one.update(Buffer.from('mess'))
    two.update(Buffer.from('a'))
    expect(hex(two.digest())).toBe('bde52cb31de33e46245e05fbdbd6fb24')
    one.digest()
    one.update(Buffer.from('age digest'))
    two.update(Buffer.from('bc'))
    expect(hex(one.digest())).toBe('d9130a8164549fe818874806e1c7014b')
    expect(hex(two.digest())).toBe('a448017aaf21d8525fc10ae87aa6729d')
  })
})

// Checked against OpenSSL's legacy provider and the ed2k crate's documentation.
describe('ed2k', () => {
  const fives = new Uint8Array(ED2K_CHUNK_BYTES).fill(0x55)

  it('is MD4 for what fits into one chunk, red and blue alike', () => {
    const nothing = '31d6cfe0d16ae931b73c59d7e0c089c0'
    expect(new Ed2k().digest()).toEqual({ red: nothing, blue: nothing })
    const hello = 'aa010fbc1d14c795d86ef98c95479d17'
    expect(new Ed2k().update(Buffer.from('hello world')).digest()).toEqual({ red: hello, blue: hello })
  })

  it('differs between red and blue for exactly one chunk', () => {
    expect(new Ed2k().update(fives).digest()).toEqual({
      red: '49e80f377b7e4e706dbd3ecc89f39306',
      blue: '4127a47867b6110f0f86f2d9845fb374',
    })
  })

  it('differs between red and blue for two whole chunks, and not one byte to either side', () => {
    const digestOf = (length: number) => {
      const hasher = new Ed2k()
      for (let left = length; left > 0; left -= 1_000_003)
        hasher.update(fives.subarray(0, Math.min(left, 1_000_003)))
      return hasher.digest()
    }
    const chunk = new Md4().update(fives).digest()
    const digests = { one: digestOf(2 * ED2K_CHUNK_BYTES - 1), two: digestOf(2 * ED2K_CHUNK_BYTES + 1) }
    expect(digests.one.red).toBe(digests.one.blue)
    expect(digests.two.red).toBe(digests.two.blue)
    expect(digestOf(2 * ED2K_CHUNK_BYTES)).toEqual({
      blue: plainMd4(Buffer.concat([chunk, chunk])),
      red: plainMd4(Buffer.concat([chunk, chunk, new Md4().digest()])),
    })
  })
})

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

/** MD4 as RFC 1320 writes it. */
function plainMd4(message: Uint8Array): string {
  const padded = Buffer.alloc(Math.ceil((message.length + 9) / 64) * 64)
  padded.set(message)
  padded[message.length] = 0x80
  padded.writeBigUInt64LE(BigInt(message.length) * 8n, padded.length - 8)
  const rounds = [
    {
      f: (x: number, y: number, z: number) => (x & y) | (~x & z),
      k: 0,
      s: [3, 7, 11, 19],
      order: (i: number) => i,
    },
    {
      f: (x: number, y: number, z: number) => (x & y) | (x & z) | (y & z),
      k: 0x5a827999,
      s: [3, 5, 9, 13],
      order: (i: number) => (i % 4) * 4 + (i >> 2),
    },
    {
      f: (x: number, y: number, z: number) => x ^ y ^ z,
      k: 0x6ed9eba1,
      s: [3, 9, 11, 15],
      order: (i: number) => reversed[i]!,
    },
  ]
  const reversed = [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15]
  let state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
  for (let at = 0; at < padded.length; at += 64) {
    let [a, b, c, d] = state as [number, number, number, number]
    for (const { f, k, s, order } of rounds) {
      for (let i = 0; i < 16; i++) {
        const sum = (a + f(b, c, d) + padded.readInt32LE(at + 4 * order(i)) + k) | 0
        const shift = s[i % 4]!
        ;[a, b, c, d] = [d, (sum << shift) | (sum >>> (32 - shift)), b, c]
      }
    }
    state = [a, b, c, d].map((word, i) => (word + state[i]!) | 0)
  }
  const digest = Buffer.alloc(16)
  state.forEach((word, i) => {
    digest.writeInt32LE(word, 4 * i)
  })
  return digest.toString('hex')
}

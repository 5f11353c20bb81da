import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { digestsOf, ed2kDigest, newDigester } from '../../src/hash/digest.ts'

describe('digests', () => {
  it('gives the published values for the empty content and "abc"', () => {
    // RFC 1321 A.5, FIPS 180-4 examples, BLAKE3 test_vectors.json (input_len 0) and the paper's hash of "abc".
    expect(digestsOf(Buffer.alloc(0))).toEqual({
      md5: 'd41d8cd98f00b204e9800998ecf8427e',
      sha1: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
      sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      blake3: 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262',
    })
    expect(digestsOf(Buffer.from('abc'))).toEqual({
      md5: '900150983cd24fb0d6963f7d28e17f72',
      sha1: 'a9993e364706816aba3e25717850c26c9cd0d89d',
      sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      blake3: '6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85',
    })
  })

  it('gives the same in chunks as at once, whatever the cut', () => {
    for (const size of [0, 1, 63, 64, 65, 1024, 1025, 100_000, 9_728_000]) {
      const content = randomBytes(size)
      const digester = newDigester(ed2kDigest())
      const buffer = Buffer.alloc(70_000)
      for (let at = 0; at < size; ) {
        // The same buffer again and again, as a reader does.
        const length = Math.min(size - at, 1 + Math.floor(Math.random() * buffer.length))
        content.copy(buffer, 0, at, at + length)
        digester.update(buffer.subarray(0, length))
        at += length
      }
      const atOnce = digestsOf(content, ed2kDigest())
      expect(digester.finish()).toEqual(atOnce)
      expect(atOnce.ed2kRed === atOnce.ed2kBlue).toBe(size !== 9_728_000)
      const sum = (tool: string) =>
        execFileSync(tool, { input: content, encoding: 'utf8' }).slice(0, -4).trim()
      expect(atOnce).toMatchObject({ md5: sum('md5sum'), sha1: sum('sha1sum'), sha256: sum('sha256sum') })
    }
  })
})

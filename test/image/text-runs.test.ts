/** Runs of text among other bytes: encodings, bounds, and what is none. */
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { noise } from '../../fixtures/pictures.ts'
import { textRuns } from '../../src/formats/image/remains/text/runs.ts'
import { randomBytes, seeded } from './random.ts'
import { memoryMedium } from './volume.ts'

const LITHUANIAN = 'Prižiūrėtojas kas vakarą rašė apie orą ir laivus, kurie plaukė pro šalį. '
const RUSSIAN = 'Смотритель каждый вечер писал о погоде и о кораблях, которые шли мимо. '
const GREEK = 'Ο φύλακας έγραφε κάθε βράδυ για τον καιρό και τα πλοία που περνούσαν. '

const runsIn = (bytes: Buffer) => [...textRuns(memoryMedium(bytes), [{ offset: 0, length: bytes.length }])]

describe('runs of text', () => {
  it.each([
    ['utf8', RUSSIAN, 'utf-8'],
    ['ascii', 'https://example.org/a/b?c=12345', 'ascii'],
    ['utf16le', LITHUANIAN, 'utf-16le'],
    ['utf16be', LITHUANIAN, 'utf-16be'],
    ['utf16be', GREEK, 'utf-16be'],
    ['win1257', LITHUANIAN, 'single-byte'],
    ['win1251', RUSSIAN.repeat(2), 'single-byte'],
    ['koi8-r', RUSSIAN.repeat(2), 'single-byte'],
    ['cp866', RUSSIAN.repeat(2), 'single-byte'],
  ])('of %s are found with their bounds, at even and odd offsets', (code, text, encoding) => {
    for (const offset of [4096, 5003]) {
      const coded = iconv.encode(text, code)
      const bytes = Buffer.alloc(16_384)
      coded.copy(bytes, offset)
      expect(runsIn(bytes)).toEqual([{ offset, length: coded.length, encoding }])
    }
  })

  it('longer than a mebibyte are cut behind a space, and lose nothing', () => {
    for (const code of ['utf8', 'utf16le']) {
      const bytes = iconv.encode(LITHUANIAN.repeat(16_000), code)
      const runs = runsIn(bytes)
      expect(runs.length).toBeGreaterThan(1)
      expect(runs.reduce((sum, { length }) => sum + length, 0)).toBe(bytes.length)
      for (const { offset } of runs.slice(1))
        expect(bytes.subarray(offset - 2, offset).includes(0x20)).toBe(true)
    }
  })

  it('are none in bytes by chance, patterns, names of symbols and short words', () => {
    expect(runsIn(randomBytes(seeded(3), 1 << 20))).toEqual([])
    expect(runsIn(noise(3, 1 << 16))).toEqual([])
    expect(runsIn(Buffer.alloc(1 << 16, 'ab '))).toEqual([])
    expect(runsIn(Buffer.from(`\0${'_ZN4llvm18ARMConstantPoolMBBE\0'.repeat(50)}`))).toEqual([])
    expect(runsIn(Buffer.from('\0too short to say\0'))).toEqual([])
    const numbers = Buffer.alloc(4096)
    for (let i = 0; i < 1024; i++) numbers.writeUInt32LE(0x0400 + 3 * i, 4 * i)
    expect(runsIn(numbers)).toEqual([])
  })

  it('end with their range', () => {
    const bytes = Buffer.from(RUSSIAN.repeat(4))
    const ranges = [{ offset: 1, length: 200 }]
    expect([...textRuns(memoryMedium(bytes), ranges)]).toEqual([
      { offset: 2, length: 198, encoding: 'utf-8' },
    ])
  })
})

import { describe, expect, it } from 'vitest'
import { RemainsOfVolume } from '../../../src/confined/lister/remains-of-volume.ts'
import { HeaderHashIndex, packHeaderHashes } from '../../../src/wire/header-hash-index.ts'

const SIZE = 64 << 20
/** Of nothing that is there. */
const md5 = Buffer.alloc(16, 0x5e)

describe('a search of free space that finds nothing', () => {
  it('gives signs as it comes further, each time that it goes through', () => {
    const zeros = { sizeBytes: SIZE, readInto: (target: Buffer) => target.fill(0).length, damageIn: () => [] }
    const signs = (remains: 'none' | 'known' | 'carve') => {
      let passed = 0
      const asked = { remains, sample: null, lists: [] }
      const index = new HeaderHashIndex(
        packHeaderHashes([{ md5Of512: md5, md5, md5Of64k: md5, sizeBytes: 1 << 20 }]),
      )
      const search = new RemainsOfVolume(1, zeros, asked, index, () => passed++)
      const found = [...search.within('unread', [{ offset: 0, length: SIZE }])]
      return [found.length, passed]
    }
    expect(signs('none')).toEqual([0, 0])
    const [, known] = signs('known')
    const [found, carved] = signs('carve')
    expect(found).toBe(0)
    // A lister is taken to hang after two minutes of work without one: a hundredth of a terabyte.
    expect(known).toBeGreaterThanOrEqual(SIZE / (1 << 22))
    expect(carved! - known!).toBeGreaterThanOrEqual(SIZE / (1 << 22))
  })
})

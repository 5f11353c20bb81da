import { describe, expect, it } from 'vitest'
import { BLOCK_BYTES, madeVolume, mounted, objectsOf } from '../../../fixtures/apfs/volume.ts'
import { bytesAccountedFor } from '../volume.ts'
import { digests, open } from './shared.ts'

const SPACE_MANAGER = 5
const CHUNKS = 7

describe('free space of a container of APFS', () => {
  it('is nothing where the space manager cannot be read, and only what waits to be freed where its chunks cannot', () => {
    for (const [type, code, free] of [
      [SPACE_MANAGER, 'space-manager-damaged', 0],
      // 24 blocks wait in the queue to be freed.
      [CHUNKS, 'bitmap-damaged', 24 * BLOCK_BYTES],
    ] as const) {
      const bytes = madeVolume()
      for (const { bytes: object } of objectsOf(bytes, type)) object[3000] = (object[3000] as number) ^ 1
      const listing = open(bytes)
      expect(listing.system.problems().map((one) => one.code)).toContain(code)
      expect(digests(listing, 'Made Volume/')).toEqual(mounted('live'))
      expect(bytesAccountedFor(listing)).toMatchObject({ classes: bytes.length, free })
    }
  })

  it('is what pstat counts, and what waits to be freed', () => {
    // "Number of Free Blocks" of The Sleuth Kit 4.12.1.
    expect(open(madeVolume()).system.classes().unallocated).toBe((3190 + 24) * BLOCK_BYTES)
  })

  it('goes on behind the end of the container, to that of its partition', () => {
    const bytes = madeVolume()
    const longer = open(Buffer.concat([bytes, Buffer.alloc(10 * BLOCK_BYTES + 100)]))
    const before = open(bytes).system.classes().unallocated
    expect(longer.system.classes().unallocated).toBe(before + 10 * BLOCK_BYTES + 100)
    expect(bytesAccountedFor(longer)).toMatchObject({ classes: bytes.length + 10 * BLOCK_BYTES + 100 })
    expect(longer.system.problems()).toEqual([])
  })

  it('of an image that is cut is what is left of it, and the cut is said', () => {
    const bytes = madeVolume().subarray(0, 12 * 1024 * 1024 + 100)
    const cut = open(bytes)
    expect(cut.system.problems().map(({ code }) => code)).toContain('volume-cut')
    expect(bytesAccountedFor(cut)).toMatchObject({ classes: bytes.length })
  })
})

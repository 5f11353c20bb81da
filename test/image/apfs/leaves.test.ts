import { describe, expect, it } from 'vitest'
import type { Blocks } from '../../../src/formats/image/filesystem/apfs/blocks.ts'
import { Leaves } from '../../../src/formats/image/filesystem/apfs/leaves.ts'

const MIB = 1 << 20

describe('leaves in free space', () => {
  it('are looked for up to a bound, and from where on they were not is said', () => {
    const medium = {
      sizeBytes: 64 * MIB,
      readInto: (target: Buffer) => target.fill(0).length,
      damageIn: () => [],
    }
    const blocks = { medium, blockBytes: 4096 } as unknown as Blocks
    const unsought = (free: { offset: number; length: number }[], searched: number) => {
      const said: number[] = []
      const { newestFirst } = new Leaves(blocks, free, (offset) => said.push(offset), searched)
      expect(newestFirst).toEqual([])
      return said
    }
    const two = [
      { offset: MIB, length: 3 * MIB },
      { offset: 10 * MIB, length: 5 * MIB },
    ]
    expect(unsought(two, 8 * MIB)).toEqual([])
    expect(unsought(two, 7 * MIB)).toEqual([14 * MIB])
    expect(unsought(two, 3 * MIB)).toEqual([10 * MIB])
    expect(unsought(two, MIB)).toEqual([2 * MIB])
  })
})

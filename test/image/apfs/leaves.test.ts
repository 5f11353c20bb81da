import { describe, expect, it } from 'vitest'
import { BLOCK, type Entry, nodeBody, writeObject } from '../../../fixtures/cftt/apfs-nodes.ts'
import { contentRecords, type Item, inodeRecord, KIND } from '../../../fixtures/cftt/apfs-records.ts'
import { Blocks } from '../../../src/formats/image/filesystem/apfs/blocks.ts'
import { Leaves } from '../../../src/formats/image/filesystem/apfs/leaves.ts'
import { memoryMedium } from '../volume.ts'

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

  it('put no extents of an earlier content beside those of a later one', () => {
    const item = (time: number, blocks: readonly number[]): Item => ({
      ...{ id: 50, kind: KIND.file, places: [{ parent: 2, name: 'a.bin', sibling: null }], born: 1, time },
      ...{
        sizeBytes: 2 * BLOCK,
        extents: blocks.map((block) => ({ block, count: 1 })),
        children: 0,
        target: null,
      },
    })
    const [then, now] = [item(5, [200, 201]), item(10, [100, 101])]
    const [before, after] = [then, now].map((one) => [inodeRecord(one), ...contentRecords(one)])
    const image = Buffer.alloc(8 * BLOCK)
    const leaf = (block: number, oid: number, xid: number, entries: readonly Entry[]) =>
      writeObject(
        image.subarray(block * BLOCK, (block + 1) * BLOCK),
        { oid, xid, type: 3, subtype: 14 },
        nodeBody({ isRoot: false, level: 0, fixedValue: null }, entries, null),
      )
    // The leaf with the second extent was written once more, and that one is gone.
    leaf(1, 1000, 5, before!.slice(0, 3))
    leaf(2, 1001, 5, before!.slice(3))
    leaf(3, 1000, 10, after!.slice(0, 3))
    const blocks = new Blocks(memoryMedium(image), BLOCK, 8)
    const leaves = new Leaves(blocks, [{ offset: 0, length: image.length }], () => {})
    const extentsOf = (transaction: number) => {
      const of = leaves.newestFirst.find((one) => one.transaction === transaction && one.id === 1000)!
      const { inode } = [...leaves.inodesOf(of)][0]!
      return leaves.extents(50, 2 * BLOCK, of, inode).map(({ block }) => block)
    }
    expect(extentsOf(10)).toEqual([100])
    expect(extentsOf(5)).toEqual([200, 201])
  })
})

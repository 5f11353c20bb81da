import { describe, expect, it } from 'vitest'
import { WHERE_FROMS } from '../../../fixtures/device/apple.ts'
import { hfsPlus } from '../../../fixtures/device/hfs-plus.ts'
import { bytesAccountedFor, bytesOf, listedMedium, memoryMedium, pathOf } from '../volume.ts'

const DATA = Buffer.from('a picture of a lake, in words')
const FORK = Buffer.from('a fork of its own')
const volume = hfsPlus('lake.jpg', DATA, { 'com.apple.metadata:kMDItemWhereFroms': WHERE_FROMS }, FORK)

describe('a volume of HFS+', () => {
  it('gives data, resource fork and extended attributes of a file, and a class to every byte', () => {
    const listing = listedMedium(memoryMedium(volume))
    const { entries, system, medium } = listing
    expect([system.kind, system.label, system.problems()]).toEqual(['hfsplus', 'Lake', []])
    expect(
      entries.map((entry) => [
        pathOf(entry),
        entry.stream?.toString() ?? null,
        entry.status,
        entry.record,
        bytesOf(medium, entry),
      ]),
    ).toEqual([
      ['lake.jpg', null, 'live', 16, DATA],
      ['lake.jpg', 'com.apple.metadata:kMDItemWhereFroms', 'live', 16, WHERE_FROMS],
      ['lake.jpg', 'com.apple.ResourceFork', 'live', 16, FORK],
    ])
    const { classes, free, volume: bytes, unallocated } = bytesAccountedFor(listing)
    expect([classes, free]).toEqual([bytes, unallocated])
    expect(system.classes()).toMatchObject({ allocated: DATA.length + FORK.length, bad: 0 })
  })
})

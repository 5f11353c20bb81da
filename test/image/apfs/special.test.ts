import { describe, expect, it } from 'vitest'
import {
  BLOCK_BYTES,
  madeVolume,
  mounted,
  type PlacedExtent,
  recordOf,
  seal,
  sealVolume,
} from '../../../fixtures/apfs/volume.ts'
import type { VolumeEntry } from '../../../src/contracts/image.ts'
import { type Listing, pathOf } from '../volume.ts'
import { digests, open } from './shared.ts'

const VOLUME = 'Made Volume/'
const INODE = 3
const EXTENT = 8
const made = open(madeVolume())
const named = ({ entries }: Listing, path: string): VolumeEntry =>
  entries.find((one) => one.status === 'live' && pathOf(one) === VOLUME + path && one.stream === null)!

/** The volume with a flag of BSD set at a file. */
function flagged(path: string, flag: number): Listing {
  const bytes = madeVolume()
  const { leaf, value } = recordOf(bytes, named(made, path).record, INODE)
  value.writeUInt32LE((value.readUInt32LE(68) | flag) >>> 0, 68)
  seal(leaf)
  return open(bytes)
}

describe('contents of APFS that are not where they seem to be', () => {
  it('are not recorded where macOS keeps them in a cloud', () => {
    const listing = flagged('hole.bin', 0x40000000)
    expect(named(listing, 'hole.bin')).toMatchObject({
      sizeBytes: 300_000,
      place: { kind: 'none', reason: 'not-recorded', detail: 'cloud' },
      notes: ['offline-placeholder'],
    })
    expect(listing.system.problems()).toEqual([])
    // A file whose bytes are here all the same is read.
    expect(named(flagged('after.bin', 0x40000000), 'after.bin').place.kind).toBe('runs')
  })

  it('are damaged where what says how they are compressed is lost', () => {
    expect(named(flagged('empty', 0x20), 'empty').place).toEqual({
      kind: 'none',
      reason: 'damaged',
      detail: 'decmpfs-missing',
    })
  })

  it('are not guessed where the beginning was given back', () => {
    const bytes = madeVolume()
    const { leaf, key } = recordOf(bytes, named(made, 'after.bin').record, EXTENT)
    key.writeBigUInt64LE(BigInt(BLOCK_BYTES), 8)
    seal(leaf)
    expect(named(open(bytes), 'after.bin').place).toMatchObject({ kind: 'none', detail: 'beginning-freed' })
  })

  it('of a sealed volume are found by its tree of extents alone', () => {
    const bytes = madeVolume()
    const pictures = made.entries.filter(
      (one) => one.status === 'live' && one.kind === 'file' && /100APPLE.IMG_00[01]/.test(pathOf(one)),
    )
    const extents = pictures
      .filter(({ stream }) => stream === null)
      .flatMap(({ record, place }): PlacedExtent[] => {
        let from = 0
        return place.kind !== 'runs'
          ? []
          : place.runs.map(({ offset, length }) => {
              const extent = [record, from, length, (offset ?? 0) / BLOCK_BYTES] as const
              from += length
              return extent
            })
      })
      .sort((a, b) => a[0] - b[0] || a[1] - b[1])
    sealVolume(bytes, extents)
    const listing = open(bytes)
    const found = digests(
      listing,
      `${VOLUME}DCIM/100APPLE/IMG_00`,
      ({ status, record }) => status === 'live' && extents.some(([content]) => content === record),
    )
    expect(found.size).toBe(18)
    for (const [path, digest] of found)
      expect(mounted('live').get(`DCIM/100APPLE/IMG_00${path}`)).toBe(digest)
    expect(named(listing, 'big.bin').notes).toEqual(['extents-missing'])
    expect(listing.system.stated.find(({ name }) => name === 'volume-1')?.value).toContain('sealed')
  })
})

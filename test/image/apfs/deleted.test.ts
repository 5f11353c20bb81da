import { describe, expect, it } from 'vitest'
import { linesOf } from '../../../fixtures/apfs/tree.ts'
import {
  addVolume,
  BLOCK_BYTES,
  blockOf,
  madeVolume,
  newestContainer,
  objectsOf,
  seal,
  TYPE,
} from '../../../fixtures/apfs/volume.ts'
import type { VolumeEntry } from '../../../src/contracts/image.ts'
import { Versions } from '../../../src/formats/image/filesystem/apfs/deleted.ts'
import type { EarlierFile } from '../../../src/formats/image/filesystem/apfs/earlier-files.ts'
import { bytesAccountedFor, pathOf } from '../volume.ts'
import { digests, open, sha256 } from './shared.ts'

const VOLUME = 'Made Volume/'
const by = (basis: VolumeEntry['basis']) => (entry: VolumeEntry) => entry.basis === basis
const made = open(madeVolume())
/** As guest.sh copied them. */
const brief = new Map(
  Array.from({ length: 120 }, (_, i) => [
    `brief/of a while ${i + 1}.txt`,
    sha256(linesOf(`${(i + 1) * 2}`, 20 + (i + 1) * 2)),
  ]),
)

const named = (entries: readonly VolumeEntry[], path: string): VolumeEntry =>
  entries.find((one) => pathOf(one) === VOLUME + path && one.status !== 'live')!
const blockUnder = ({ place }: VolumeEntry): number =>
  place.kind === 'runs' ? place.runs[0]!.offset! / BLOCK_BYTES : Number.NaN

describe('what was removed from a container of APFS', () => {
  it('is found by the checkpoint before, where the power failed behind its removal', () => {
    const picture = 'DCIM/100APPLE/IMG_0020.bin'
    expect(digests(made, VOLUME, by('checkpoint'))).toEqual(
      new Map([
        ['last.bin', sha256(linesOf('fork', 20_000))],
        ['last-of-pictures.bin', sha256(linesOf(picture, 700 + 20 * 1733))],
      ]),
    )
  })

  it('is found by leaves in free space, with its folder, byte for byte', () => {
    const found = digests(made, VOLUME, by('free-leaf'))
    expect(found).toEqual(new Map([...brief, ['new/short-lived-too.bin', sha256(linesOf('fork', 20_000))]]))
    const removed = made.entries.filter(by('free-leaf'))
    expect(removed.every(({ status, record }) => status === 'deleted' && record > 0)).toBe(true)
  })

  it('is overwritten where a structure was written since, or somebody has its blocks now', () => {
    const bytes = madeVolume()
    const [one, two] = ['brief/of a while 100.txt', 'brief/of a while 101.txt'].map((path) =>
      named(made.entries, path),
    )
    const newest = newestContainer(bytes).readBigUInt64LE(16)
    const written = blockOf(bytes, blockUnder(one!))
    blockOf(bytes, Number(newestContainer(bytes).readBigUInt64LE(160))).copy(written)
    written.writeBigUInt64LE(newest, 16)
    seal(written)
    const live = made.entries.find((entry) => pathOf(entry) === `${VOLUME}big.bin`)!
    let pointed = 0
    for (const { bytes: leaf } of [...objectsOf(bytes, TYPE.treeNode, TYPE.fileTree)]) {
      const at = leaf.indexOf(Buffer.from(BigInt64Array.of(BigInt(blockUnder(two!))).buffer))
      if (at < 0 || (leaf.readUInt16LE(32) & 2) === 0) continue
      leaf.writeBigUInt64LE(BigInt(blockUnder(live)), at)
      seal(leaf)
      pointed++
    }
    expect(pointed).toBeGreaterThan(0)
    const { entries } = open(bytes)
    for (const path of ['brief/of a while 100.txt', 'brief/of a while 101.txt'])
      expect(named(entries, path)).toMatchObject({
        status: 'deleted-overwritten',
        place: { kind: 'none', reason: 'overwritten', detail: '4096 4096' },
      })
    expect(named(entries, 'brief/of a while 102.txt').status).toBe('deleted')
  })

  it('is not what stands unchanged, though the volume of a leaf in free space is unknown', () => {
    const bytes = madeVolume()
    const other = addVolume(bytes, 'Other')
    other.writeUInt8(other[240]! ^ 0xff, 240)
    seal(other)
    const { entries } = open(bytes)
    const stateOf = ({ record, times }: VolumeEntry) =>
      [record, times?.modifiedNs, times?.changedNs].join(' ')
    const live = new Set(entries.filter(({ status }) => status === 'live').map(stateOf))
    expect(entries.filter(by('free-leaf')).length).toBeGreaterThan(100)
    expect(entries.filter((one) => by('free-leaf')(one) && live.has(stateOf(one))).map(pathOf)).toEqual([])
  })

  it('is two folders where two volumes that are not known had one of the same number', () => {
    const folder = (createdNs: bigint): EarlierFile =>
      ({
        inode: { id: 20, mode: 0o40755, createdNs },
        content: { sizeBytes: 0, streams: [] },
      }) as unknown as EarlierFile
    const given = new Versions()
    expect([1n, 2n, 1n].map((createdNs) => given.add(Versions.of(folder(createdNs), '')))).toEqual([
      true,
      true,
      false,
    ])
  })

  it('whose leaf was used again is gone; nothing of it is guessed', () => {
    const bytes = madeVolume()
    for (const { block } of objectsOf(bytes, TYPE.treeNode, TYPE.fileTree)) {
      const isFree = [...made.system.unallocated()].some(
        ({ offset, length }) => block * BLOCK_BYTES >= offset && block * BLOCK_BYTES < offset + length,
      )
      if (isFree) blockOf(bytes, block)[100] = 0x55
    }
    const listing = open(bytes)
    expect(listing.entries.filter(by('free-leaf'))).toEqual([])
    expect(listing.system.problems()).toEqual([])
    expect(bytesAccountedFor(listing)).toMatchObject({ classes: bytes.length })
  })
})

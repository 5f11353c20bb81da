/**
 * NTFS: every name on the volume from the master file table, live ones first, then deleted ones.
 *
 * It reads the table instead of the directories, so a damaged directory costs no name. Between the two passes, one bit
 * per cluster marks live contents, so that a deleted content counts as intact only where no live content has its
 * clusters.
 * Files of shadow copies follow where they differ from today's.
 */
import type { FileSystem, FileSystemFormat, Medium, VolumeEntry } from '../../../../contracts/image.ts'
import { runsContent } from '../../content/runs.ts'
import { ClusterSet } from '../clusters/cluster-set.ts'
import { NotThisFileSystem } from '../common/not-this-file-system.ts'
import { type Geometry, geometryOf, hasBackup, hasSignature } from './boot.ts'
import { count, tallyOf } from './census.ts'
import { journalNames } from './change-journal.ts'
import { entriesOf, open, type Surroundings } from './entries.ts'
import { folders } from './folders.ts'
import { type FileName, type Gathered, gather, type Stream } from './gather.ts'
import { indexBytesOf, indexSlack } from './index-slack.ts'
import { Leftovers } from './leftover.ts'
import { openMft } from './mft.ts'
import { Problems } from './problems.ts'
import { baseOf, inUse, isDirectory, isRecord, TYPE, viewOf } from './record.ts'
import { earlierFiles } from './shadow/earlier-files.ts'
import { stated } from './stated.ts'

export const NTFS: FileSystemFormat = {
  name: 'ntfs',
  recognises: hasSignature,
  open(volume) {
    const geometry = geometryOf(volume)
    if (!geometry)
      throw new NotThisFileSystem(
        'superblock-damaged',
        'the boot sector of this NTFS volume and its backup are damaged',
      )
    const opened = openNtfs(volume, geometry)
    const earlier = earlierFiles(volume, (medium) => openNtfs(medium, geometry).live())
    const problems = new Problems()
    return {
      ...opened,
      stated: [...opened.stated, ...earlier.stated],
      *entries() {
        yield* opened.entries()
        yield* earlier.entries((code, detail) => problems.add(code, null, detail))
      },
      problems: () => [...opened.problems(), ...problems.all()],
    }
  },
}

/** Recognised by its last sector, where the first is overwritten. */
export const NTFS_BY_BACKUP: FileSystemFormat = { ...NTFS, recognises: hasBackup }

const BITMAP = 6
const EXTEND = 11
const DELETED = 1
const DIRECTORY = 2
const NO_NOTES: readonly string[] = []

function isJournal(name: FileName): boolean {
  return name.parent.number === EXTEND && name.name.toString('latin1') === '$UsnJrnl'
}

const BAAD = 0x44414142

interface NtfsVolume extends FileSystem {
  /** Live entries in the order of the records; an alternative to `entries`. */
  live(): IterableIterator<VolumeEntry>
}

function openNtfs(volume: Medium, geometry: Geometry): NtfsVolume {
  const { clusterBytes, clusters } = geometry
  const mft = openMft(volume, geometry)
  const problems = new Problems()
  if (geometry.fromBackup) problems.add('boot-from-backup', null, '')
  if (geometry.statedBytes > volume.sizeBytes) {
    problems.add('volume-cut', null, `${geometry.statedBytes - volume.sizeBytes}`)
  }
  const gathered = (number: number, record: Buffer): Gathered =>
    gather(mft, volume, clusterBytes, number, record)
  const tally = tallyOf(geometry)
  const recordOf = (number: number): Buffer | null => mft.record(number)
  const folder = folders(recordOf, (number, record) => gathered(number, record).names[0] ?? null)
  const around: Surroundings = {
    clusterBytes,
    volumeBytes: volume.sizeBytes,
    mft,
    folder,
    taken: tally.taken,
  }
  const left = new Leftovers({ recordOf, gathered, folder })
  let journal: number | null = null

  // Kind of each record, found in the first pass, so that later passes read no more than they need.
  const kinds = new Uint8Array(mft.count)

  function* pass(live: boolean): Generator<VolumeEntry> {
    // Yielded entries keep no view of it.
    const record = Buffer.alloc(mft.recordBytes)
    for (let number = 0; number < mft.count; number++) {
      if (!live && ((kinds[number] as number) & DELETED) === 0) continue
      const whole = mft.copyInto(number, record)
      if (!isRecord(record)) {
        const signature = record.readUInt32LE(0)
        if (signature !== 0) problems.add(signature === BAAD ? 'record-bad' : 'record-signature', number, '')
        continue
      }
      if (baseOf(record)) continue
      kinds[number] = (inUse(record) ? 0 : DELETED) | (isDirectory(record) ? DIRECTORY : 0)
      if (inUse(record) !== live) continue
      const facts = gathered(number, record)
      for (const note of facts.notes) problems.add(note, number, '')
      if (!whole) problems.add('fixup-failed', number, '')
      const opened = open(number, record, facts, around)
      if (live) count(tally, number, facts, opened)
      if (live && facts.names.some(isJournal)) journal = number
      if (!live) for (const { parent, name } of facts.names) left.deleted(parent, name)
      const worth = facts.names.length > 0 || opened.streams.some(({ placed }) => placed.sizeBytes > 0)
      // Records 12–15 and free ones that never had a name.
      if (!worth || (live && facts.names.length === 0 && number < 24)) continue
      yield* entriesOf(number, record, facts, opened, around, whole ? NO_NOTES : ['fixup-failed'])
    }
  }

  /** Names without a record, in the slack of directories, then in the change journal. */
  function* leftovers(): Generator<VolumeEntry> {
    let budget = volume.sizeBytes
    const record = Buffer.alloc(mft.recordBytes)
    for (let number = 0; number < mft.count && !left.full; number++) {
      if (((kinds[number] as number) & DIRECTORY) === 0) continue
      mft.copyInto(number, record)
      const facts = gathered(number, record)
      budget -= indexBytesOf(facts)
      // Indexes that claim more bytes than the volume has overlap.
      if (budget < 0) {
        problems.add('index-limit', number, '')
        break
      }
      for (const name of indexSlack(volume, geometry.indexBytes, number, record, facts)) {
        const entry = left.entryOf(name)
        if (entry) yield entry
      }
    }
    const runs = journal === null ? [] : streamOf(journal, '$J')?.runs
    for (const ending of [true, false]) {
      for (const name of journalNames(volume, runs ?? [], ending)) {
        const entry = left.entryOf(name)
        if (entry) yield entry
        if (left.full) break
      }
    }
    if (left.full) problems.add('leftover-limit', null, '')
  }

  function streamOf(number: number, name: string): Stream | null {
    const record = recordOf(number)
    if (!record || !isRecord(record)) return null
    const { streams } = gathered(number, record)
    return (
      streams.find((stream) => stream.type === TYPE.data && stream.name.toString('latin1') === name) ?? null
    )
  }

  function settle(): void {
    for (const damage of mft.damage()) {
      problems.add('mft-unreadable', Math.floor(damage.offset / mft.recordBytes), `${damage.length}`)
    }
    const bitmap = bitmapOf()
    if (!bitmap) problems.add('bitmap-lost', BITMAP, '')
    const { unmarked, ownerless } = tally.settle(bitmap)
    if (unmarked > 0) problems.add('live-but-free', null, `${unmarked}`)
    if (ownerless > 0) problems.add('allocated-without-owner', null, `${ownerless}`)
  }

  /** $Bitmap as stored on the volume. */
  function bitmapOf(): ClusterSet | null {
    const stream = streamOf(BITMAP, '')
    if (!stream) return null
    const set = new ClusterSet(clusters)
    if (stream.resident) set.bytes.set(viewOf(stream.resident).subarray(0, set.bytes.length))
    else {
      const content = runsContent(volume, stream.runs, stream.validBytes, set.bytes.length)
      content.readInto(set.bytes, 0)
      if (content.damageIn(0, set.bytes.length).length > 0) problems.add('bitmap-damaged', BITMAP, '')
    }
    return set
  }

  const { label, fields } = stated(mft, geometry)
  return {
    kind: 'ntfs',
    label,
    uuid: geometry.serial,
    clusterBytes,
    firstCluster: { number: 0, offset: 0 },
    stated: fields,
    live: () => pass(true),
    *entries() {
      yield* pass(true)
      settle()
      yield* pass(false)
      yield* leftovers()
    },
    problems: () => problems.all(),
    classes: () => tally.classes(volume.sizeBytes),
    unallocated: () => tally.unallocated(),
  }
}

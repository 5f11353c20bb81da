/** Messages of a walking process: entries as JSON, whole numbers as decimal text, names as byte strings. */

import { type ByteString, bytesOf } from '../base/byte-string.ts'
import { filePath, parseEvidencePath } from '../base/evidence-path.ts'
import { timeBasis, timesOf } from '../base/time-basis.ts'
import type { EntryTimes, FileTime, OnImage } from '../contracts/entry.ts'
import type { NameFinding } from '../contracts/finding.ts'
import type { WalkedEntry } from '../contracts/ledger.ts'
import type { EntryItems, OnImageTuple } from './entry.ts'

/** A system call that can hang, on one path: reading a name's metadata, its content, or its extended attributes. */
export interface Place {
  readonly path: ByteString
  readonly call: 'lstat' | 'open' | 'attributes'
  /** The walking process ended there; otherwise it hung. */
  readonly crashed?: boolean
}

/** Numbers that no frame of a reader has. */
export const WALK_FRAME = {
  /** run → child, first and only: {@link WalkSetUp}. */
  setUp: 1,
  /** child → run: EntryTuple[] in the order of the walk. */
  entries: 32,
  /** child → run, in a careful walk only: the {@link Place} that the child is about to touch. */
  about: 33,
  /** child → run, last: the walk is complete. */
  end: 34,
  /** child → run, last: the root cannot be walked, with the reason. */
  refused: 35,
} as const

/** A mount by device (`major:minor`) and point, as mountinfo has them. */
export interface MountFacts {
  readonly device: string
  readonly point: ByteString
  /** Its file system; of a block device that FUSE presents, the one that lies on it. */
  readonly kind: string
  readonly writable: boolean
}

export interface WalkSetUp {
  readonly root: ByteString
  readonly parentPid: number
  /** Milliseconds until the first heartbeat. */
  readonly quietMs: number
  readonly sparseLogicalBytes: number
  readonly after: ByteString | null
  readonly stuck: readonly Place[]
  readonly mounts: readonly MountFacts[]
  /** Report the place of every call that can hang before the call. */
  readonly careful: boolean
}

/** An entry of a walk or a listing; wire/entry.ts explains each item. */
export type EntryTuple = readonly [
  ...items: EntryItems,
  named: readonly NameFinding[] | null,
  onImage?: OnImageTuple,
]

/** Nanoseconds of modified, changed, accessed and born. */
type Times = EntryItems[4]

export function tupleOf({ entry, read, named }: WalkedEntry): EntryTuple {
  const tuple = [
    entry.path.bytes.toString('latin1'),
    entry.kind,
    String(entry.sizeBytes),
    text(entry.allocatedBytes),
    nsOf(entry.times),
    timeBasis(entry.times),
    text(entry.device),
    text(entry.inode),
    text(entry.links),
    entry.mode,
    entry.uid,
    entry.gid,
    entry.linkTarget === null ? null : entry.linkTarget.toString('latin1'),
    entry.band,
    read,
    named ?? null,
  ] as const
  return entry.onImage ? [...tuple, onImageTuple(entry.onImage)] : tuple
}

function onImageTuple(on: OnImage): OnImageTuple {
  const { volume, status, basis, record, sequence, place, nameTimes, notes } = on
  const named = nameTimes === null ? null : nsOf(nameTimes)
  return [volume, status, basis, record, sequence, place, named, nameTimes && timeBasis(nameTimes), notes]
}

function onImageOf([
  volume,
  status,
  basis,
  record,
  sequence,
  place,
  named,
  namedBasis,
  notes,
]: OnImageTuple): OnImage {
  const nameTimes = named === null ? null : entryTimes(named, namedBasis)
  return { volume, status, basis, record, sequence, place, nameTimes, notes }
}

function nsOf({ modified, changed, accessed, born }: EntryTimes): Times {
  return [ns(modified), ns(changed), ns(accessed), ns(born)]
}

function entryTimes([modified, changed, accessed, born]: Times, basis: string | null): EntryTimes {
  return timesOf(basis, [whole(modified), whole(changed), whole(accessed), whole(born)])
}

export function walkedOf(tuple: EntryTuple): WalkedEntry {
  const [
    path,
    kind,
    size,
    allocated,
    times,
    basis,
    device,
    inode,
    links,
    mode,
    uid,
    gid,
    target,
    band,
    read,
    named,
    onImage,
  ] = tuple
  return {
    entry: {
      path: path.includes('\0') ? parseEvidencePath(bytesOf(path)) : filePath(bytesOf(path)),
      kind,
      sizeBytes: BigInt(size),
      allocatedBytes: whole(allocated),
      times: entryTimes(times, basis),
      device: whole(device),
      inode: whole(inode),
      links: whole(links),
      mode,
      uid,
      gid,
      linkTarget: target === null ? null : bytesOf(target),
      band,
      ...(onImage ? { onImage: onImageOf(onImage) } : {}),
    },
    read,
    ...(named ? { named } : {}),
  }
}

function ns(time: FileTime | null): string | null {
  return time === null ? null : String(time.ns)
}

function text(value: bigint | null): string | null {
  return value === null ? null : String(value)
}

function whole(value: string | null): bigint | null {
  return value === null ? null : BigInt(value)
}

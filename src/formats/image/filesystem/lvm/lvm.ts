/**
 * LVM2: each linear logical volume of a physical volume is a folder with its name; its contents keep their places on
 * the physical volume. Others (striped, mirrored, thin, on several disks) are only named.
 */
import type { ContentPlace, DataRun } from '../../../../contracts/content-place.ts'
import type {
  ByteRange,
  FileSystem,
  FileSystemFormat,
  Medium,
  VolumeEntry,
  VolumeProblem,
} from '../../../../contracts/image.ts'
import { runsContent, runsWithin } from '../../content/runs.ts'
import { NotThisFileSystem } from '../common/not-this-file-system.ts'
import { hasLabel, type LogicalVolume, type VolumeGroup, volumeGroupOf } from './metadata.ts'
import { bytesOf, joined, Places } from './places.ts'

/** @param formats file systems that a logical volume may contain */
export function lvmFormat(formats: () => readonly FileSystemFormat[]): FileSystemFormat {
  return {
    name: 'lvm2',
    recognises: hasLabel,
    open(volume) {
      const group = volumeGroupOf(volume)
      if (group === null)
        throw new NotThisFileSystem(
          'metadata-damaged',
          'no copy of the metadata of this physical volume of LVM2 is whole',
        )
      return openGroup(volume, group, formats())
    },
  }
}

interface Inner {
  readonly name: Buffer
  readonly runs: readonly ByteRange[]
  readonly opened: FileSystem
}

function openGroup(volume: Medium, group: VolumeGroup, formats: readonly FileSystemFormat[]): FileSystem {
  const problems: VolumeProblem[] = []
  const inner: Inner[] = []
  const taken = new Places(volume.sizeBytes)
  let isAllHere = true
  let unreadBytes = 0
  for (const one of group.volumes) {
    const isLaid = one.runs !== null && taken.take(one.runs)
    const opened = isLaid ? innerFileSystem(volume, one, formats) : one.kind || 'no place of its own'
    if (typeof opened !== 'string') inner.push({ name: Buffer.from(one.name), runs: one.runs!, opened })
    else problems.push({ code: 'logical-volume-not-read', record: null, detail: `${one.name}: ${opened}` })
    if (isLaid && typeof opened === 'string') unreadBytes += bytesOf(one.runs!)
    isAllHere &&= isLaid
  }
  const before = taken.firstByte(group.dataOffset)
  const rest = taken.restFrom(before)
  // Where a logical volume has an unknown place, no extent counts as free.
  const free = isAllHere ? rest : []
  return {
    kind: 'lvm2',
    label: group.name,
    uuid: group.uuid,
    clusterBytes: group.extentBytes,
    stated: group.volumes.map(({ name, sizeBytes }) => ({
      name: 'logical-volume',
      value: `${name}, ${sizeBytes} bytes`,
    })),
    isPartEncrypted: inner.some(({ opened }) => opened.isPartEncrypted === true),
    *entries() {
      for (const { name, runs, opened } of inner)
        for (const entry of opened.entries())
          yield { ...entry, path: [name, ...entry.path], place: onDisk(entry, runs) }
    },
    problems: () => [
      ...problems,
      ...inner.flatMap(({ name, opened }) =>
        opened.problems().map((one) => ({ ...one, detail: `${name.toString()}: ${one.detail}` })),
      ),
    ],
    classes: () => {
      const sum = {
        metadata: before,
        allocated: 0,
        unallocated: bytesOf(free),
        slack: 0,
        bad: 0,
        encrypted: 0,
      }
      for (const { opened } of inner) {
        const of = opened.classes()
        for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += of[name] ?? 0
      }
      return { ...sum, unread: unreadBytes + bytesOf(rest) - bytesOf(free) }
    },
    *unallocated() {
      const pieces = inner.flatMap(({ runs, opened }) =>
        [...opened.unallocated()].flatMap(({ offset, length }) =>
          runsWithin(runs, offset, length).map((piece) => ({ offset: piece.offset!, length: piece.length })),
        ),
      )
      yield* joined([...pieces, ...free].sort((a, b) => a.offset - b.offset))
    },
  }
}

/** The file system of a logical volume, or the reason why it is not read. */
function innerFileSystem(
  volume: Medium,
  { runs, kind, sizeBytes }: LogicalVolume,
  formats: readonly FileSystemFormat[],
): FileSystem | string {
  if (runs === null) return kind
  const inside = runsContent(volume, runs, sizeBytes, sizeBytes)
  const format = formats.find(({ recognises }) => recognises(inside))
  if (format === undefined) return 'no file system that is read'
  try {
    return format.open(inside)
  } catch (error) {
    if (!(error instanceof NotThisFileSystem)) throw error
    return error.message
  }
}

/** Places on the logical volume as places on the physical one. */
function onDisk({ place }: VolumeEntry, runs: readonly ByteRange[]): ContentPlace {
  if (place.kind === 'none' || !('runs' in place)) return place
  return { ...place, runs: place.runs.flatMap((run) => mapped(run, runs)) }
}

function mapped({ offset, length }: DataRun, runs: readonly ByteRange[]): DataRun[] {
  if (offset === null) return [{ offset, length }]
  const pieces = runsWithin(runs, offset, length)
  const lost = length - pieces.reduce((sum, piece) => sum + piece.length, 0)
  // Behind the end of the logical volume nothing lies: a place that no medium has is said as damage when it is read.
  return lost > 0 ? [...pieces, { offset: Number.MAX_SAFE_INTEGER - length, length: lost }] : pieces
}

/**
 * Makes a ledger entry from a name on a volume: its evidence path, its priority class, and the result for its content.
 */
import { childPath, volumePath } from '../../base/evidence-path.ts'
import { attribute } from '../../contracts/attribute.ts'
import type { ContentPlace } from '../../contracts/content-place.ts'
import type { EntryTimes, EvidencePath, FileTime } from '../../contracts/entry.ts'
import type { NameFinding } from '../../contracts/finding.ts'
import type { VolumeEntry } from '../../contracts/image.ts'
import type { WalkedEntry } from '../../contracts/ledger.ts'
import type { ReasonCode } from '../../contracts/reason.ts'
import { notApplicable, notDone, type StageResult } from '../../contracts/stage.ts'
import type { VolumeTimes } from '../../contracts/volume-times.ts'
import { priorityClassOf } from '../../media-types/priority-class.ts'
import type { UniquePaths } from './unique-paths.ts'

const SLASH = Buffer.from('/')

/**
 * @param seen                paths that are already listed, of all volumes
 * @param more                findings from the content's own bytes
 * @param sparseLogicalBytes  plan.limits: a larger content with less than a tenth of it allocated is not read
 */
export function listedEntry(
  volume: number,
  found: VolumeEntry,
  seen: UniquePaths,
  sparseLogicalBytes: number,
  more: readonly NameFinding[] = [],
): WalkedEntry {
  const relative = Buffer.concat(found.path.flatMap((name, index) => (index === 0 ? [name] : [SLASH, name])))
  const size = BigInt(found.sizeBytes)
  return {
    entry: {
      path: pathOf(volume, relative, found, seen),
      kind: found.kind,
      sizeBytes: size,
      allocatedBytes: found.allocatedBytes === null ? null : BigInt(found.allocatedBytes),
      times: timesOf(found.times),
      device: null,
      inode: null,
      links: found.links === null ? null : BigInt(found.links),
      mode: found.mode,
      uid: found.uid,
      gid: found.gid,
      linkTarget: found.linkTarget,
      band: found.kind === 'file' ? priorityClassOf(relative.toString('latin1'), size) : 0,
      onImage: {
        volume,
        status: found.status,
        basis: found.basis,
        record: found.record,
        sequence: found.sequence,
        place: found.statedHashes?.length ? { ...found.place, stated: found.statedHashes } : found.place,
        nameTimes: found.nameTimes && timesOf(found.nameTimes),
        notes: found.notes,
      },
    },
    read: readOf(found, sparseLogicalBytes),
    ...said(found, more),
  }
}

/** Findings from other data on the image: stated digests and the original path. */
function said(
  { statedHashes = [], originalPath }: VolumeEntry,
  more: readonly NameFinding[],
): Pick<WalkedEntry, 'named'> {
  const named: NameFinding[] = statedHashes.map(({ algorithm, hex }) =>
    attribute('stated-digest', { algorithm, digest: hex }),
  )
  named.push(...more)
  if (originalPath) named.push(attribute('original-path', { ...originalPath }))
  return named.length > 0 ? { named } : {}
}

/** Adds a `record` step to the path of a deleted name, and to a path that is already listed. */
function pathOf(volume: number, relative: Buffer, found: VolumeEntry, seen: UniquePaths): EvidencePath {
  const named = volumePath(volume, relative)
  const withStream = (path: EvidencePath) =>
    found.stream === null ? path : childPath(path, 'stream', found.stream)
  if (found.status === 'live') {
    const path = withStream(named)
    if (seen.add(path.bytes)) return path
  }
  const record = found.sequence === null ? `${found.record}` : `${found.record}-${found.sequence}`
  for (let again = 1; ; again++) {
    const step = Buffer.from(again === 1 ? record : `${record}.${again}`)
    const path = withStream(childPath(named, 'record', step))
    if (seen.add(path.bytes)) return path
  }
}

function timesOf(times: VolumeTimes): EntryTimes {
  const time = (ns: bigint | null, resolution: FileTime['resolution']): FileTime | null =>
    ns === null ? null : { ns, source: 'stat', resolution, zone: times.zone }
  const { resolution } = times
  return {
    modified: time(times.modifiedNs, resolution.modified),
    changed: time(times.changedNs, resolution.changed),
    accessed: time(times.accessedNs, resolution.accessed),
    born: time(times.bornNs, resolution.born),
  }
}

/** Null: a content that is to be read. */
function readOf(found: VolumeEntry, sparseLogicalBytes: number): StageResult | null {
  const { kind, place, sizeBytes, allocatedBytes } = found
  if (kind === 'directory') return notApplicable('directory')
  if (kind === 'symlink') return notApplicable('symlink')
  if (kind !== 'file' && kind !== 'unknown') return notApplicable('special-file')
  if (place.kind === 'none') return absent(place)
  if (sizeBytes > sparseLogicalBytes && allocatedBytes !== null && allocatedBytes * 10 < sizeBytes)
    return {
      result: 'not-done',
      reason: 'sparse',
      detail: { code: 'sparse', params: { bytes: sizeBytes, allocated: allocatedBytes } },
    }
  return null
}

function absent({ reason, detail }: Extract<ContentPlace, { kind: 'none' }>): StageResult {
  return notDone(
    ABSENT[reason] ?? 'content-not-recorded',
    detail === '' ? null : { code: 'file-system-says', params: { text: detail } },
  )
}

/** Stage result reasons for the reasons of a location without content. */
const ABSENT: Readonly<Record<string, ReasonCode>> = {
  encrypted: 'encrypted',
  overwritten: 'overwritten',
  'overwritten-in-part': 'overwritten-in-part',
  'not-recorded': 'content-not-recorded',
  'not-built': 'not-built',
  damaged: 'image-damaged',
}

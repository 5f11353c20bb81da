/** Shared by archives that are read as file systems: paths, times and byte classes. */
import type { VolumeClasses } from '../../../../contracts/image.ts'
import type { TimeResolution, VolumeTimes } from '../../../../contracts/volume-times.ts'

/** Names of a member, raw. Empty ones and `.` are dropped; `..` stays a name, because paths are never resolved. */
export function memberPath(raw: Buffer, separator = 0x2f): Buffer[] {
  const names: Buffer[] = []
  for (let at = 0; at <= raw.length; ) {
    const end = raw.indexOf(separator, at)
    const name = raw.subarray(at, end === -1 ? raw.length : end)
    if (name.length > 0 && !(name.length === 1 && name[0] === 0x2e)) names.push(Buffer.from(name))
    if (end === -1) break
    at = end + 1
  }
  return names
}

export function archiveTimes(given: {
  readonly modifiedNs: bigint | null
  readonly changedNs?: bigint | null
  readonly accessedNs?: bigint | null
  readonly bornNs?: bigint | null
  readonly resolution: TimeResolution
  readonly zone: VolumeTimes['zone']
}): VolumeTimes {
  const { resolution, zone } = given
  return {
    modifiedNs: given.modifiedNs,
    changedNs: given.changedNs ?? null,
    accessedNs: given.accessedNs ?? null,
    bornNs: given.bornNs ?? null,
    resolution: { modified: resolution, changed: resolution, accessed: resolution, born: resolution },
    zone,
  }
}

/**
 * Bytes that are neither content nor padding are structure. Overlapping members count once each, so the sum is bounded.
 * @param unallocated bytes behind the last member
 */
export function archiveClasses(
  sizeBytes: number,
  contentBytes: number,
  slackBytes: number,
  unallocated = 0,
): VolumeClasses {
  const allocated = Math.min(contentBytes, sizeBytes - unallocated)
  const slack = Math.min(slackBytes, sizeBytes - unallocated - allocated)
  return { metadata: sizeBytes - unallocated - allocated - slack, allocated, unallocated, slack, bad: 0 }
}

/** Shared code of the file systems of logical images: no free space, no clusters, and counted problems. */
import type {
  FileSystem,
  StatedField,
  VolumeClasses,
  VolumeEntry,
  VolumeProblem,
} from '../../../../contracts/image.ts'
import type { TimeResolution, VolumeTimes } from '../../../../contracts/volume-times.ts'

const PROBLEMS_AT_MOST = 10_000

export interface Listing {
  /** Adds a problem; problems beyond ten thousand are counted in the last one. */
  problem(code: string, record: number | null, detail: string): void
  /** Adds bytes of contents stored on the medium. */
  held(bytes: number): void
}

/** @param list yields every entry and reports problems to the listing; the counts are those of the last call */
export function logicalFileSystem(
  kind: string,
  label: string,
  uuid: string,
  stated: readonly StatedField[],
  sizeBytes: number,
  list: (listing: Listing) => IterableIterator<VolumeEntry>,
): FileSystem {
  const problems: VolumeProblem[] = []
  let beyond = 0
  let held = 0
  const listing: Listing = {
    problem(code, record, detail) {
      if (problems.length < PROBLEMS_AT_MOST) problems.push({ code, record, detail })
      else beyond++
    },
    held(bytes) {
      held += bytes
    },
  }
  return {
    kind,
    label,
    uuid,
    clusterBytes: 1,
    stated,
    entries() {
      problems.length = 0
      beyond = 0
      held = 0
      return list(listing)
    },
    problems: () =>
      beyond === 0
        ? problems
        : [...problems, { code: 'more-problems', record: null, detail: String(beyond) }],
    classes(): VolumeClasses {
      const allocated = Math.min(held, sizeBytes)
      return { metadata: sizeBytes - allocated, allocated, unallocated: 0, slack: 0, bad: 0 }
    },
    *unallocated() {},
  }
}

export function timesInUtc(
  times: Partial<Record<'modifiedNs' | 'changedNs' | 'accessedNs' | 'bornNs', bigint | null>>,
  resolution: TimeResolution,
  accessed: TimeResolution = resolution,
): VolumeTimes {
  return {
    modifiedNs: times.modifiedNs ?? null,
    changedNs: times.changedNs ?? null,
    accessedNs: times.accessedNs ?? null,
    bornNs: times.bornNs ?? null,
    resolution: { modified: resolution, changed: resolution, accessed, born: resolution },
    zone: 'utc',
  }
}

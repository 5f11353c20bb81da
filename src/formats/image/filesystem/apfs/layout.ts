/** Runs of a content from its extents, which follow each other without a gap: a hole is an extent too. */
import type { ContentPlace, DataRun } from '../../../../contracts/content-place.ts'
import type { Extent } from './records.ts'

/** A content in more pieces is reported and not read. */
const RUNS_MOST = 100_000
/** The largest size that can be addressed. */
const BYTES_MOST = Number.MAX_SAFE_INTEGER

export interface Layout {
  readonly runs: readonly DataRun[]
  /** Bytes stored on the volume. */
  readonly storedBytes: number
  /** Codes of faults: the runs end before the content does. */
  readonly problems: readonly string[]
}

/** A file that is being removed frees its bytes from the beginning on. */
export const BEGINNING_FREED = 'beginning-freed'

export const NO_LAYOUT: Layout = { runs: [], storedBytes: 0, problems: [] }

export function layoutOf(extents: Iterable<Extent>, sizeBytes: number, blockBytes: number): Layout {
  const runs: { offset: number | null; length: number }[] = []
  const problems: string[] = []
  let end = 0
  let storedBytes = 0
  for (const { from, length, block } of extents) {
    if (from > 0 && end === 0) {
      problems.push(BEGINNING_FREED)
      break
    }
    if (from !== end || length === 0 || length % blockBytes !== 0 || end + length > BYTES_MOST) {
      problems.push('extents-damaged')
      break
    }
    const offset = block === null ? null : block * blockBytes
    if (offset !== null && offset + length > BYTES_MOST) {
      problems.push('extents-damaged')
      break
    }
    const last = runs.at(-1)
    const goesOn =
      last &&
      (offset === null ? last.offset === null : last.offset !== null && last.offset + last.length === offset)
    if (goesOn) last.length += length
    else if (runs.length >= RUNS_MOST) {
      problems.push('runs-too-many')
      break
    } else runs.push({ offset, length })
    end += length
    if (offset !== null) storedBytes += length
  }
  if (end < sizeBytes && problems.length === 0) problems.push('extents-missing')
  return { runs, storedBytes, problems }
}

export function placeOf({ runs, problems }: Layout, sizeBytes: number): ContentPlace {
  if (problems.includes('runs-too-many'))
    return { kind: 'none', reason: 'not-built', detail: 'in too many pieces' }
  if (problems.includes(BEGINNING_FREED))
    return { kind: 'none', reason: 'not-recorded', detail: BEGINNING_FREED }
  return { kind: 'runs', runs, validBytes: sizeBytes }
}

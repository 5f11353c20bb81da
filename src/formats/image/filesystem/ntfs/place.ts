/** Place of a stream's content, or the reason why it cannot be read. */
import type { ContentPlace, DataRun } from '../../../../contracts/content-place.ts'
import { type ClusterSet, clustersOf } from '../clusters/cluster-set.ts'
import { type Gathered, isEncrypted, type Stream } from './gather.ts'
import type { Mft } from './mft.ts'
import { COMPRESSED, SPARSE } from './record.ts'
import type { Reparse } from './reparse.ts'
import { residentRuns } from './resident.ts'

export interface Placed {
  readonly place: ContentPlace
  readonly sizeBytes: number
  /** Bytes on the volume that the stream takes, its metadata left out. */
  readonly allocatedBytes: number
  readonly notes: readonly string[]
  /** Bytes of its clusters, also where `place` cannot be read. */
  readonly runs: readonly DataRun[]
}

export interface Ground {
  readonly clusterBytes: number
  readonly volumeBytes: number
  readonly mft: Pick<Mft, 'runsOf'>
}

export const EMPTY_PLACE: ContentPlace = { kind: 'runs', runs: [], validBytes: 0 }
const WOF_STREAM = 'WofCompressedData'
const WOF_UNITS = { xpress4k: 4096, xpress8k: 8192, xpress16k: 16384, lzx: 32768 } as const

export function placeOf(
  stream: Stream,
  record: Gathered,
  reparse: Reparse | null,
  { clusterBytes, volumeBytes, mft }: Ground,
): Placed {
  const main = stream.name.length === 0
  const coded = main && reparse?.content === 'wof' ? wofStream(record) : null
  const runs = coded ? coded.runs : stream.runs
  const notes = stream.broken ? [stream.broken] : NONE
  const sizeBytes = Number.isFinite(stream.sizeBytes) ? stream.sizeBytes : 0
  const allocatedBytes = stored(runs)
  const at = (place: ContentPlace, more: readonly string[] = NONE): Placed => ({
    place,
    sizeBytes,
    allocatedBytes,
    notes: more.length === 0 ? notes : [...notes, ...more],
    runs,
  })
  const none = (reason: string, detail: string, note?: string): Placed =>
    at({ kind: 'none', reason, detail }, note ? [note] : NONE)

  if (!Number.isFinite(stream.sizeBytes)) return none('damaged', 'size', 'size-implausible')
  if (isEncrypted(stream)) return none('encrypted', 'efs')
  if (main && reparse && sizeBytes > 0) {
    if (reparse.content === 'dedup') return none('not-built', 'dedup')
    if (reparse.content === 'wim') return none('not-built', 'wim-backed')
    if (reparse.content === 'wof') {
      if (!reparse.wof) return none('not-built', 'wof-coding')
      return coded ? at(wofPlace(coded, reparse.wof, sizeBytes, mft)) : none('damaged', 'wof-stream')
    }
  }
  if (stream.resident) {
    const held = heldRuns(stream, mft)
    return held ? at({ kind: 'runs', runs: held, validBytes: sizeBytes }) : none('damaged', 'record')
  }
  if (main && reparse?.content === 'cloud' && sizeBytes > 0 && allocatedBytes === 0) {
    return none('not-recorded', 'cloud', 'offline-placeholder')
  }
  const covered = runs.reduce((sum, run) => sum + run.length, 0)
  // A size without runs must not cause years of reading zeros.
  if (covered < sizeBytes && sizeBytes > volumeBytes) return none('damaged', 'runs-end', 'runs-end')
  const validBytes = Math.min(sizeBytes, stream.validBytes)
  if ((stream.flags & COMPRESSED) !== 0 && stream.unitClusters > 1) {
    const unitBytes = stream.unitClusters * clusterBytes
    if ((stream.flags & COMPRESSED) !== 1 || unitBytes > MAX_UNIT) return none('not-built', 'compression')
    return at({ kind: 'coded', coding: 'lznt1', unitBytes, runs, validBytes }, ['compressed'])
  }
  return at({ kind: 'runs', runs, validBytes }, sparse(stream) ? ['sparse'] : NONE)
}

const NONE: readonly string[] = []

function heldRuns({ resident, holder }: Stream, mft: Ground['mft']): DataRun[] | null {
  return resident && residentRuns(resident, mft.runsOf(holder))
}

/** Windows compresses in units of 16 clusters of at most 4 KiB. */
const MAX_UNIT = 1024 * 1024

function sparse(stream: Stream): boolean {
  return (stream.flags & SPARSE) !== 0
}

function wofStream(record: Gathered): Stream | null {
  return record.streams.find((stream) => stream.name.toString('latin1') === WOF_STREAM) ?? null
}

function wofPlace(
  stream: Stream,
  coding: keyof typeof WOF_UNITS,
  sizeBytes: number,
  mft: Ground['mft'],
): ContentPlace {
  const unitBytes = WOF_UNITS[coding]
  const validBytes = Math.min(stream.sizeBytes, Number.MAX_SAFE_INTEGER)
  if (!stream.resident) return { kind: 'coded', coding, unitBytes, runs: stream.runs, validBytes }
  if (sizeBytes > MAX_DECODED) return { kind: 'none', reason: 'not-built', detail: 'wof-resident' }
  const runs = heldRuns(stream, mft)
  if (!runs) return { kind: 'none', reason: 'damaged', detail: 'record' }
  return { kind: 'coded', coding, unitBytes, runs, validBytes }
}

/** A record of at most 4 KiB that decodes to more bytes is an attack. */
const MAX_DECODED = 256 * 1024

/** True for a stream that is the stored form of the main content, and no stream of its own. */
export function isStoredForm(stream: Stream, reparse: Reparse | null): boolean {
  return reparse?.content === 'wof' && stream.name.toString('latin1') === WOF_STREAM
}

function stored(runs: readonly DataRun[]): number {
  return runs.reduce((sum, run) => (run.offset === null ? sum : sum + run.length), 0)
}

/**
 * Place of a deleted content while all its clusters are free, else the reason.
 * @param taken clusters of live contents
 */
export function survived(placed: Placed, taken: ClusterSet, clusterBytes: number): Placed {
  let all = 0
  let gone = 0
  for (const [from, to] of clustersOf(placed.runs, clusterBytes, taken.clusters)) {
    all += to - from
    gone += taken.count(from, to)
  }
  if (gone === 0) return placed
  const reason = gone === all ? 'overwritten' : 'overwritten-in-part'
  return { ...placed, place: { kind: 'none', reason, detail: `${gone}/${all}` } }
}

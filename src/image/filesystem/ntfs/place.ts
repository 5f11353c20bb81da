/** Where the content of a stream lies, and what keeps it from being read. */
import type { ContentPlace, DataRun, Medium } from '../../../contracts/image.ts'
import { codedContent } from '../../content/coded.ts'
import { type ClusterSet, clustersOf } from './clusters.ts'
import { type Gathered, isEncrypted, type Stream } from './gather.ts'
import { COMPRESSED, SPARSE, type Value, viewOf } from './record.ts'
import type { Reparse } from './reparse.ts'

export interface Placed {
  readonly place: ContentPlace
  readonly sizeBytes: number
  /** Bytes on the volume that the stream takes, its metadata left out. */
  readonly allocatedBytes: number
  readonly notes: readonly string[]
  /** Clusters that hold it, in bytes: also where `place` says that it cannot be read. */
  readonly runs: readonly DataRun[]
}

export const EMPTY_PLACE: ContentPlace = { kind: 'resident', base64: '' }
const WOF_STREAM = 'WofCompressedData'
const WOF_UNITS = { xpress4k: 4096, xpress8k: 8192, xpress16k: 16384, lzx: 32768 } as const

export function placeOf(
  stream: Stream,
  record: Gathered,
  reparse: Reparse | null,
  clusterBytes: number,
  volumeBytes: number,
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
      return coded ? at(wofPlace(coded, reparse.wof, sizeBytes)) : none('damaged', 'wof-stream')
    }
  }
  if (stream.resident) return at({ kind: 'resident', base64: base64Of(stream.resident) })
  if (main && reparse?.content === 'cloud' && sizeBytes > 0 && allocatedBytes === 0) {
    return none('not-recorded', 'cloud', 'offline-placeholder')
  }
  const covered = runs.reduce((sum, run) => sum + run.length, 0)
  // Nobody reads for years what no run names.
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

function base64Of({ bytes, at, end }: Value): string {
  return bytes.toString('base64', at, end)
}

/** Windows compresses in units of 16 clusters of at most 4 KiB. */
const MAX_UNIT = 1024 * 1024

function sparse(stream: Stream): boolean {
  return (stream.flags & SPARSE) !== 0
}

function wofStream(record: Gathered): Stream | null {
  return record.streams.find((stream) => stream.name.toString('latin1') === WOF_STREAM) ?? null
}

/** A stored form inside the record lies in bytes that are fixed up: what it decodes to stands in its place. */
function wofPlace(stream: Stream, coding: keyof typeof WOF_UNITS, sizeBytes: number): ContentPlace {
  const unitBytes = WOF_UNITS[coding]
  if (!stream.resident) {
    const validBytes = Math.min(stream.sizeBytes, Number.MAX_SAFE_INTEGER)
    return { kind: 'coded', coding, unitBytes, runs: stream.runs, validBytes }
  }
  if (sizeBytes > MAX_DECODED) return { kind: 'none', reason: 'not-built', detail: 'wof-resident' }
  const held = viewOf(stream.resident)
  const runs = [{ offset: 0, length: held.length }]
  const stored: Medium = {
    sizeBytes: held.length,
    readInto: (target, offset) => held.copy(target, 0, offset, offset + target.length),
    damageIn: () => [],
  }
  const content = codedContent(
    stored,
    { kind: 'coded', coding, unitBytes, runs, validBytes: held.length },
    sizeBytes,
  )
  const bytes = Buffer.alloc(sizeBytes)
  content.readInto(bytes, 0)
  if (content.damageIn(0, sizeBytes).length > 0) return { kind: 'none', reason: 'damaged', detail: coding }
  return { kind: 'resident', base64: bytes.toString('base64') }
}

/** A record of at most 4 KiB that decodes to more is no text that was compressed, but an attack. */
const MAX_DECODED = 256 * 1024

/** Whether a stream is the stored form of the main content, not one of its own. */
export function isStoredForm(stream: Stream, reparse: Reparse | null): boolean {
  return reparse?.content === 'wof' && stream.name.toString('latin1') === WOF_STREAM
}

function stored(runs: readonly DataRun[]): number {
  return runs.reduce((sum, run) => (run.offset === null ? sum : sum + run.length), 0)
}

/**
 * What is left of a deleted content: its place while all its clusters are free, else why not.
 * @param taken clusters that belong to something live
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

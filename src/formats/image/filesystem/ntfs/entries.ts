/** The entries of one base record: each name, and under each name each stream. */
import type { VolumeEntry } from '../../../../contracts/image.ts'
import type { ClusterSet } from '../clusters/cluster-set.ts'
import { type Folder, ORPHAN, ROOT } from './folders.ts'
import type { FileName, Gathered, Stream } from './gather.ts'
import { EMPTY_PLACE, type Ground, isStoredForm, type Placed, placeOf, survived } from './place.ts'
import { inUse, isDirectory, type Reference, sequenceOf, TYPE, viewOf } from './record.ts'
import { interixLink, type Reparse, reparseOf } from './reparse.ts'
import { implausible, NO_TIMES, timesAt } from './times.ts'

export interface Surroundings extends Ground {
  readonly folder: (reference: Reference) => Folder
  /** Clusters of live contents: used for deleted records only. */
  readonly taken: ClusterSet
}

export interface PlacedStream {
  readonly stream: Stream
  readonly placed: Placed
}

/** Contents of a record with their places; for deleted ones after the check of their clusters. */
export interface Opened {
  readonly reparse: Reparse | null
  readonly streams: readonly PlacedStream[]
}

/** Names times streams: beyond it streams are listed under the first name only. */
const MAX_PRODUCT = 4_096
const BAD_CLUSTERS = 8

export function open(number: number, record: Buffer, gathered: Gathered, around: Surroundings): Opened {
  const { clusterBytes, taken } = around
  const point = gathered.streams.find((stream) => stream.type === TYPE.reparse)
  const reparse = point?.resident ? reparseOf(viewOf(point.resident)) : interix(gathered)
  const streams: PlacedStream[] = []
  for (const stream of gathered.streams) {
    if (stream.type !== TYPE.data || isStoredForm(stream, reparse)) continue
    // $BadClus:$Bad is a sparse stream as large as the volume. Its stored runs are the bad clusters, which are not
    // read.
    if (number === BAD_CLUSTERS && stream.name.length > 0) continue
    const placed = placeOf(stream, gathered, reparse, around)
    streams.push({ stream, placed: inUse(record) ? placed : survived(placed, taken, clusterBytes) })
  }
  return { reparse, streams }
}

function interix({ standard, streams }: Gathered): Reparse | null {
  if (!standard) return null
  const main = streams.find(({ type, name }) => type === TYPE.data && name.length === 0)
  return interixLink(standard.bytes.readUInt32LE(standard.at + 32), main?.resident ?? null)
}

/** @param damaged notes of the record as a whole */
export function* entriesOf(
  number: number,
  record: Buffer,
  gathered: Gathered,
  opened: Opened,
  around: Surroundings,
  damaged: readonly string[],
): Generator<VolumeEntry> {
  const { reparse, streams } = opened
  const live = inUse(record)
  const sequence = sequenceOf(record)
  const kind = reparse?.kind ?? (isDirectory(record) ? 'directory' : 'file')
  const main = kind === 'file' ? streams.find(({ stream }) => stream.name.length === 0)?.placed : undefined
  const times = gathered.standard ? timesAt(gathered.standard.bytes, gathered.standard.at) : NO_TIMES
  const odd = gathered.standard !== null && implausible(gathered.standard.bytes, gathered.standard.at)
  const ofRecord = joined(damaged, gathered.notes)
  const notes = joined(ofRecord, [...(reparse ? [reparse.note] : []), ...(odd ? ['time-implausible'] : [])])
  const named = gathered.names.length > 0 ? gathered.names : [null]
  const streamed = streams.filter(({ stream }) => stream.name.length > 0)

  for (const [index, name] of named.entries()) {
    const { path, lost } = name
      ? pathOf(number, name, around)
      : { path: [...ORPHAN, Buffer.from(`$Record-${number}`)], lost: true }
    const nameTimes = name ? timesAt(name.value.bytes, name.value.at + 8) : null
    // The root has no name, but streams.
    const own = path.length > 0 ? [null] : []
    const under = index > 0 && streamed.length * named.length > MAX_PRODUCT ? [] : streamed
    for (const one of [...own, ...under]) {
      const placed = one === null ? main : one.placed
      // Every property written out: a spread of this many costs more than all the rest of an entry.
      yield {
        path,
        stream: one === null ? null : one.stream.name,
        kind: one === null ? kind : 'file',
        status: statusOf(live, lost, placed),
        basis: live && !lost ? null : 'mft',
        record: number,
        sequence,
        links: Math.max(1, gathered.names.length),
        sizeBytes: placed?.sizeBytes ?? 0,
        allocatedBytes: placed?.allocatedBytes ?? 0,
        times,
        nameTimes,
        mode: null,
        uid: null,
        gid: null,
        linkTarget: one === null ? (reparse?.linkTarget ?? null) : null,
        place: placed?.place ?? EMPTY_PLACE,
        notes: joined(one === null ? notes : ofRecord, placed?.notes ?? NONE),
      }
    }
  }
}

const NONE: readonly string[] = []

function statusOf(live: boolean, lost: boolean, placed: Placed | undefined): VolumeEntry['status'] {
  if (live) return lost ? 'orphan' : 'live'
  if (placed?.place.kind === 'none' && placed.place.reason.startsWith('overwritten'))
    return 'deleted-overwritten'
  return lost ? 'orphan' : 'deleted'
}

function joined(some: readonly string[], more: readonly string[]): readonly string[] {
  if (more.length === 0) return some
  return some.length === 0 ? more : [...new Set([...some, ...more])]
}

function pathOf(number: number, name: FileName, around: Surroundings): Folder {
  // The root's own name is `.`, in itself.
  if (number === ROOT) return { path: [], lost: false }
  const folder = around.folder(name.parent)
  return { path: [...folder.path, name.name], lost: folder.lost }
}

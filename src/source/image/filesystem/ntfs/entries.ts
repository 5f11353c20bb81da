/** The entries that one base record stands for: each name, and under each name each stream. */
import type { VolumeEntry } from '../../../../contracts/image.ts'
import type { ClusterSet } from './clusters.ts'
import { type Folder, ORPHAN, ROOT } from './folders.ts'
import type { FileName, Gathered, Stream } from './gather.ts'
import { EMPTY_PLACE, isStoredForm, type Placed, placeOf, survived } from './place.ts'
import { inUse, isDirectory, type Reference, sequenceOf, TYPE } from './record.ts'
import { interixLink, type Reparse, reparseOf } from './reparse.ts'
import { implausible, NO_TIMES, timesAt } from './times.ts'

export interface Surroundings {
  readonly clusterBytes: number
  readonly volumeBytes: number
  readonly folder: (reference: Reference) => Folder
  /** Clusters of what is live: asked for deleted records only. */
  readonly taken: ClusterSet
}

export interface PlacedStream {
  readonly stream: Stream
  readonly placed: Placed
}

/** What a record holds, with where it lies; `survived` was asked for deleted ones. */
export interface Opened {
  readonly reparse: Reparse | null
  readonly streams: readonly PlacedStream[]
}

/** Names times streams: beyond it streams are listed under the first name only. */
const MAX_PRODUCT = 4_096
const BAD_CLUSTERS = 8

export function open(number: number, record: Buffer, gathered: Gathered, around: Surroundings): Opened {
  const { clusterBytes, volumeBytes, taken } = around
  const point = gathered.streams.find((stream) => stream.type === TYPE.reparse)
  const reparse = point?.resident ? reparseOf(point.resident) : interix(gathered)
  const streams: PlacedStream[] = []
  for (const stream of gathered.streams) {
    if (stream.type !== TYPE.data || isStoredForm(stream, reparse)) continue
    // $BadClus:$Bad is a sparse stream as large as the volume: its stored runs are the bad clusters, nothing to read.
    if (number === BAD_CLUSTERS && stream.name.length > 0) continue
    const placed = placeOf(stream, gathered, reparse, clusterBytes, volumeBytes)
    streams.push({ stream, placed: inUse(record) ? placed : survived(placed, taken, clusterBytes) })
  }
  return { reparse, streams }
}

function interix({ standard, streams }: Gathered): Reparse | null {
  if (!standard) return null
  const main = streams.find(({ type, name }) => type === TYPE.data && name.length === 0)
  return interixLink(standard.readUInt32LE(32), main?.resident ?? null)
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
  const kind = reparse?.kind ?? (isDirectory(record) ? 'directory' : 'file')
  const main = kind === 'file' ? streams.find(({ stream }) => stream.name.length === 0)?.placed : undefined
  const times = gathered.standard ? timesAt(gathered.standard, 0) : NO_TIMES
  const odd = gathered.standard !== null && implausible(gathered.standard, 0)
  const notes = [
    ...damaged,
    ...gathered.notes,
    ...(reparse ? [reparse.note] : []),
    ...(odd ? ['time-implausible'] : []),
  ]
  const named = gathered.names.length > 0 ? gathered.names : [null]
  const streamed = streams.filter(({ stream }) => stream.name.length > 0)

  for (const [index, name] of named.entries()) {
    const { path, lost } = name
      ? pathOf(number, name, around)
      : { path: [...ORPHAN, Buffer.from(`$Record-${number}`)], lost: true }
    const head = {
      path,
      status: live && !lost ? 'live' : 'deleted',
      basis: live && !lost ? null : 'mft',
      record: number,
      sequence: sequenceOf(record),
      links: Math.max(1, gathered.names.length),
      times,
      nameTimes: name ? timesAt(name.value, 8) : null,
      mode: null,
      uid: null,
      gid: null,
    } as const
    const status = (placed: Placed | undefined): VolumeEntry['status'] => {
      if (head.status === 'live') return 'live'
      if (placed?.place.kind === 'none' && placed.place.reason.startsWith('overwritten'))
        return 'deleted-overwritten'
      return lost ? 'orphan' : 'deleted'
    }
    // The root itself is no name, its streams are.
    if (path.length > 0) {
      yield {
        ...head,
        stream: null,
        kind,
        status: status(main),
        sizeBytes: main?.sizeBytes ?? 0,
        allocatedBytes: main?.allocatedBytes ?? 0,
        linkTarget: reparse?.linkTarget ?? null,
        place: main?.place ?? EMPTY_PLACE,
        notes: main && main.notes.length > 0 ? [...new Set([...notes, ...main.notes])] : notes,
      }
    }
    if (index > 0 && streamed.length * named.length > MAX_PRODUCT) continue
    for (const { stream, placed } of streamed) {
      yield {
        ...head,
        stream: stream.name,
        kind: 'file',
        status: status(placed),
        sizeBytes: placed.sizeBytes,
        allocatedBytes: placed.allocatedBytes,
        linkTarget: null,
        place: placed.place,
        notes: [...damaged, ...gathered.notes, ...placed.notes],
      }
    }
  }
}

function pathOf(number: number, name: FileName, around: Surroundings): Folder {
  // The root's own name is `.`, in itself.
  if (number === ROOT) return { path: [], lost: false }
  const folder = around.folder(name.parent)
  return { path: [...folder.path, name.name], lost: folder.lost }
}

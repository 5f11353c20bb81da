/**
 * AFF4-L: chosen files with their names, times and digests. A file is a member of the archive, or a stream in chunks, or a map of
 * blocks that files share.
 *
 * The medium of such an image is its volumes, end to end, and behind them each stream as its bytes. So a member is where it is
 * stored, and a stream is one run.
 *
 * @see B. Schatz, "AFF4-L: A Scalable Open Logical Evidence Container", DFRWS 2019; aff4/pyaff4, pyaff4/container.py
 */
import type { ContentPlace } from '../../../../contracts/content-place.ts'
import type {
  Damage,
  Medium,
  OpenImage,
  Segment,
  StatedField,
  VolumeEntry,
} from '../../../../contracts/image.ts'
import { ImageRefused } from '../../../../wire/image-refused.ts'
import { blockMedium } from '../../content/block-medium.ts'
import { joinedMedium } from '../../content/joined-medium.ts'
import { damageOf } from '../../content/lacking.ts'
import { Recent } from '../../content/recent.ts'
import { memberPath } from '../../filesystem/common/archive.ts'
import { type Listing, logicalFileSystem, timesInUtc } from '../common/logical-file-system.ts'
import { type Aff4Objects, first, hashesOf, mediumOf } from './objects.ts'
import type { Aff4Stream } from './stream.ts'
import type { Said, Statements } from './turtle.ts'
import { contentAt } from './volume.ts'

const FORMAT = 'aff4-logical'
const FILE = 'aff4:FileImage'
const FOLDER = 'aff4:Folder'
/** Each holds up to 8 MiB of decoded chunks. */
const STREAMS_OPEN = 8
const MEDIUM_BYTES_AT_MOST = 2 ** 50
const LACKS_AT_MOST = 1_000_000

type About = ReadonlyMap<string, readonly Said[]>

/** Streams by URN, with their place behind the volumes. */
type Streams = ReadonlyMap<string, { readonly offset: number; readonly sizeBytes: number }>

const isA = (said: About, type: string): boolean =>
  said.get('rdf:type')?.some(({ value }) => value === type) ?? false

export function isLogical(statements: Statements): boolean {
  for (const said of statements.values()) if (isA(said, FILE) || isA(said, FOLDER)) return true
  return false
}

/** @param isWhole whether the description was read to its end */
export function logicalAff4(
  objects: Aff4Objects,
  segments: readonly Segment[],
  stated: readonly StatedField[],
  isWhole: boolean,
): OpenImage {
  const volumes = segments.map(({ medium }) => ({ medium, lengthBytes: medium.sizeBytes }))
  const opened = new Recent<string, Aff4Stream>(STREAMS_OPEN)
  const open = (urn: string): Aff4Stream => opened.get(urn, () => mediumOf(urn, objects))
  const volumeBytes = volumes.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0)
  const streams = streamsOf(objects, volumeBytes)
  const parts = [...streams].map(([urn, { sizeBytes }]) => ({
    medium: openedLate(sizeBytes, () => open(urn).medium),
    lengthBytes: sizeBytes,
  }))
  const medium = joinedMedium([...volumes, ...parts])
  return {
    format: FORMAT,
    medium,
    stated,
    storedHashes: [],
    remarks: [],
    lacks: () => damageOf(medium.sizeBytes, lackingIn(streams, open)),
    logical: logicalFileSystem(FORMAT, '', '', stated, medium.sizeBytes, (listing) =>
      entriesOf(objects, segments, streams, isWhole, listing),
    ),
  }
}

/** A medium that is opened when it is read, and may be dropped between. */
function openedLate(sizeBytes: number, open: () => Medium): Medium {
  return blockMedium(sizeBytes, Math.max(1, sizeBytes), () => ({ kind: 'stored', medium: open(), offset: 0 }))
}

/** Streams and maps that are files, in the order of the description. One that cannot be opened has no place. */
function streamsOf(objects: Aff4Objects, from: number): Streams {
  const streams = new Map<string, { offset: number; sizeBytes: number }>()
  let offset = from
  for (const [urn, said] of objects.statements) {
    if (!isA(said, FILE) || memberOf(urn, objects)) continue
    try {
      const { sizeBytes } = mediumOf(urn, objects).medium
      if (sizeBytes > MEDIUM_BYTES_AT_MOST - offset) continue
      streams.set(urn, { offset, sizeBytes })
      offset += sizeBytes
    } catch (error) {
      if (!(error instanceof ImageRefused)) throw error
    }
  }
  return streams
}

function* lackingIn(streams: Streams, open: (urn: string) => Aff4Stream): Iterable<Damage> {
  let count = 0
  for (const [urn, { offset }] of streams)
    for (const damage of open(urn).lacks()) {
      if (++count > LACKS_AT_MOST) return
      yield { ...damage, offset: offset + damage.offset }
    }
}

function* entriesOf(
  objects: Aff4Objects,
  segments: readonly Segment[],
  streams: Streams,
  isWhole: boolean,
  listing: Listing,
): IterableIterator<VolumeEntry> {
  const begins: number[] = []
  let bytes = 0
  for (const { medium } of segments) {
    begins.push(bytes)
    bytes += medium.sizeBytes
  }
  if (!isWhole) listing.problem('list-damaged', null, 'the description is longer than what is read of it')
  let number = 0
  for (const [urn, said] of objects.statements) {
    number++
    const isFolder = isA(said, FOLDER)
    if (!isFolder && !isA(said, FILE)) continue
    const { place, sizeBytes } = isFolder
      ? { place: none('directory', ''), sizeBytes: 0 }
      : placeOf(urn, said, objects, begins, streams)
    if ('runs' in place) listing.held(place.runs.reduce((sum, run) => sum + run.length, 0))
    const { path, notes } = pathOf(urn, said)
    yield {
      path,
      stream: null,
      kind: isFolder ? 'directory' : 'file',
      status: 'live',
      basis: null,
      record: number,
      sequence: null,
      links: null,
      sizeBytes,
      allocatedBytes: null,
      times: timesOf(said),
      nameTimes: null,
      mode: null,
      uid: null,
      gid: null,
      linkTarget: null,
      place,
      notes,
      statedHashes: hashesOf(said.get('aff4:hash') ?? []),
    }
  }
}

const memberOf = (urn: string, { members }: Aff4Objects) => members.listed(members.namesOf(urn))

function placeOf(
  urn: string,
  said: About,
  objects: Aff4Objects,
  begins: readonly number[],
  streams: Streams,
): { readonly place: ContentPlace; readonly sizeBytes: number } {
  const number = Number(first(said, 'aff4:size') ?? 0)
  const statedBytes = Number.isSafeInteger(number) && number > 0 ? number : 0
  const member = memberOf(urn, objects)
  if (!member) {
    const stream = streams.get(urn)
    if (!stream) return { place: none(...whyNot(urn, objects)), sizeBytes: statedBytes }
    const { offset, sizeBytes } = stream
    return {
      place: { kind: 'runs', runs: [{ offset, length: sizeBytes }], validBytes: sizeBytes },
      sizeBytes,
    }
  }
  const { record, medium, segment, isAmbiguous } = member
  const { flags, method, sizeBytes, crc } = record
  const at = contentAt(member)
  if (isAmbiguous) return { place: none('not-built', 'one name in several volumes'), sizeBytes }
  if (flags & 1 || method === 99) return { place: none('encrypted', ''), sizeBytes }
  if (method !== 0 && method !== 8) return { place: none('not-built', `method ${method}`), sizeBytes }
  if (at === null || at > medium.sizeBytes) return { place: none('damaged', 'local header'), sizeBytes }
  if (sizeBytes === 0) return { place: { kind: 'runs', runs: [], validBytes: 0 }, sizeBytes }
  // The bytes behind a cut volume are another's.
  const length = Math.min(record.storedBytes, medium.sizeBytes - at)
  const runs = [{ offset: begins[segment]! + at, length }]
  const coding = method === 0 ? ('stored' as const) : ('deflate' as const)
  return {
    place: { kind: 'deflated', method: coding, runs, crc32: crc, validBytes: sizeBytes },
    sizeBytes,
  }
}

/** Why a file that is no member has no stream. */
function whyNot(urn: string, objects: Aff4Objects): [reason: string, detail: string] {
  try {
    mediumOf(urn, objects)
    return ['damaged', 'size']
  } catch (error) {
    if (!(error instanceof ImageRefused)) throw error
    return [error.code === 'format-not-built' ? 'not-built' : 'damaged', error.code]
  }
}

const none = (reason: string, detail: string): ContentPlace => ({ kind: 'none', reason, detail })

/** The path as the imager wrote it. One of Windows has its own separator; a file without a path has its URN. */
function pathOf(
  urn: string,
  said: About,
): { readonly path: readonly Buffer[]; readonly notes: readonly string[] } {
  const name = first(said, 'aff4:originalFileName') ?? first(said, 'aff4:original_filename') ?? ''
  const isWindows = /^[A-Za-z]:\\|^\\\\/.test(name) || (name.includes('\\') && !name.includes('/'))
  const path = memberPath(Buffer.from(name.replaceAll('\0', '%00')), isWindows ? 0x5c : 0x2f).map((part) =>
    part.includes(0x2f) ? Buffer.from(part.toString('utf8').replaceAll('/', '%2F')) : part,
  )
  if (path.length === 0) return { path: [Buffer.from(urn.replaceAll('/', '%2F'))], notes: ['name-altered'] }
  return { path, notes: /[\0]/.test(name) || (isWindows && name.includes('/')) ? ['name-altered'] : [] }
}

function timesOf(said: About): VolumeEntry['times'] {
  const time = (name: string): bigint | null => {
    const [, seconds, fraction = '', zone] =
      /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?\d*(Z|[+-]\d\d:\d\d)$/.exec(
        first(said, name) ?? '',
      ) ?? []
    const ms = seconds === undefined ? Number.NaN : Date.parse(`${seconds}${zone}`)
    return Number.isNaN(ms) ? null : BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0'))
  }
  return timesInUtc(
    {
      modifiedNs: time('aff4:lastWritten'),
      changedNs: time('aff4:recordChanged'),
      accessedNs: time('aff4:lastAccessed'),
      bornNs: time('aff4:birthTime'),
    },
    's',
  )
}

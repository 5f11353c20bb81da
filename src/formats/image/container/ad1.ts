/**
 * AD1, the logical image of FTK Imager: manually selected files, each compressed in chunks, with times and digests.
 *
 * Offsets count in the logical image, which consists of the segments without their headers.
 *
 * @see fox-it/dissect.evidence, dissect/evidence/ad1.py
 */
import type { ContentPlace } from '../../../contracts/content-place.ts'
import type { ContainerFormat, Medium, VolumeEntry } from '../../../contracts/image.ts'
import { ImageRefused } from '../../../wire/image-refused.ts'
import { joinedMedium } from '../content/joined-medium.ts'
import { partOf } from '../content/ranges.ts'
import { readAt, u64 } from '../content/read-at.ts'
import { type Ad1Meta, metaOf } from './ad1-meta.ts'
import { type Listing, logicalFileSystem } from './common/logical-file-system.ts'

const SIGNATURE = Buffer.from('ADSEGMENTEDFILE\0')
const LOGICAL = Buffer.from('ADLOGICALIMAGE\0\0')
const SEGMENT_HEADER_BYTES = 512
const LOGICAL_HEADER_BYTES = 92
const ENTRY_BYTES = 48
const NAME_BYTES_AT_MOST = 65_536
const CHUNK_BYTES_AT_MOST = 1 << 26
const DEPTH_AT_MOST = 1000
const FOLDER = 5

export const AD1: ContainerFormat = {
  name: 'ad1',
  recognises: ([first]) => SIGNATURE.equals(readAt(first.medium, 0, SIGNATURE.length)),
  open(segments) {
    const parts = segments.map(({ name, medium }, index) => {
      const header = readAt(medium, 0, SEGMENT_HEADER_BYTES)
      if (header.length < SEGMENT_HEADER_BYTES || !SIGNATURE.equals(header.subarray(0, SIGNATURE.length))) {
        throw new ImageRefused('header-damaged', `Segment ${name} does not begin as an AD1 segment does.`, {
          segment: name,
        })
      }
      const [number, count] = [header.readUInt32LE(24), header.readUInt32LE(28)]
      if (number !== index + 1) {
        throw new ImageRefused(
          'segment-order',
          `Segment ${name} says that it is number ${number}, not ${index + 1}.`,
          {
            segment: name,
            number,
            expected: index + 1,
          },
        )
      }
      if (count > segments.length) {
        throw new ImageRefused(
          'segment-missing',
          `${name} says that there are ${count} segments; here are ${segments.length}.`,
          {
            number: segments.length + 1,
          },
        )
      }
      const body = partOf(medium, { offset: SEGMENT_HEADER_BYTES, length: medium.sizeBytes })
      return { medium: body, lengthBytes: body.sizeBytes }
    })
    const medium = joinedMedium(parts)
    const header = readAt(medium, 0, LOGICAL_HEADER_BYTES)
    const chunkBytes = header.length < LOGICAL_HEADER_BYTES ? 0 : header.readUInt32LE(24)
    if (!LOGICAL.equals(header.subarray(0, 16)) || chunkBytes === 0 || chunkBytes > CHUNK_BYTES_AT_MOST) {
      throw new ImageRefused('header-damaged', `The header of ${segments[0].name} cannot be used.`, {
        segment: segments[0].name,
        format: 'ad1',
      })
    }
    const source = readAt(
      medium,
      u64(header, 52),
      Math.min(header.readUInt32LE(44), NAME_BYTES_AT_MOST),
    ).toString('utf8')
    const stated = [{ name: 'source', value: source }]
    return {
      format: 'ad1',
      medium,
      stated,
      storedHashes: [],
      remarks: [],
      logical: logicalFileSystem('ad1', source, '', stated, medium.sizeBytes, (listing) =>
        entriesOf(medium, u64(header, 36), chunkBytes, listing),
      ),
    }
  },
}

function* entriesOf(
  medium: Medium,
  first: number,
  chunkBytes: number,
  listing: Listing,
): IterableIterator<VolumeEntry> {
  /** Open folders: the path of each, and its next unread entry. */
  const open: { readonly path: readonly Buffer[]; next: number; before: number }[] = [
    { path: [], next: first, before: 0 },
  ]
  while (open.length > 0) {
    const folder = open[open.length - 1]!
    const at = folder.next
    if (at === 0) {
      open.pop()
      continue
    }
    // Entries are written in sequence: a pointer backwards means a cycle.
    const bytes = at > folder.before ? readAt(medium, at, ENTRY_BYTES) : Buffer.alloc(0)
    if (bytes.length < ENTRY_BYTES) {
      listing.problem(at > folder.before ? 'entry-cut' : 'chain-loop', at, '')
      open.pop()
      continue
    }
    folder.before = at
    folder.next = u64(bytes, 0)
    const nameBytes = bytes.readUInt32LE(44)
    const stored = readAt(medium, at + ENTRY_BYTES, Math.min(nameBytes, NAME_BYTES_AT_MOST))
    const name = Buffer.from(stored.map((byte) => (byte === 0x2f || byte === 0 ? 0x5f : byte)))
    const path = [...folder.path, name]
    yield entryOf(medium, at, bytes, path, chunkBytes, listing, name.equals(stored))
    const child = u64(bytes, 8)
    if (child === 0) continue
    if (child <= at) listing.problem('chain-loop', at, 'a child before its folder')
    else if (open.length < DEPTH_AT_MOST) open.push({ path, next: child, before: at })
    else listing.problem('too-deep', at, '')
  }
}

function entryOf(
  medium: Medium,
  at: number,
  bytes: Buffer,
  path: readonly Buffer[],
  chunkBytes: number,
  listing: Listing,
  nameKept: boolean,
): VolumeEntry {
  const folder = bytes.readUInt32LE(40) === FOLDER
  const sizeBytes = folder ? 0 : u64(bytes, 32)
  const meta: Ad1Meta = metaOf(medium, u64(bytes, 16), at, listing)
  const size = Number.isSafeInteger(sizeBytes) ? sizeBytes : 0
  if (size !== sizeBytes) listing.problem('size-implausible', at, '')
  return {
    path,
    stream: null,
    kind: folder ? 'directory' : 'file',
    status: 'live',
    basis: null,
    record: at,
    sequence: null,
    links: null,
    sizeBytes: size,
    allocatedBytes: null,
    times: meta.times,
    nameTimes: null,
    mode: null,
    uid: null,
    gid: null,
    linkTarget: null,
    place: folder
      ? { kind: 'none', reason: 'directory', detail: '' }
      : placeOf(medium, u64(bytes, 24), size, chunkBytes, listing),
    notes: nameKept ? [] : ['name-altered'],
    statedHashes: meta.hashes,
  }
}

function placeOf(
  medium: Medium,
  tableAt: number,
  sizeBytes: number,
  unitBytes: number,
  listing: Listing,
): ContentPlace {
  if (sizeBytes === 0) return { kind: 'runs', runs: [], validBytes: 0 }
  const table = readAt(medium, tableAt, 16)
  const chunks = table.length === 16 ? u64(table, 0) : 0
  const needed = Math.ceil(sizeBytes / unitBytes)
  if (chunks < needed || !Number.isSafeInteger(chunks))
    return { kind: 'none', reason: 'damaged', detail: 'chunk table' }
  const tableOffset = tableAt + 8
  const last = readAt(medium, tableOffset + needed * 8, 8)
  if (last.length === 8) listing.held(Math.max(0, Math.min(u64(last, 0), medium.sizeBytes) - u64(table, 8)))
  return { kind: 'chunked', unitBytes, chunks: needed, tableOffset, validBytes: sizeBytes }
}

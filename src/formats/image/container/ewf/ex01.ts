/** EWF2 images of EnCase 7 and later: Ex01, and the chunks of Lx01. */
import type { ContainerFormat, Damage, Medium, OpenImage, Segment } from '../../../../contracts/image.ts'
import { ImageRefused, plausibleSize } from '../../../../wire/image-refused.ts'
import { type BlockPlace, blockMedium, ZEROS } from '../../content/block-medium.ts'
import { inflatedAt } from '../../content/chunked.ts'
import { readAt, u64 } from '../../content/read-at.ts'
import { Recent } from '../../content/recent.ts'
import { adler32 } from '../common/adler32.ts'
import { unbzip2 } from './bzip2.ts'
import { checked, lackingBytes } from './e01.ts'
import { columnsOf, fieldsOf, textOf } from './header-text.ts'
import { type Chain2, EVF2, SECTION, type Section2, sections2Of } from './sections2.ts'
import { type ChunkPlace2, ChunkTables2 } from './tables2.ts'

const TEXT_BYTES_AT_MOST = 1 << 20
const CACHE_BYTES = 8 << 20
const CHUNK_BYTES_AT_MOST = 1 << 26
const ERRORS_AT_MOST = 1_000_000
const BZIP2 = 2
const DRIVE_TYPES: Readonly<Record<string, string>> = {
  a: 'ram-disk',
  c: 'optical',
  f: 'fixed',
  l: 'logical',
  m: 'memory',
  p: 'palm',
  r: 'removable',
}

export const EWF_EX01: ContainerFormat = {
  name: 'ewf-ex01',
  recognises: ([first]) => EVF2.equals(readAt(first.medium, 0, 8)),
  open: (segments) => openSections2(segments, sections2Of(segments)),
}

/** Shared code of Ex01 and Lx01. @param logicalBytes total size of the contents in an Lx01 */
export function openSections2(segments: readonly Segment[], chain: Chain2, logicalBytes?: number): OpenImage {
  if (chain.end === 'next') {
    throw new ImageRefused(
      'segment-missing',
      `The image goes on behind its segment ${segments.length}, which is the last here.`,
      {
        number: segments.length + 1,
      },
    )
  }
  if (chain.compression > BZIP2) {
    throw new ImageRefused('format-not-built', 'The image is compressed in a way that is not read.', {
      format: `ewf-ex01 compression ${chain.compression}`,
    })
  }
  const isBzip2 = chain.compression === BZIP2
  const texts = [SECTION.device, SECTION.case].map((type) => textSection(chain, type))
  const columns = new Map(texts.flatMap((text) => [...columnsOf(text)]))
  const bytesPerSector = whole(columns.get('bp')) || 512
  const chunkBytes = whole(columns.get('sb')) * bytesPerSector
  if (chunkBytes === 0 || chunkBytes > CHUNK_BYTES_AT_MOST) {
    throw new ImageRefused(
      'header-damaged',
      'No section of the image says soundly how large its chunks are.',
      { format: 'ewf-ex01' },
    )
  }
  const tables = new ChunkTables2(chain.sections)
  const bySectors = whole(columns.get('ts')) * bytesPerSector
  const chunks = Math.max(whole(columns.get('tb')), tables.chunks)
  const believed = bySectors > 0 && Math.ceil(bySectors / chunkBytes) <= Math.max(chunks, 1)
  const sizeBytes = plausibleSize(
    logicalBytes ?? (believed ? bySectors : chunks * chunkBytes - missingInLast(tables, chunkBytes, isBzip2)),
    'ewf-ex01',
  )

  const recent = new Recent<number, BlockPlace>(CACHE_BYTES / chunkBytes)
  const medium = blockMedium(
    sizeBytes,
    chunkBytes,
    (index, length) =>
      recent.get(index, () => decodedChunk(tables.placeOf(index), length, chunkBytes, isBzip2)),
    acquisitionErrors(chain.sections, bytesPerSector, sizeBytes),
  )
  const remarks = chain.breaks.map(({ segment, offset }) => ({
    code: 'sections-end',
    params: { segment, offset } as Record<string, string | number>,
  }))
  const chunksInAll = Math.ceil(sizeBytes / chunkBytes)
  const readable = Math.min(sizeBytes, tables.placed(chunksInAll) * chunkBytes)
  if (readable < sizeBytes)
    remarks.push({ code: 'image-cut', params: { readableBytes: readable, sizeBytes } })
  if (!believed && logicalBytes === undefined)
    remarks.push({ code: 'size-from-chunks', params: { sizeBytes } })
  const storedHashes = hashesOf(chain.sections)
  return {
    format: 'ewf-ex01',
    medium,
    stated: [
      ...texts.flatMap(fieldsOf),
      { name: 'media-type', value: DRIVE_TYPES[columns.get('dt') ?? ''] ?? 'unknown' },
      { name: 'bytes-per-sector', value: String(bytesPerSector) },
      { name: 'chunk-bytes', value: String(chunkBytes) },
      { name: 'set-identifier', value: chain.set },
    ],
    storedHashes,
    remarks,
    lacks: () => lackingBytes(tables.lacking(chunksInAll), chunkBytes, sizeBytes),
    logical: null,
  }
}

/** Difference between the full chunk size and the size of the last chunk. */
function missingInLast(tables: ChunkTables2, chunkBytes: number, isBzip2: boolean): number {
  const last =
    tables.chunks === 0 ? ZEROS : decodedChunk(tables.placeOf(tables.chunks - 1), 0, chunkBytes, isBzip2)
  return last.kind === 'decoded' && last.bytes.length > 0 ? chunkBytes - last.bytes.length : 0
}

/** A number that the image states; 0 when it states none. */
function whole(value: string | undefined): number {
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : 0
}

function textSection(chain: Chain2, type: number): string {
  for (const { segment, offset, length, ...section } of chain.sections) {
    if (section.type !== type) continue
    const text = textOf(
      readAt(segment, offset, Math.min(length, TEXT_BYTES_AT_MOST)),
      chain.compression !== 0,
    )
    if (text) return text
  }
  return ''
}

function decodedChunk(
  place: ChunkPlace2 | 'cut' | 'table',
  length: number,
  chunkBytes: number,
  isBzip2: boolean,
): BlockPlace {
  if (typeof place === 'string') return { kind: 'damaged', cause: place }
  const { segment, offset, pattern } = place
  if (pattern) return { kind: 'decoded', bytes: Buffer.alloc(length, pattern) }
  if (place.compressed)
    return isBzip2
      ? unpackedAt(segment, offset, place.length, length, chunkBytes)
      : inflatedAt(segment, offset, place.length, length, chunkBytes)
  // In files of libewf, the size includes the checksum behind the data. In other files the checksum follows the
  // stated size.
  const storedBytes = place.checksum && place.length < length + 4 ? place.length + 4 : place.length
  if (storedBytes > chunkBytes + 4096) return { kind: 'damaged', cause: 'table' }
  const stored = readAt(segment, offset, storedBytes)
  if (stored.length < storedBytes || segment.damageIn(offset, storedBytes).length > 0)
    return { kind: 'damaged', cause: 'cut' }
  if (place.checksum) return checked(stored, length)
  return stored.length < length ? { kind: 'damaged', cause: 'table' } : { kind: 'decoded', bytes: stored }
}

function unpackedAt(
  segment: Medium,
  offset: number,
  storedBytes: number,
  length: number,
  chunkBytes: number,
): BlockPlace {
  if (storedBytes > chunkBytes + (chunkBytes >> 3) + 1024) return { kind: 'damaged', cause: 'table' }
  const stored = readAt(segment, offset, storedBytes)
  if (stored.length < storedBytes || segment.damageIn(offset, storedBytes).length > 0)
    return { kind: 'damaged', cause: 'cut' }
  const bytes = unbzip2(stored, chunkBytes)
  if (typeof bytes === 'string') return { kind: 'damaged', cause: bytes }
  return bytes.length < length ? { kind: 'damaged', cause: 'inflate' } : { kind: 'decoded', bytes }
}

function hashesOf(sections: readonly Section2[]): OpenImage['storedHashes'] {
  const found: { algorithm: 'md5' | 'sha1'; hex: string }[] = []
  for (const { type, segment, offset } of sections) {
    if (type !== SECTION.md5 && type !== SECTION.sha1) continue
    const length = type === SECTION.md5 ? 16 : 20
    const bytes = readAt(segment, offset, length + 4)
    if (bytes.length < length + 4 || adler32(bytes.subarray(0, length)) !== bytes.readUInt32LE(length))
      continue
    found.push({ algorithm: type === SECTION.md5 ? 'md5' : 'sha1', hex: bytes.toString('hex', 0, length) })
  }
  return found
}

function acquisitionErrors(
  sections: readonly Section2[],
  bytesPerSector: number,
  sizeBytes: number,
): Damage[] {
  const ranges: Damage[] = []
  for (const section of sections) {
    if (section.type !== SECTION.errors) continue
    const bytes = readAt(section.segment, section.offset, Math.min(section.length, 32 + ERRORS_AT_MOST * 16))
    const count =
      bytes.length < 32 ? 0 : Math.min(bytes.readUInt32LE(0), Math.floor((bytes.length - 32) / 16))
    for (let at = 32; at < 32 + count * 16; at += 16) {
      const offset = u64(bytes, at) * bytesPerSector
      const length = Math.min(bytes.readUInt32LE(at + 8) * bytesPerSector, sizeBytes - offset)
      if (length > 0)
        ranges.push({ offset, length, kind: 'unreadable-at-acquisition', cause: 'acquisition-error' })
    }
  }
  return ranges.sort((a, b) => a.offset - b.offset)
}

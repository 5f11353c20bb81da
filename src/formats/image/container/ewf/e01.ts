/**
 * EWF-E01 images of EnCase, FTK, ewfacquire and SMART.
 *
 * A chunk that fails its checksum is reported and reads as zeros. libewf returns zeros with success, so an examiner
 * never learns of the damage.
 *
 * @see libewf, documentation/Expert Witness Compression Format (EWF).asciidoc
 */
import type { ContainerFormat, Damage, OpenImage, Segment } from '../../../../contracts/image.ts'
import { ImageRefused, plausibleSize } from '../../../../wire/image-refused.ts'
import { type BlockPlace, blockMedium } from '../../content/block-medium.ts'
import { inflatedAt } from '../../content/chunked.ts'
import { readAt } from '../../content/read-at.ts'
import { Recent } from '../../content/recent.ts'
import { adler32 } from '../common/adler32.ts'
import { ChunkBuffers } from './chunk-buffers.ts'
import { fieldsOf, textOf } from './header-text.ts'
import { acquisitionErrors, mediaOf, mediumBytes, storedHashes } from './media.ts'
import { type Chain, EVF, type Section, sectionBytes, sectionsOf } from './sections.ts'
import { tablesOf } from './table-list.ts'
import { type ChunkPlace, ChunkTables } from './tables.ts'

const HEADER_BYTES_AT_MOST = 1 << 20
const CACHE_BYTES = 8 << 20
/** Bytes behind the data of the longest chunk: a checksum, in some images padding. */
const LONGEST_TAIL_BYTES = 4096

export const EWF_E01: ContainerFormat = {
  name: 'ewf-e01',
  recognises: ([first]) => EVF.equals(readAt(first.medium, 0, 8)),
  open: (segments) => openSections(segments, sectionsOf(segments)),
}

/**
 * Shared code of E01 and L01: chunks, hashes, and stated fields.
 *
 * @param logicalBytes total size of the contents in an L01, which its volume section does not state
 */
export function openSections(segments: readonly Segment[], chain: Chain, logicalBytes?: number): OpenImage {
  const { sections } = chain
  if (chain.end === 'next') {
    throw new ImageRefused(
      'segment-missing',
      `The image goes on behind its segment ${segments.length}, which is the last here.`,
      {
        number: segments.length + 1,
      },
    )
  }
  const media = mediaOf(sections)
  const tables = new ChunkTables(tablesOf(sections, media.chunks))
  const chunkBytes = media.sectorsPerChunk * media.bytesPerSector
  const whole =
    logicalBytes === undefined
      ? mediumBytes(media, tables.chunks)
      : { sizeBytes: logicalBytes, bySectors: true }
  const sizeBytes = plausibleSize(whole.sizeBytes, 'ewf-e01')
  const errors = acquisitionErrors(sections, media.bytesPerSector, sizeBytes)
  const { hashes, damaged } = storedHashes(sections)

  const buffers = new ChunkBuffers(chunkBytes + LONGEST_TAIL_BYTES)
  const recent = new Recent<number, BlockPlace>(CACHE_BYTES / chunkBytes, (place) => buffers.free(place))
  const medium = blockMedium(
    sizeBytes,
    chunkBytes,
    (index, length) =>
      recent.get(index, () => decodedChunk(tables.placeOf(index), length, chunkBytes, buffers)),
    errors.ranges,
  )

  const remarks = chain.breaks.map(({ segment, offset }) => ({
    code: 'sections-end',
    params: { segment, offset } as Record<string, string | number>,
  }))
  const chunksInAll = Math.ceil(sizeBytes / chunkBytes)
  const readable = Math.min(sizeBytes, tables.placed(chunksInAll) * chunkBytes)
  if (readable < sizeBytes)
    remarks.push({ code: 'image-cut', params: { readableBytes: readable, sizeBytes } })
  if (!whole.bySectors) remarks.push({ code: 'size-from-chunks', params: { sizeBytes } })
  if (damaged) remarks.push({ code: 'stored-hash-damaged', params: {} })
  if (errors.beyond > 0)
    remarks.push({ code: 'acquisition-errors-not-listed', params: { count: errors.beyond } })

  return {
    format: 'ewf-e01',
    medium,
    stated: [
      ...headerFields(sections),
      { name: 'media-type', value: media.mediaType },
      { name: 'bytes-per-sector', value: String(media.bytesPerSector) },
      { name: 'chunk-bytes', value: String(chunkBytes) },
      ...(/^0*$/.test(media.set) ? [] : [{ name: 'set-identifier', value: media.set }]),
      { name: 'acquisition-errors', value: String(errors.ranges.length + errors.beyond) },
    ],
    storedHashes: hashes,
    remarks,
    lacks: () => lackingBytes(tables.lacking(chunksInAll), chunkBytes, sizeBytes),
    logical: null,
  }
}

export function lackingBytes(
  chunks: ReturnType<ChunkTables['lacking']>,
  chunkBytes: number,
  sizeBytes: number,
): readonly Damage[] {
  return [...chunks].map(({ from, to, cause }) => {
    const offset = from * chunkBytes
    return { offset, length: Math.min(to * chunkBytes, sizeBytes) - offset, kind: 'damaged', cause }
  })
}

/** header2 is Unicode and has its times in UTC, so it comes first when it is readable. */
function headerFields(sections: readonly Section[]): OpenImage['stated'] {
  for (const type of ['header2', 'header']) {
    for (const section of sections) {
      if (section.type !== type) continue
      const fields = fieldsOf(textOf(sectionBytes(section, HEADER_BYTES_AT_MOST), true) ?? '')
      if (fields.length > 0) return fields
    }
  }
  return []
}

function decodedChunk(
  place: ChunkPlace | 'cut' | 'table',
  length: number,
  chunkBytes: number,
  buffers: ChunkBuffers,
): BlockPlace {
  if (typeof place === 'string') return { kind: 'damaged', cause: place }
  const { segment, offset, compressed } = place
  if (compressed) return inflatedAt(segment, offset, place.length, length, chunkBytes, buffers)
  if (place.length > chunkBytes + LONGEST_TAIL_BYTES) return { kind: 'damaged', cause: 'table' }
  const stored = buffers.take().subarray(0, place.length)
  const got = offset < segment.sizeBytes ? segment.readInto(stored, offset) : 0
  if (got < place.length || segment.damageIn(offset, place.length).length > 0) {
    return { kind: 'damaged', cause: 'cut' }
  }
  return checked(stored, length)
}

/** Data followed by its Adler-32. */
export function checked(stored: Buffer, length: number): BlockPlace {
  const bytes = stored.subarray(0, -4)
  if (bytes.length < length) return { kind: 'damaged', cause: 'table' }
  if (adler32(bytes) !== stored.readUInt32LE(bytes.length)) return { kind: 'damaged', cause: 'checksum' }
  return { kind: 'decoded', bytes }
}

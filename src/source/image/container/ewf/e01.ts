/**
 * EWF-E01 images as EnCase, FTK, ewfacquire and SMART write them.
 *
 * A chunk that fails its checksum is named and reads as zeros: libewf returns zeros with success, and an examiner never learns.
 *
 * @see libewf, documentation/Expert Witness Compression Format (EWF).asciidoc
 */
import { inflateSync } from 'node:zlib'
import type { ContainerFormat, OpenImage, Segment } from '../../../../contracts/image.ts'
import { type BlockPlace, blockMedium } from '../../content/block-medium.ts'
import { readAt } from '../../content/read-at.ts'
import { Recent } from '../../content/recent.ts'
import { adler32 } from '../adler32.ts'
import { ImageRefused } from '../image-refused.ts'
import { fieldsOf, headerText } from './header-text.ts'
import { acquisitionErrors, mediaOf, mediumBytes, storedHashes } from './media.ts'
import { type Chain, EVF, type Section, sectionBytes, sectionsOf } from './sections.ts'
import { type ChunkPlace, ChunkTables, tablesOf } from './tables.ts'

const HEADER_BYTES_AT_MOST = 1 << 20
const CACHE_BYTES = 8 << 20

export const EWF_E01: ContainerFormat = {
  name: 'ewf-e01',
  recognises: ([first]) => EVF.equals(readAt(first.medium, 0, 8)),
  open: (segments) => openSections(segments, sectionsOf(segments)),
}

/** What E01 and L01 have in common: chunks, hashes, and what the image says of itself. */
export function openSections(segments: readonly Segment[], chain: Chain): OpenImage {
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
  const tables = new ChunkTables(tablesOf(sections))
  const sizeBytes = mediumBytes(media, tables.chunks)
  const chunkBytes = media.sectorsPerChunk * media.bytesPerSector
  const errors = acquisitionErrors(sections, media.bytesPerSector, sizeBytes)
  const { hashes, damaged } = storedHashes(sections)

  const recent = new Recent<number, BlockPlace>(CACHE_BYTES / chunkBytes)
  const medium = blockMedium(
    sizeBytes,
    chunkBytes,
    (index, length) => recent.get(index, () => decodedChunk(tables.placeOf(index), length, chunkBytes)),
    errors.ranges,
  )

  const remarks = chain.breaks.map(({ segment, offset }) => ({
    code: 'sections-end',
    params: { segment, offset } as Record<string, string | number>,
  }))
  const readable = Math.min(sizeBytes, tables.chunks * chunkBytes)
  if (readable < sizeBytes)
    remarks.push({ code: 'image-cut', params: { readableBytes: readable, sizeBytes } })
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
    logical: null,
  }
}

/** header2 is Unicode and has its times in UTC, so it comes first where there is one that can be read. */
function headerFields(sections: readonly Section[]): OpenImage['stated'] {
  for (const type of ['header2', 'header']) {
    for (const section of sections) {
      if (section.type !== type) continue
      const fields = fieldsOf(headerText(sectionBytes(section, HEADER_BYTES_AT_MOST)) ?? '')
      if (fields.length > 0) return fields
    }
  }
  return []
}

function decodedChunk(place: ChunkPlace | 'cut' | 'table', length: number, chunkBytes: number): BlockPlace {
  if (typeof place === 'string') return { kind: 'damaged', cause: place }
  const { segment, offset, compressed } = place
  // zlib adds at most a few bytes to what it cannot make smaller; longer is a hole in the table.
  if (place.length > chunkBytes + (chunkBytes >> 3) + 1024) return { kind: 'damaged', cause: 'table' }
  const stored = readAt(segment, offset, place.length)
  if (stored.length < place.length || segment.damageIn(offset, place.length).length > 0)
    return { kind: 'damaged', cause: 'cut' }
  return compressed ? inflated(stored, length, chunkBytes) : checked(stored, length)
}

export function inflated(stored: Buffer, length: number, chunkBytes: number): BlockPlace {
  let bytes: Buffer
  try {
    bytes = inflateSync(stored, { maxOutputLength: chunkBytes, chunkSize: Math.max(64, chunkBytes) })
  } catch (error) {
    if (!(error instanceof Error)) throw error
    // The stream carries its own Adler-32: zlib says so when that is what fails.
    return { kind: 'damaged', cause: error.message === 'incorrect data check' ? 'checksum' : 'inflate' }
  }
  return bytes.length < length ? { kind: 'damaged', cause: 'inflate' } : { kind: 'decoded', bytes }
}

export function checked(stored: Buffer, length: number): BlockPlace {
  const bytes = stored.subarray(0, -4)
  if (bytes.length < length) return { kind: 'damaged', cause: 'table' }
  if (adler32(bytes) !== stored.readUInt32LE(bytes.length)) return { kind: 'damaged', cause: 'checksum' }
  return { kind: 'decoded', bytes }
}

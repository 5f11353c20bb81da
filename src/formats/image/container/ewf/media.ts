/**
 * Reads the properties of the medium from EWF-E01 sections: its size, its hashes, and sectors that could not be
 * acquired.
 */
import type { Damage, OpenImage } from '../../../../contracts/image.ts'
import { ImageRefused, plausibleSize } from '../../../../wire/image-refused.ts'
import { u64 } from '../../content/read-at.ts'
import { adler32 } from '../common/adler32.ts'
import { type Section, sectionBytes } from './sections.ts'

export interface EwfMedia {
  readonly bytesPerSector: number
  readonly sectorsPerChunk: number
  readonly chunks: number
  readonly sectors: number
  readonly mediaType: string
  /** Hex; empty in EWF-S01, zeros from programs before EnCase 5. */
  readonly set: string
}

const VOLUME_BYTES = 1052
const VOLUME_BYTES_SMART = 94
/** EnCase and ewfacquire use at most 16 MiB. */
const CHUNK_BYTES_AT_MOST = 1 << 26
const MEDIA_TYPES: Readonly<Record<number, string>> = {
  0: 'removable',
  1: 'fixed',
  3: 'optical',
  14: 'logical',
  16: 'memory',
}

/** @throws ImageRefused when no valid section states the properties, or when segments belong to different images */
export function mediaOf(sections: readonly Section[]): EwfMedia {
  let media: EwfMedia | null = null
  for (const section of sections) {
    if (section.type !== 'volume' && section.type !== 'disk' && section.type !== 'data') continue
    const stated = mediaIn(sectionBytes(section, VOLUME_BYTES))
    if (!stated) continue
    media ??= stated
    if (stated.set !== media.set) {
      throw new ImageRefused('segment-foreign', `Segment ${section.segmentName} belongs to another image.`, {
        segment: section.segmentName,
      })
    }
  }
  if (!media) {
    throw new ImageRefused(
      'header-damaged',
      'No section of the image says soundly how large the medium is.',
      {
        format: 'ewf-e01',
      },
    )
  }
  return media
}

function mediaIn(bytes: Buffer): EwfMedia | null {
  const smart = bytes.length < VOLUME_BYTES
  const covered = (smart ? VOLUME_BYTES_SMART : VOLUME_BYTES) - 4
  if (bytes.length < covered + 4) return null
  if (adler32(bytes.subarray(0, covered)) !== bytes.readUInt32LE(covered)) return null
  const sectorsPerChunk = bytes.readUInt32LE(8)
  const bytesPerSector = bytes.readUInt32LE(12)
  const chunkBytes = sectorsPerChunk * bytesPerSector
  if (chunkBytes === 0 || chunkBytes > CHUNK_BYTES_AT_MOST) return null
  return {
    bytesPerSector,
    sectorsPerChunk,
    chunks: bytes.readUInt32LE(4),
    sectors: smart ? bytes.readUInt32LE(16) : u64(bytes, 16),
    mediaType: smart ? 'unknown' : (MEDIA_TYPES[bytes[0]!] ?? 'unknown'),
    set: smart ? '' : bytes.toString('hex', 64, 80),
  }
}

/**
 * Sectors and chunks state the same size, except in an image whose acquisition did not finish. Then the chunks are
 * used.
 */
export function mediumBytes(
  media: EwfMedia,
  chunksInTables: number,
): { readonly sizeBytes: number; readonly bySectors: boolean } {
  const chunkBytes = media.sectorsPerChunk * media.bytesPerSector
  const bySectors = media.sectors * media.bytesPerSector
  const chunks = Math.max(media.chunks, chunksInTables)
  const fits = media.sectors > 0 && Math.ceil(bySectors / chunkBytes) <= chunks
  return { sizeBytes: plausibleSize(fits ? bySectors : chunks * chunkBytes, 'ewf-e01'), bySectors: fits }
}

export interface StoredHashes {
  readonly hashes: OpenImage['storedHashes']
  readonly damaged: boolean
}

export function storedHashes(sections: readonly Section[]): StoredHashes {
  const byAlgorithm = new Map<'md5' | 'sha1', string>()
  let damaged = false
  const take = (algorithm: 'md5' | 'sha1', bytes: Buffer) => {
    if (bytes.some((byte) => byte !== 0)) byAlgorithm.set(algorithm, bytes.toString('hex'))
  }
  for (const section of sections) {
    const covered = section.type === 'hash' ? 32 : section.type === 'digest' ? 76 : 0
    if (covered === 0) continue
    const bytes = sectionBytes(section, covered + 4)
    if (bytes.length < covered + 4 || adler32(bytes.subarray(0, covered)) !== bytes.readUInt32LE(covered)) {
      damaged = true
      continue
    }
    take('md5', bytes.subarray(0, 16))
    if (section.type === 'digest') take('sha1', bytes.subarray(16, 36))
  }
  return { hashes: [...byAlgorithm].map(([algorithm, hex]) => ({ algorithm, hex })), damaged }
}

const ERRORS_HEADER_BYTES = 520
const ERRORS_AT_MOST = 1_000_000

/** Sectors that could not be read during acquisition, in order; `beyond` counts those above the limit. */
export function acquisitionErrors(
  sections: readonly Section[],
  bytesPerSector: number,
  sizeBytes: number,
): { readonly ranges: readonly Damage[]; readonly beyond: number } {
  const ranges: Damage[] = []
  let beyond = 0
  for (const section of sections) {
    if (section.type !== 'error2') continue
    const bytes = sectionBytes(section, ERRORS_HEADER_BYTES + ERRORS_AT_MOST * 8)
    if (bytes.length < ERRORS_HEADER_BYTES) continue
    const stated = bytes.readUInt32LE(0)
    const held = Math.min(stated, Math.floor((bytes.length - ERRORS_HEADER_BYTES) / 8))
    beyond += stated - held
    for (let index = 0; index < held; index++) {
      const at = ERRORS_HEADER_BYTES + index * 8
      const offset = bytes.readUInt32LE(at) * bytesPerSector
      const length = Math.min(bytes.readUInt32LE(at + 4) * bytesPerSector, sizeBytes - offset)
      if (length > 0)
        ranges.push({ offset, length, kind: 'unreadable-at-acquisition', cause: 'acquisition-error' })
    }
  }
  return { ranges: ranges.sort((a, b) => a.offset - b.offset), beyond }
}

/**
 * The chain of sections in the segments of an EWF2 image (Ex01, Lx01). Each descriptor follows its data and points to
 * the previous one, so a segment is read from its end. In a truncated segment, the code searches for the last
 * remaining descriptor.
 *
 * @see libewf, documentation/Expert Witness Compression Format 2 (EWF2).asciidoc
 */
import type { Medium, Segment } from '../../../../contracts/image.ts'
import { ImageRefused } from '../../../../wire/image-refused.ts'
import { readAt, u64 } from '../../content/read-at.ts'
import { adler32 } from '../common/adler32.ts'

export const EVF2 = Buffer.from('455646320d0a8100', 'hex')
export const LEF2 = Buffer.from('4c4546320d0a8100', 'hex')

/** Section numbers by content. */
export const SECTION = {
  device: 1,
  case: 2,
  table: 4,
  errors: 5,
  md5: 8,
  sha1: 9,
  keys: 0xb,
  next: 0xd,
  done: 0xf,
  files: 0x20,
} as const

const HEADER_BYTES = 32
const DESCRIPTOR_BYTES = 64
const ALIGNMENT = 16
const SECTIONS_AT_MOST = 4_000_000
const SEARCH_BYTES = 1 << 20
const ENCRYPTED = 2

export interface Section2 {
  readonly type: number
  readonly segment: Medium
  readonly segmentName: string
  readonly offset: number
  readonly length: number
}

export interface Chain2 {
  readonly sections: readonly Section2[]
  readonly end: 'done' | 'next' | 'broken'
  readonly breaks: readonly { readonly segment: string; readonly offset: number }[]
  readonly compression: number
  /** GUID of the segment set in hex. */
  readonly set: string
}

/** @throws ImageRefused when segments are not consecutive, belong to different images, or are encrypted */
export function sections2Of(segments: readonly Segment[]): Chain2 {
  const sections: Section2[] = []
  const breaks: { segment: string; offset: number }[] = []
  let end: Chain2['end'] = 'broken'
  let first: Buffer | null = null
  for (const [index, { name, medium }] of segments.entries()) {
    const header = readAt(medium, 0, HEADER_BYTES)
    if (
      header.length < HEADER_BYTES ||
      !(EVF2.equals(header.subarray(0, 8)) || LEF2.equals(header.subarray(0, 8)))
    ) {
      throw new ImageRefused('header-damaged', `Segment ${name} does not begin as an EWF segment does.`, {
        segment: name,
      })
    }
    first ??= header
    const number = header.readUInt32LE(12)
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
    if (!first.subarray(16).equals(header.subarray(16))) {
      throw new ImageRefused('segment-foreign', `Segment ${name} belongs to another image.`, {
        segment: name,
      })
    }
    const own = sectionsBackwards(name, medium, SECTIONS_AT_MOST - sections.length)
    end = own.end
    if (own.brokenAt !== null) breaks.push({ segment: name, offset: own.brokenAt })
    sections.push(...own.sections)
  }
  return {
    sections,
    end,
    breaks,
    compression: first?.readUInt16LE(10) ?? 0,
    set: first?.toString('hex', 16, 32) ?? '',
  }
}

function sectionsBackwards(
  name: string,
  medium: Medium,
  atMost: number,
): { sections: Section2[]; end: Chain2['end']; brokenAt: number | null } {
  const sections: Section2[] = []
  let at: number | null = medium.sizeBytes - DESCRIPTOR_BYTES
  let end: Chain2['end'] = 'broken'
  let brokenAt: number | null = null
  if (!descriptorAt(medium, at)) {
    brokenAt = medium.sizeBytes
    at = lastDescriptor(medium)
  }
  while (at !== null && at >= HEADER_BYTES && sections.length < atMost) {
    const descriptor = descriptorAt(medium, at)
    if (!descriptor) {
      brokenAt = at
      break
    }
    const { type, previous, length } = descriptor
    if (descriptor.flags & ENCRYPTED || type === SECTION.keys) {
      throw new ImageRefused('format-encrypted', `${name} is encrypted.`, { segment: name, format: 'ewf2' })
    }
    if (type === SECTION.done) end = 'done'
    else if (type === SECTION.next) end = 'next'
    else sections.push({ type, segment: medium, segmentName: name, offset: at - length, length })
    // Each descriptor must be before the previous one; this rule alone ends every chain.
    at = previous > 0 ? previous : null
  }
  return { sections: sections.reverse(), end, brokenAt }
}

interface Descriptor {
  readonly type: number
  readonly flags: number
  readonly previous: number
  readonly length: number
}

function descriptorAt(medium: Medium, at: number): Descriptor | null {
  return at < HEADER_BYTES ? null : descriptorIn(readAt(medium, at, DESCRIPTOR_BYTES), at)
}

function descriptorIn(bytes: Buffer, at: number): Descriptor | null {
  if (bytes.length < DESCRIPTOR_BYTES || bytes.readUInt32LE(24) !== DESCRIPTOR_BYTES) return null
  const previous = u64(bytes, 8)
  const length = u64(bytes, 16)
  if (previous >= at || length > at) return null
  if (adler32(bytes.subarray(0, 60)) !== bytes.readUInt32LE(60)) return null
  return { type: bytes.readUInt32LE(0), flags: bytes.readUInt32LE(4), previous, length }
}

/** Descriptors start at multiples of 16, and most bytes fail the first comparison. */
function lastDescriptor(medium: Medium): number | null {
  let end = Math.floor(medium.sizeBytes / ALIGNMENT) * ALIGNMENT
  while (end > HEADER_BYTES) {
    const from = Math.max(0, end - SEARCH_BYTES)
    const bytes = readAt(medium, from, end - from + DESCRIPTOR_BYTES)
    for (let at = end - from - ALIGNMENT; at >= 0; at -= ALIGNMENT) {
      if (from + at < HEADER_BYTES) break
      if (descriptorIn(bytes.subarray(at, at + DESCRIPTOR_BYTES), from + at)) return from + at
    }
    end = from
  }
  return null
}

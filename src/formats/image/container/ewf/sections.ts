/**
 * The chain of sections in the segments of an EWF-E01 image. This module reads only their locations; other modules
 * read their content.
 */
import type { Medium, Segment } from '../../../../contracts/image.ts'
import { ImageRefused } from '../../../../wire/image-refused.ts'
import { readAt, u64 } from '../../content/read-at.ts'
import { adler32 } from '../common/adler32.ts'

export const EVF = Buffer.from('455646090d0aff00', 'hex')
export const LVF = Buffer.from('4c5646090d0aff00', 'hex')

const SEGMENT_HEADER_BYTES = 13
/**
 * Pseudo-section where a chain broke: the sections that followed are unknown. The text is longer than any section
 * type.
 */
export const BREAK = '(the chain breaks)'
const DESCRIPTOR_BYTES = 76
/** A petabyte of zeros written by EnCase has fewer sections; a longer chain is damage. */
const SECTIONS_AT_MOST = 4_000_000

export interface Section {
  readonly type: string
  readonly segment: Medium
  readonly segmentName: string
  /** Offset in the segment of the data behind the descriptor. */
  readonly offset: number
  readonly length: number
}

/** End of the last chain. `done`, `next`: regular ends. `broken`: truncated, or a damaged descriptor. */
export interface Chain {
  readonly sections: readonly Section[]
  readonly end: 'done' | 'next' | 'broken'
  readonly breaks: readonly { readonly segment: string; readonly offset: number }[]
}

/** @throws ImageRefused when segments are not consecutive */
export function sectionsOf(segments: readonly Segment[]): Chain {
  const sections: Section[] = []
  const breaks: { segment: string; offset: number }[] = []
  let end: Chain['end'] = 'broken'
  for (const [index, { name, medium }] of segments.entries()) {
    const header = readAt(medium, 0, SEGMENT_HEADER_BYTES)
    if (
      header.length < SEGMENT_HEADER_BYTES ||
      !(EVF.equals(header.subarray(0, 8)) || LVF.equals(header.subarray(0, 8)))
    ) {
      throw new ImageRefused('header-damaged', `Segment ${name} does not begin as an EWF segment does.`, {
        segment: name,
      })
    }
    const number = header.readUInt16LE(9)
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
    end = 'broken'
    let at = SEGMENT_HEADER_BYTES
    while (sections.length < SECTIONS_AT_MOST) {
      const descriptor = readAt(medium, at, DESCRIPTOR_BYTES)
      if (descriptor.length < DESCRIPTOR_BYTES) break
      const sound = adler32(descriptor.subarray(0, 72)) === descriptor.readUInt32LE(72)
      const type = descriptor.toString('latin1', 0, 16).replace(/\0.*$/s, '')
      const next = u64(descriptor, 16)
      const size = u64(descriptor, 24)
      if (sound && (type === 'done' || type === 'next')) {
        end = type
        break
      }
      // Each descriptor must be behind the previous one; this rule alone ends every chain.
      if (!sound || next < at + DESCRIPTOR_BYTES) break
      const stop = Math.min(size >= DESCRIPTOR_BYTES ? Math.min(at + size, next) : next, medium.sizeBytes)
      const offset = at + DESCRIPTOR_BYTES
      sections.push({ type, segment: medium, segmentName: name, offset, length: Math.max(0, stop - offset) })
      at = next
    }
    if (end === 'broken') {
      const offset = Math.min(at, medium.sizeBytes)
      breaks.push({ segment: name, offset })
      sections.push({ type: BREAK, segment: medium, segmentName: name, offset, length: 0 })
    }
  }
  return { sections, end, breaks }
}

export function sectionBytes(section: Section, atMost: number): Buffer {
  return readAt(section.segment, section.offset, Math.min(section.length, atMost))
}

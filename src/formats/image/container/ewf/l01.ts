/** Logical EWF images: selected files with their names, in the chunks of an E01 (L01) or an Ex01 (Lx01). */
import type { ByteRange, ContainerFormat, Medium, OpenImage } from '../../../../contracts/image.ts'
import { ImageRefused } from '../../../../wire/image-refused.ts'
import { readAt, u64 } from '../../content/read-at.ts'
import { openSections } from './e01.ts'
import { openSections2 } from './ex01.ts'
import { logicalBytes, ltreeFileSystem } from './ltree.ts'
import { LVF, sectionsOf } from './sections.ts'
import { LEF2, SECTION, sections2Of } from './sections2.ts'

const LTREE_HEADER_BYTES = 48

export const EWF_L01: ContainerFormat = {
  name: 'ewf-l01',
  recognises: ([first]) => LVF.equals(readAt(first.medium, 0, 8)),
  open(segments) {
    const chain = sectionsOf(segments)
    const section = chain.sections.find(({ type }) => type === 'ltree')
    const header = section ? readAt(section.segment, section.offset, LTREE_HEADER_BYTES) : Buffer.alloc(0)
    if (!section || header.length < LTREE_HEADER_BYTES) throw noList(segments[0].name, 'ewf-l01')
    const list = {
      offset: section.offset + LTREE_HEADER_BYTES,
      length: Math.min(u64(header, 16), section.length - LTREE_HEADER_BYTES),
    }
    return withFiles('ewf-l01', section.segment, list, (bytes) => openSections(segments, chain, bytes))
  },
}

export const EWF_LX01: ContainerFormat = {
  name: 'ewf-lx01',
  recognises: ([first]) => LEF2.equals(readAt(first.medium, 0, 8)),
  open(segments) {
    const chain = sections2Of(segments)
    const section = chain.sections.find(({ type }) => type === SECTION.files)
    if (!section) throw noList(segments[0].name, 'ewf-lx01')
    return withFiles('ewf-lx01', section.segment, listIn(section.segment, section), (bytes) =>
      openSections2(segments, chain, bytes),
    )
  },
}

/** The list of an Lx01 has a byte-order mark; the list of an L01 has none. */
function listIn(medium: Medium, { offset, length }: ByteRange): ByteRange {
  const marked = readAt(medium, offset, 2).equals(Buffer.from([0xff, 0xfe])) ? 2 : 0
  return { offset: offset + marked, length: length - marked }
}

function withFiles(
  format: string,
  segment: Medium,
  list: ByteRange,
  open: (contentBytes: number | undefined) => OpenImage,
): OpenImage {
  const image = open(logicalBytes(segment, list) ?? undefined)
  return { ...image, format, logical: ltreeFileSystem(segment, list, image.medium) }
}

const noList = (segment: string, format: string): ImageRefused =>
  new ImageRefused('header-damaged', `${segment} has no list of the files that it holds.`, {
    segment,
    format,
  })

/**
 * Extracts pictures of a Mobipocket or Kindle book: records of a Palm database, each an unchanged picture file.
 * @see MobileRead Wiki, "MOBI", "PDB"
 */
import { identify } from '../signatures/index.ts'
import type { Extractor } from './common/container.ts'
import { embeddedPart, endingOf } from './embedded/embedded.ts'
import { isPicture } from './stored-picture.ts'

const HEADER_BYTES = 78
const ROW_BYTES = 8

export const mobipocket: Extractor = {
  id: 'mobipocket',
  mediaTypes: ['application/x-mobipocket-ebook'],
  async *members(source, budget) {
    const head = source.read(0, HEADER_BYTES)
    const count = head.length < HEADER_BYTES ? 0 : head.readUInt16BE(76)
    const rows = source.read(HEADER_BYTES, count * ROW_BYTES)
    for (let i = 0; (i + 1) * ROW_BYTES <= rows.length; i++) {
      const from = rows.readUInt32BE(i * ROW_BYTES)
      const isLast = (i + 2) * ROW_BYTES > rows.length
      const to = Math.min(
        source.sizeBytes,
        isLast ? source.sizeBytes : rows.readUInt32BE((i + 1) * ROW_BYTES),
      )
      const begins = from < to ? source.read(from, Math.min(4096, to - from)) : Buffer.alloc(0)
      if (!isPicture(begins)) continue
      budget.entry()
      const { mediaType } = identify(begins, to - from)
      yield embeddedPart(`record-${i}.${endingOf(mediaType)}`, source, { from, to }, budget)
    }
  },
}

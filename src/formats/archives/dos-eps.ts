/**
 * Extracts the previews of an EPS file with a binary header. The PostScript itself is a program and is never run.
 * @see Adobe, "Encapsulated PostScript File Format", 5.2
 */
import { ContainerNotBuilt, type Extractor } from './common/container.ts'
import { embeddedPart } from './embedded/embedded.ts'

const MARK = 0xc5d0d3c6
const HEADER_BYTES = 28
const PREVIEWS = [
  ['preview.wmf', 12],
  ['preview.tif', 20],
] as const

export const dosEps: Extractor = {
  id: 'dos-eps',
  mediaTypes: ['application/eps'],
  async *members(source, budget) {
    const head = source.read(0, HEADER_BYTES)
    const hasPreviews = head.length === HEADER_BYTES && head.readUInt32BE(0) === MARK
    for (const [name, at] of hasPreviews ? PREVIEWS : []) {
      const from = head.readUInt32LE(at)
      const to = Math.min(source.sizeBytes, from + head.readUInt32LE(at + 4))
      if (from < HEADER_BYTES || to <= from) continue
      budget.entry()
      yield embeddedPart(name, source, { from, to }, budget)
    }
    throw new ContainerNotBuilt({ code: 'not-unpacked', params: {} })
  },
}

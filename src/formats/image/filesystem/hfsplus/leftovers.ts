/**
 * Removed records of the catalog: in the unused part of its nodes, in unused nodes, and in former nodes that the
 * journal still contains.
 */
import type { Medium } from '../../../../contracts/image.ts'
import type { Catalog } from './catalog.ts'
import type { Journal } from './journal.ts'
import { DESCRIPTOR_BYTES, isLeaf, nodeOf } from './node.ts'
import { type Item, recordsLeftIn, type Thread } from './record.ts'
import { unusedParts } from './unused-parts.ts'

export interface Leftover {
  readonly record: Item | Thread
  readonly basis: 'catalog-slack' | 'journal'
}

const SECTOR = 512
const WINDOW_BYTES = 1 << 20

export function* inSlack({ tree, leaves }: Catalog): Generator<Leftover> {
  for (const { bytes, from } of unusedParts(tree, leaves))
    for (const record of recordsLeftIn(bytes, from, bytes.length)) yield { record, basis: 'catalog-slack' }
}

/** In the journal, nodes begin at a sector. */
export function* inJournal(volume: Medium, journal: Journal, nodeBytes: number): Generator<Leftover> {
  const window = Buffer.alloc(WINDOW_BYTES + nodeBytes)
  for (let done = 0; done < journal.sizeBytes; done += WINDOW_BYTES) {
    const wanted = Math.min(window.length, journal.sizeBytes - done)
    const got = volume.readInto(window.subarray(0, wanted), journal.at + done)
    for (let at = 0; at < WINDOW_BYTES && at + nodeBytes <= got; at += SECTOR) {
      const bytes = window.subarray(at, at + nodeBytes)
      if (bytes.readInt8(8) !== -1 || bytes[9] !== 1 || !isLeaf(nodeOf(bytes), bytes)) continue
      for (const record of recordsLeftIn(bytes, DESCRIPTOR_BYTES, bytes.length))
        yield { record, basis: 'journal' }
    }
  }
}

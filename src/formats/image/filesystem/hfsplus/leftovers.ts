/**
 * Removed records of the catalog: in the unused part of its nodes, in unused nodes, and in former nodes that the
 * journal still contains.
 */
import type { Medium } from '../../../../contracts/image.ts'
import type { Catalog } from './catalog.ts'
import { type Journal, ringBytes } from './journal.ts'
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

/**
 * In the journal, nodes begin at a sector. What was written last ends where the ring does, and what is left of the oldest begins there:
 * of a node that was partly written over, records in the rest are given.
 */
export function* inJournal(volume: Medium, journal: Journal, nodeBytes: number): Generator<Leftover> {
  const ring = journal.sizeBytes - journal.headerBytes
  const oldest = journal.end - (journal.end % SECTOR)
  for (let done = 0; done < ring; done += WINDOW_BYTES) {
    const wanted = Math.min(WINDOW_BYTES + nodeBytes, ring - done)
    for (const record of inWindow(ringBytes(volume, journal, oldest + done, wanted), nodeBytes))
      yield { record, basis: 'journal' }
  }
}

/** Whole leaves, and what stands between them. */
function* inWindow(bytes: Buffer, nodeBytes: number): Generator<Leftover['record']> {
  let rest = 0
  for (let at = 0; at < WINDOW_BYTES && at + nodeBytes <= bytes.length; ) {
    const node = bytes.subarray(at, at + nodeBytes)
    if (node.readInt8(8) !== -1 || node[9] !== 1 || !isLeaf(nodeOf(node), node)) {
      at += SECTOR
      continue
    }
    yield* recordsLeftIn(bytes, rest, at)
    yield* recordsLeftIn(node, DESCRIPTOR_BYTES, nodeBytes)
    at += nodeBytes
    rest = at
  }
  yield* recordsLeftIn(bytes, rest, bytes.length)
}

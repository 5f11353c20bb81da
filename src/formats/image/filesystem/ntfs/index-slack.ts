/**
 * Names in the slack of directory indexes: behind the used part of a block, and in blocks that the index no longer
 * uses.
 *
 * Most are older copies of present entries (a split block keeps them), which `Leftovers` removes.
 */
import type { Medium } from '../../../../contracts/image.ts'
import { runsContent } from '../../content/runs.ts'
import { type FileName, fileNameOf, type Gathered, type Stream, statedSizes } from './gather.ts'
import type { Leftover } from './leftover.ts'
import { fixUp, inUse, type Reference, referenceAt, sequenceOf, TYPE, viewOf } from './record.ts'
import { implausible, timesAt } from './times.ts'

const INDX = 0x58444e49
const HEADER = 24
const ENTRY_HEAD = 16
const NAME_HEAD = 66
const DIRECTORY = 0x10000000

/** Most names of one folder without a reference. */
const MAX_UNREFERENCED = 1_000

/** @param indexBytes size of a block in bytes */
export function* indexSlack(
  volume: Medium,
  indexBytes: number,
  number: number,
  record: Buffer,
  { streams }: Gathered,
): Generator<Leftover> {
  // The sequence number of a deleted folder is one more than that in its entries.
  const sequences = inUse(record) ? [sequenceOf(record)] : [sequenceOf(record), sequenceOf(record) - 1]
  const attribute = (type: number): Stream | undefined =>
    streams.find((stream) => stream.type === type && stream.name.toString('latin1') === '$I30')
  const allocation = attribute(TYPE.indexAllocation)
  if (!allocation || allocation.resident) return
  const used = attribute(TYPE.bitmap)
  const bits = used?.resident
    ? viewOf(used.resident)
    : used
      ? bytesOf(volume, used.runs, Math.min(used.sizeBytes, MAX_BITMAP))
      : null
  const unreferenced = new Map<string, Leftover>()
  for (const { block, isUsed } of blocksOf(volume, indexBytes, allocation, bits)) {
    const from = HEADER + block.readUInt32LE(HEADER + (isUsed ? 4 : 0))
    for (const left of namesIn(block, from, number, sequences)) {
      if (left.reference) yield left
      else if (unreferenced.size < MAX_UNREFERENCED) unreferenced.set(left.name.toString('latin1'), left)
    }
  }
  if (unreferenced.size === 0) return
  // A name that the folder still lists is not removed.
  const listed = (bytes: Buffer, header: number): void => {
    for (const value of listedIn(bytes, header))
      unreferenced.delete(fileNameOf(value, 0, value.length)?.name.toString('latin1') ?? '')
  }
  const root = attribute(TYPE.indexRoot)?.resident
  if (root && root.end - root.at >= 32) listed(viewOf(root), 16)
  for (const { block, isUsed } of blocksOf(volume, indexBytes, allocation, bits))
    if (isUsed) listed(block, HEADER)
  yield* unreferenced.values()
}

function* blocksOf(
  volume: Medium,
  indexBytes: number,
  { runs, sizeBytes }: Stream,
  bits: Buffer | null,
): Generator<{ readonly block: Buffer; readonly isUsed: boolean }> {
  const size = Math.min(sizeBytes, volume.sizeBytes)
  const content = runsContent(volume, runs, size, size)
  const block = Buffer.alloc(indexBytes)
  for (let index = 0; (index + 1) * indexBytes <= size; index++) {
    content.readInto(block, index * indexBytes)
    if (block.readUInt32LE(0) !== INDX || !fixUp(block)) continue
    yield { block, isUsed: bits === null || ((bits[index >>> 3] ?? 0) & (1 << (index & 7))) !== 0 }
  }
}

/** Values of the entries in use, of a root or a block whose index header is at `header`. */
function* listedIn(bytes: Buffer, header: number): Generator<Buffer> {
  const end = Math.min(bytes.length, header + bytes.readUInt32LE(header + 4))
  for (let at = header + bytes.readUInt32LE(header); at + ENTRY_HEAD + NAME_HEAD <= end; ) {
    const entryBytes = bytes.readUInt16LE(at + 8)
    if (entryBytes < ENTRY_HEAD) return
    yield bytes.subarray(at + ENTRY_HEAD, Math.min(end, at + entryBytes))
    at += entryBytes
  }
}

const MAX_BITMAP = 1024 * 1024

function bytesOf(volume: Medium, runs: Parameters<typeof runsContent>[1], length: number): Buffer {
  const bytes = Buffer.alloc(length)
  runsContent(volume, runs, length, length).readInto(bytes, 0)
  return bytes
}

/**
 * Byte ranges from `begin` on that look like a name of this folder; entries are at multiples of eight.
 * The head of the first is often overwritten by the end mark of the used part, so its record is unknown.
 */
function* namesIn(
  block: Buffer,
  begin: number,
  number: number,
  sequences: readonly number[],
): Generator<Leftover> {
  for (
    let at = Math.max(0, Math.ceil((begin - ENTRY_HEAD) / 8) * 8);
    at + ENTRY_HEAD + NAME_HEAD <= block.length;
  ) {
    const from = at + ENTRY_HEAD
    const keyBytes = NAME_HEAD + (block[from + 64] as number) * 2
    const parent = referenceAt(block, from)
    const name =
      parent.number === number && sequences.includes(parent.sequence)
        ? fileNameOf(block, from, Math.min(block.length, from + keyBytes))
        : null
    if (!name || name.space > 3 || implausible(block, from + 8)) {
      at += 8
      continue
    }
    const intact =
      at >= begin &&
      block.readUInt16LE(at + 10) === keyBytes &&
      block.readUInt16LE(at + 8) >= ENTRY_HEAD + keyBytes
    // Short names are second names; the long name is adjacent.
    if (name.space !== 2) yield leftoverOf(name, intact ? referenceAt(block, at) : null)
    at += Math.ceil((ENTRY_HEAD + keyBytes) / 8) * 8
  }
}

function leftoverOf(name: FileName, reference: Reference | null): Leftover {
  const { bytes, at } = name.value
  const sizes = statedSizes(name)
  return {
    reference,
    parent: name.parent,
    name: name.name,
    directory: (bytes.readUInt32LE(at + 56) & DIRECTORY) !== 0,
    basis: 'index-slack',
    sizeBytes: Number.isFinite(sizes.real) ? sizes.real : 0,
    allocatedBytes: Number.isFinite(sizes.allocated) ? sizes.allocated : null,
    times: timesAt(bytes, at + 8),
  }
}

/** Bytes of blocks that a folder's index claims. */
export function indexBytesOf({ streams }: Gathered): number {
  return streams.reduce(
    (sum, { type, sizeBytes }) => (type === TYPE.indexAllocation ? sum + sizeBytes : sum),
    0,
  )
}

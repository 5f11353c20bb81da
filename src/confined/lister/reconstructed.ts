/**
 * Gives a removed content back that was written around clusters in use, where its own bytes confirm it: its digest is that of a listed
 * content, or its format decodes to exactly its last byte. Otherwise nothing is given (docs/decisions/0029, 0065). Says of a picture
 * whose clusters were assumed to follow each other how far it decodes, if it is not to its end.
 */
import { createHash } from 'node:crypto'
import { attribute } from '../../contracts/attribute.ts'
import type { DataRun } from '../../contracts/content-place.ts'
import type { NameFinding } from '../../contracts/finding.ts'
import type { Medium, VolumeEntry } from '../../contracts/image.ts'
import { decodesInPart, isWholeByDecoding } from '../../formats/image/remains/whole.ts'
import type { HeaderHashIndex } from '../../wire/header-hash-index.ts'

export interface Reconstructed {
  readonly found: VolumeEntry
  readonly named: readonly NameFinding[]
}

const HEADER_BYTES = 512
const PIECE_BYTES = 1 << 16

export function reconstructed(
  found: VolumeEntry,
  volume: Medium,
  known: HeaderHashIndex,
): Reconstructed | null {
  const { around, sizeBytes, basis, place } = found
  if (basis === 'assumed-contiguous' && place.kind === 'runs') {
    const decodes = decodesInPart(bytesOf(place.runs, sizeBytes, volume))
    return decodes && { found, named: [attribute('decodes-in-part', { ...decodes })] }
  }
  if (around === undefined) return null
  const by = isListed(around, sizeBytes, volume, known)
    ? 'listed-digest'
    : isWholeByDecoding(bytesOf(around, sizeBytes, volume))
  if (by === null) return null
  return {
    found: {
      ...found,
      status: found.status === 'deleted-overwritten' ? 'deleted' : found.status,
      basis: 'reconstructed',
      place: { kind: 'runs', runs: around, validBytes: sizeBytes },
    },
    named: [attribute('reconstructed', { by, fragments: around.length })],
  }
}

function isListed(
  runs: readonly DataRun[],
  sizeBytes: number,
  volume: Medium,
  known: HeaderHashIndex,
): boolean {
  if (known.length === 0 || sizeBytes < HEADER_BYTES) return false
  const header = Buffer.alloc(HEADER_BYTES)
  volume.readInto(header, runs[0]?.offset ?? 0)
  const records = known
    .beginningWith(createHash('md5').update(header).digest())
    .filter((record) => record.sizeBytes === sizeBytes)
  if (records.length === 0) return false
  const hash = createHash('md5')
  for (const piece of piecesOf(runs, sizeBytes, volume)) hash.update(piece)
  const digest = hash.digest()
  return records.some(({ md5 }) => digest.equals(md5))
}

/** A larger content is not decoded. */
const MOST_DECODED_BYTES = 1 << 25

function bytesOf(runs: readonly DataRun[], sizeBytes: number, volume: Medium): Buffer {
  if (sizeBytes > MOST_DECODED_BYTES) return Buffer.alloc(0)
  const pieces: Buffer[] = []
  for (const piece of piecesOf(runs, sizeBytes, volume)) {
    pieces.push(Buffer.from(piece))
    // Of what is no picture, the first piece is enough.
    if (pieces.length === 1 && !isPicture(piece)) return Buffer.alloc(0)
  }
  return Buffer.concat(pieces)
}

function isPicture(head: Buffer): boolean {
  return head.readUInt16BE(0) === 0xffd8 || head.readUInt32BE(0) === 0x89504e47
}

function* piecesOf(runs: readonly DataRun[], sizeBytes: number, volume: Medium): Generator<Buffer> {
  const piece = Buffer.alloc(PIECE_BYTES)
  let left = sizeBytes
  for (const { offset, length } of runs) {
    for (let done = 0; done < length && left > 0; ) {
      const wanted = piece.subarray(0, Math.min(PIECE_BYTES, length - done, left))
      volume.readInto(wanted, (offset ?? 0) + done)
      yield wanted
      done += wanted.length
      left -= wanted.length
    }
  }
}

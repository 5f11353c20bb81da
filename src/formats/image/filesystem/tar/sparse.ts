/** Sparse members of a TAR archive: their pieces as runs with holes. */
import type { DataRun } from '../../../../contracts/content-place.ts'
import { numberAt, type TarHeader } from './header.ts'
import type { PaxRecords } from './pax.ts'
import { paxNumber } from './pax.ts'

export interface SparseMap {
  /** Of the content with its holes. */
  readonly sizeBytes: number
  readonly pieces: readonly Piece[]
  /** Bytes of the map itself before the first piece. */
  readonly mapBytes: number
}

interface Piece {
  readonly at: number
  readonly length: number
}

const MOST_PIECES = 1_000_000

/**
 * Old GNU: four pieces in the header, then blocks of 21 while a flag byte is set. @param next reads the following block
 */
export function gnuSparse(header: TarHeader, next: () => Buffer | null): SparseMap | null {
  const pieces: Piece[] = []
  const sizeBytes = numberAt(header.block, 483, 12)
  if (sizeBytes === null || !takePieces(header.block, 386, 4, pieces)) return null
  let mapBytes = 0
  for (let more = header.block[482] === 1; more && pieces.length < MOST_PIECES; ) {
    const block = next()
    if (block === null || !takePieces(block, 0, 21, pieces)) return null
    mapBytes += 512
    more = block[504] === 1
  }
  return { sizeBytes, pieces, mapBytes }
}

function takePieces(block: Buffer, from: number, count: number, pieces: Piece[]): boolean {
  for (let i = 0; i < count; i++) {
    const at = numberAt(block, from + i * 24, 12)
    const length = numberAt(block, from + i * 24 + 12, 12)
    if (at === null || length === null) return false
    if (at === 0 && length === 0 && i > 0) continue
    pieces.push({ at, length })
  }
  return true
}

/** GNU's pax formats 0.0 and 0.1 (map in the header) and 1.0 (map before the data). @param dataAt reads bytes of the data */
export function paxSparse(records: PaxRecords, readData: (bytes: number) => Buffer): SparseMap | null {
  const size = paxNumber(records.get('GNU.sparse.realsize') ?? records.get('GNU.sparse.size'))
  if (size === null) return null
  if (records.get('GNU.sparse.major')?.toString() === '1') return mapInData(size, readData)
  const numbers = (records.get('GNU.sparse.map')?.toString('latin1') ?? '').split(',').map(Number)
  return numbers.length % 2 === 0 ? fromNumbers(size, numbers, 0) : null
}

/** Decimal lines: how many pieces, then offset and length of each; padded to whole blocks. */
function mapInData(sizeBytes: number, readData: (bytes: number) => Buffer): SparseMap | null {
  for (let bytes = 512; bytes <= 64 * 1024 * 1024; bytes *= 4) {
    const data = readData(bytes)
    const lines = data.toString('latin1').split('\n')
    const count = Number(lines[0])
    if (!Number.isSafeInteger(count) || count < 0 || count > MOST_PIECES) return null
    if (lines.length <= count * 2 + 1) {
      if (data.length < bytes) return null
      continue
    }
    const used = lines.slice(0, count * 2 + 1)
    const mapBytes = Math.ceil(used.reduce((sum, line) => sum + line.length + 1, 0) / 512) * 512
    return fromNumbers(sizeBytes, used.slice(1).map(Number), mapBytes)
  }
  return null
}

function fromNumbers(sizeBytes: number, numbers: readonly number[], mapBytes: number): SparseMap | null {
  const pieces: Piece[] = []
  for (let i = 0; i + 1 < numbers.length; i += 2) {
    const [at, length] = [numbers[i] ?? -1, numbers[i + 1] ?? -1]
    if (!Number.isSafeInteger(at) || !Number.isSafeInteger(length) || at < 0 || length < 0) return null
    pieces.push({ at, length })
  }
  return { sizeBytes, pieces, mapBytes }
}

/**
 * @param dataAt offset of the stored bytes @param storedBytes their number @returns null when the map contradicts
 *   itself
 */
export function sparseRuns(map: SparseMap, dataAt: number, storedBytes: number): DataRun[] | null {
  const runs: DataRun[] = []
  let end = 0
  let stored = map.mapBytes
  for (const { at, length } of map.pieces) {
    if (length === 0) continue
    if (at < end || at + length > map.sizeBytes || stored + length > storedBytes) return null
    if (at > end) runs.push({ offset: null, length: at - end })
    runs.push({ offset: dataAt + stored, length })
    stored += length
    end = at + length
  }
  if (end < map.sizeBytes) runs.push({ offset: null, length: map.sizeBytes - end })
  return runs
}

/** Directories read piece by piece from their runs. */
import type { DataRun } from '../../../../contracts/content-place.ts'
import type { ClusterHeap } from './heap.ts'
import { type DirectoryPiece, type FoundName, NO_TIMES } from './names.ts'

const PIECE_BYTES = 1 << 14

export function lengthOf(runs: readonly DataRun[]): number {
  let bytes = 0
  for (const run of runs) bytes += run.length
  return bytes
}

/** @returns pieces that share one buffer: use each before requesting the next */
export function* piecesOf(heap: ClusterHeap, runs: readonly DataRun[]): Generator<DirectoryPiece> {
  const buffer = Buffer.alloc(Math.min(PIECE_BYTES, lengthOf(runs)))
  for (const run of runs) {
    if (run.offset === null) continue
    for (let at = 0; at < run.length; at += buffer.length) {
      const wanted = buffer.subarray(0, Math.min(buffer.length, run.length - at))
      const got = heap.volume.readInto(wanted, run.offset + at)
      if (got === 0) return
      yield { offset: run.offset + at, bytes: wanted.subarray(0, got) }
    }
  }
}

/** A folder that no name leads to. */
export function namelessFolder(at: number, first: number, sizeBytes: number): FoundName {
  const name = Buffer.from(`cluster-${first}`)
  const flags = { removed: true, behindEnd: false, contiguous: false }
  return {
    at,
    name,
    kind: 'directory',
    ...flags,
    first,
    sizeBytes,
    validBytes: sizeBytes,
    times: NO_TIMES,
    notes: [],
  }
}

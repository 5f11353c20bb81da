/** One tile as bytes: the length of a JSON object (4 bytes, little-endian), the object, then the grey pixels of its frames. */
import type { RevealedFrame } from '../host/decoder/reveal-request.ts'
import { markTile } from './mark.ts'
import type { TileHead } from './said.ts'

type Named = Pick<TileHead, 'sha256' | 'level' | 'want'>

/** @param frames grey; copied @param mark burnt into each frame; null for cells, which have no room for it */
export function tilePart(named: Named, frames: readonly RevealedFrame[], mark: string | null): Buffer {
  const head: TileHead = {
    ...named,
    without: null,
    frames: frames.map(({ width, height }) => ({ width, height })),
  }
  const piece = joined(
    head,
    frames.map(({ pixels }) => pixels),
  )
  if (mark === null) return piece
  let at = piece.length - frames.reduce((sum, { width, height }) => sum + width * height, 0)
  for (const { width, height } of frames) {
    markTile({ width, height, pixels: piece.subarray(at, at + width * height) }, mark)
    at += width * height
  }
  return piece
}

/** @param why code of the reason why there are no pixels */
export function withoutPart(named: Named, why: string): Buffer {
  return joined({ ...named, without: why, frames: [] }, [])
}

function joined(head: TileHead, pixels: readonly Buffer[]): Buffer {
  const json = Buffer.from(JSON.stringify(head))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(json.length)
  return Buffer.concat([length, json, ...pixels])
}

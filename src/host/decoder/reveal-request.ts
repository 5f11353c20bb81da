/** Asks a child for the pixels of one reveal, and checks the answer's size and nothing else. */
import type { ReasonCode } from '../../contracts/reason.ts'
import { ImplausibleReply } from '../../wire/implausible.ts'
import type { RevealHeader } from '../../wire/reveal.ts'
import { revealReply } from '../../wire/reveal-reply.ts'
import type { JobPool } from './job-pool.ts'

export interface RevealedFrame {
  readonly width: number
  readonly height: number
  /** Grey, or RGB, row-major. */
  readonly pixels: Buffer
}

export type RevealedPixels =
  | { readonly shown: true; readonly channels: 1 | 3; readonly frames: readonly RevealedFrame[] }
  | { readonly shown: false; readonly reason: ReasonCode }

/** @param sha256 that the child must find over `bytes` first */
export async function revealPixels(
  pool: JobPool,
  header: RevealHeader,
  bytes: Buffer,
  sha256: string,
): Promise<RevealedPixels> {
  // What was asked for bounds the answer: a picture of a screen of tiles takes 50 KB, not what a reveal may take.
  const most = header.longestSide ** 2 * (header.colour ? 3 : 1) * header.frames
  const outcome = await pool.run({
    op: 'reveal',
    header,
    bytes,
    sha256,
    reply: { headerBytes: 1 << 16, payloadBytes: most, totalBytes: most + (1 << 16) },
    check: (reply, pixels) => {
      checked(header, reply, pixels)
    },
  })
  return outcome.done
    ? checked(header, outcome.header, outcome.bytes)
    : { shown: false, reason: outcome.reason }
}

/** @throws ImplausibleReply */
function checked(
  { colour, longestSide, frames: most }: RevealHeader,
  reply: unknown,
  pixels: Buffer,
): RevealedPixels {
  const said = revealReply(reply)
  if (!said.shown) return said
  if (said.channels !== (colour ? 3 : 1)) throw new ImplausibleReply('another number of channels')
  if (said.frames.length > most) throw new ImplausibleReply('another number of frames')
  let at = 0
  const frames = said.frames.map(({ width, height }) => {
    if (width > longestSide || height > longestSide) throw new ImplausibleReply('a frame of another size')
    const size = width * height * said.channels
    const frame = { width, height, pixels: pixels.subarray(at, at + size) }
    at += size
    return frame
  })
  if (at !== pixels.length) throw new ImplausibleReply('pixels that belong to no frame')
  return { shown: true, channels: said.channels, frames }
}

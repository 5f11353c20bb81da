/**
 * File carving by the layouts of NIST's CFTT (contiguous, fragmented in order, out of order, braided, partial), for pictures and videos:
 * blocks of files and of noise on a medium without a file system.
 */
import sharp from 'sharp'
import { BLOCK } from '../../../fixtures/cftt/steps.ts'
import { drawVideo } from '../../../fixtures/draw-video.ts'
import { noise, seeded } from '../../../fixtures/pictures.ts'
import { range } from './case.ts'
import { type Answers, answersOfContents } from './measure.ts'

export const CARVED_KINDS = ['jpeg', 'jpeg-camera', 'png', 'gif', 'mp4', 'avi'] as const
export type CarvedKind = (typeof CARVED_KINDS)[number]

export interface CarvingCase {
  readonly id: string
  readonly title: string
  /** Pieces in the order of the medium. Each file is cut at its middle: `a` and `b` are the parts of the first, and so on. */
  readonly pieces: (files: readonly Buffer[], fill: () => Buffer) => readonly Buffer[]
}

const parts = (file: Buffer | undefined): readonly [Buffer, Buffer] => {
  const whole = file ?? Buffer.alloc(0)
  const middle = Math.floor(whole.length / 2 / BLOCK) * BLOCK
  return [whole.subarray(0, middle), whole.subarray(middle)]
}

export const CARVING_CASES: readonly CarvingCase[] = [
  {
    id: 'FC-contiguous',
    title: 'carving: files in one piece',
    pieces: (files, fill) => files.flatMap((file) => [fill(), file]),
  },
  {
    id: 'FC-in-order',
    title: 'carving: files in two fragments, in order',
    pieces: (files, fill) =>
      files.flatMap((file) => {
        const [a, b] = parts(file)
        return [fill(), a, fill(), b]
      }),
  },
  {
    id: 'FC-out-of-order',
    title: 'carving: files in two fragments, the second first',
    pieces: (files, fill) =>
      files.flatMap((file) => {
        const [a, b] = parts(file)
        return [fill(), b, fill(), a]
      }),
  },
  {
    id: 'FC-braided',
    title: 'carving: two files whose fragments alternate',
    pieces: ([one, other, ...more], fill) => {
      const [[a, b], [c, d]] = [parts(one), parts(other)]
      return [fill(), a, c, b, d, ...more.flatMap((file) => [fill(), file])]
    },
  },
  {
    id: 'FC-partial',
    title: 'carving: beginnings without their ends, and ends without their beginnings',
    pieces: (files, fill) => files.flatMap((file, i) => [fill(), parts(file)[i % 2] as Buffer]),
  },
]

const FILES = 3

export async function carvingFiles(kind: CarvedKind, seed: number): Promise<readonly Buffer[]> {
  return Promise.all(range(FILES).map((n) => fileOf(kind, seed * 40_009 + n)))
}

function fileOf(kind: CarvedKind, seed: number): Promise<Buffer> {
  if (kind === 'mp4' || kind === 'avi') return videoOf(kind, seed)
  const side = 200 + (seed % 7)
  const picture = sharp(noise(seed, side * side * 3), { raw: { width: side, height: side, channels: 3 } })
  if (kind === 'png') return picture.png().toBuffer()
  if (kind === 'gif') return picture.gif().toBuffer()
  // Cameras write the tables of the standard, and all their pictures have one size.
  if (kind === 'jpeg-camera') {
    const pixels = { raw: { width: 200, height: 200, channels: 3 as const } }
    return sharp(noise(seed, 200 * 200 * 3), pixels)
      .jpeg({ quality: 88, optimizeCoding: false })
      .toBuffer()
  }
  return picture.jpeg({ quality: 88 }).toBuffer()
}

function videoOf(container: 'mp4' | 'avi', seed: number): Promise<Buffer> {
  const random = seeded(seed)
  const frames = range(12).map(() => Uint8Array.from({ length: 96 * 96 }, () => Math.floor(random() * 256)))
  return drawVideo({
    ...{ width: 96, height: 96, frames: 12, framesPerSecond: 10, gop: 6, container },
    codec: container === 'avi' ? 'mpeg4' : 'libx264',
    draw: (frame, x, y) => frames[frame % 12]?.[y * 96 + x] ?? 0,
  })
}

/** The medium, and what can be carved from it. */
export function carvingMedium(
  { pieces }: CarvingCase,
  files: readonly Buffer[],
  seed: number,
): { readonly image: Buffer; readonly answers: Answers } {
  let fills = 0
  const fill = () => noise(seed * 50_021 + fills++, 20 * BLOCK)
  const padded = (piece: Buffer) =>
    Buffer.concat([piece, Buffer.alloc((BLOCK - (piece.length % BLOCK)) % BLOCK)])
  const image = Buffer.concat([...pieces(files, fill), fill()].map(padded))
  return { image, answers: answersOfContents(files, image) }
}

/** Tells whether two machines hold the same image: sizes of its segments, its first and last bytes, and a sample of the rest. */
import { createHash } from 'node:crypto'
import { readSync } from 'node:fs'
import type { HeldImage } from './held-image.ts'

const END_BYTES = 1 << 20
const SAMPLES = 64
const SAMPLE_BYTES = 1 << 16

/**
 * The place of each sample follows from `seed`: who replaces an image cannot know them before the run.
 * @returns SHA-256, lower-case hex @throws the error of the file system
 */
export function imageSample({ segments, descriptors }: HeldImage, seed: string): string {
  const hash = createHash('sha256').update(`seized image sample 1\0${JSON.stringify(segments)}\0`)
  const add = (segment: number, offset: number, length: number) => {
    const { sizeBytes } = segments[segment]!
    const wanted = Math.min(length, sizeBytes - offset)
    const buffer = Buffer.alloc(wanted)
    for (let got = 0; got < wanted; ) {
      const read = readSync(descriptors[segment]!, buffer, got, wanted - got, offset + got)
      if (read === 0) break
      got += read
    }
    hash.update(buffer)
  }
  const last = segments.length - 1
  add(0, 0, END_BYTES)
  add(last, Math.max(0, segments[last]!.sizeBytes - END_BYTES), END_BYTES)
  for (let i = 0; i < SAMPLES; i++) {
    const draw = createHash('sha256').update(`${seed}\0${i}`).digest()
    const segment = draw.readUInt32BE(0) % segments.length
    add(segment, draw.readUIntBE(4, 6) % Math.max(1, segments[segment]!.sizeBytes), SAMPLE_BYTES)
  }
  return hash.digest('hex')
}

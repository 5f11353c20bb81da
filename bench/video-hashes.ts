/** Frames of a video as the program hashes them, and whether two videos are alike by comparing each frame: for the benches of videos. */
import type { ListedFrame } from '../fixtures/vpdq-lists.ts'
import { lookAtVideo } from '../src/confined/decoder/look/video.ts'
import type { PerceptualHash } from '../src/contracts/finding.ts'
import { parseFramePart } from '../src/contracts/frame-part.ts'
import { sourceOfBuffer } from '../src/formats/bytes/byte-source.ts'
import { pdqFromPlane, pdqFromRgb } from '../src/hash/pdq.ts'
import { type OwnFrame, VideoIndex } from '../src/match/near/near-vpdq.ts'
import { DEFAULT_LIMITS } from '../src/plan.ts'

export async function hashesOf(bytes: Buffer): Promise<readonly PerceptualHash[]> {
  const header = {
    mediaType: 'video/mp4',
    sha256: null,
    preview: 'never',
    pixels: DEFAULT_LIMITS.pixels,
    frames: DEFAULT_LIMITS.frames,
    gps: false,
    orientations: false,
    thumbnails: false,
    asks: false,
  } as const
  const parts = {
    pdq: pdqFromRgb,
    pdqOfPlane: (
      plane: Parameters<typeof pdqFromPlane>[1] & { bytes: Uint8Array; stride: number; gain: number },
    ) => pdqFromPlane(plane.bytes, plane, plane.stride, plane.gain),
    classify: null,
  }
  return (await lookAtVideo(parts, header, sourceOfBuffer(bytes))).hashes
}

export function framesOf(hashes: readonly PerceptualHash[]): OwnFrame[] {
  return hashes
    .filter(({ quality }) => quality >= 50)
    .map(({ hex, quality, part }) => ({
      hash: Buffer.from(hex, 'hex'),
      quality,
      second: parseFramePart(part)?.second ?? null,
    }))
}

export function indexOf(
  videos: readonly (readonly Pick<ListedFrame, 'hex' | 'quality' | 'seconds'>[])[],
): VideoIndex {
  const all = videos.flatMap((frames, video) =>
    frames.filter(({ quality }) => quality >= 50).map((frame) => ({ ...frame, video })),
  )
  return new VideoIndex({
    hashes: Buffer.concat(all.map(({ hex }) => Buffer.from(hex, 'hex'))),
    videoOf: Uint32Array.from(all, ({ video }) => video),
    secondOf: Uint32Array.from(all, ({ seconds }) => Math.floor(seconds)),
  })
}

/** 80 of 100 distinct frames of either are found in the other. */
export function areAlike(ours: readonly ListedFrame[], listed: readonly ListedFrame[]): boolean {
  const distinct = (frames: readonly ListedFrame[]) =>
    [...new Set(frames.filter(({ quality }) => quality >= 50).map(({ hex }) => hex))].map((hex) =>
      Buffer.from(hex, 'hex'),
    )
  const [a, b] = [distinct(ours), distinct(listed)]
  const share = (from: readonly Buffer[], to: readonly Buffer[]) =>
    from.filter((one) => to.some((other) => differing(one, other) <= 31)).length / from.length
  return share(a, b) >= 0.8 || share(b, a) >= 0.8
}

function differing(a: Uint8Array, b: Uint8Array): number {
  let bits = 0
  for (let i = 0; i < a.length; i++) for (let x = a[i]! ^ b[i]!; x !== 0; x &= x - 1) bits++
  return bits
}

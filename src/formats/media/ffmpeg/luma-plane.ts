/**
 * Reads the brightness plane of a decoded frame directly from FFmpeg's memory. A few samples of it detect a scene
 * change. Its hash equals that of the converted picture within a few bits (PDQ uses only brightness), at a fifth of
 * the time.
 */
import type * as Av from 'node-av/lib'
import type { Ffmpeg } from './ffmpeg.ts'

export interface LumaPlane {
  readonly width: number
  readonly height: number
  /** Bytes from one row to the next, at least the width. */
  readonly stride: number
  /** Row-major, one byte a sample. Valid until the callback returns. */
  readonly bytes: Uint8Array
  /** Factor that expands the samples to the range 0–255. */
  readonly gain: number
}

/** Limited range: brightness from 16 to 235 (ITU-R BT.601 and BT.709). */
const LIMITED_GAIN = 255 / 219

const GLIMPSE_COLUMNS = 24
const GLIMPSE_ROWS = 16

/**
 * May be called once for each frame, because it releases the planes.
 * @returns null for pixel formats without 8-bit brightness
 */
export function withLuma<T>({ constants }: Ffmpeg, frame: Av.Frame, use: (plane: LumaPlane) => T): T | null {
  const fullRange = [
    constants.AV_PIX_FMT_YUVJ420P,
    constants.AV_PIX_FMT_YUVJ422P,
    constants.AV_PIX_FMT_YUVJ444P,
  ]
  const eightBitLuma = [
    ...fullRange,
    constants.AV_PIX_FMT_YUV420P,
    constants.AV_PIX_FMT_YUV422P,
    constants.AV_PIX_FMT_YUV444P,
    constants.AV_PIX_FMT_NV12,
  ]
  if (!eightBitLuma.some((format) => format === frame.format)) return null
  const isFull =
    frame.colorRange === constants.AVCOL_RANGE_JPEG || fullRange.some((format) => format === frame.format)
  const planes = frame.data ?? []
  const [bytes] = planes
  if (!bytes) return null
  const { width, height } = frame
  const stride = frame.linesize[0] ?? 0
  const isWhole = stride >= width && bytes.length >= stride * (height - 1) + width
  const used = isWhole ? use({ width, height, stride, bytes, gain: isFull ? 1 : LIMITED_GAIN }) : null
  // The garbage collector counts FFmpeg's memory as its own. 1.4 MB a frame of 720p triggered it every fifty frames,
  // and took as long as decoding.
  for (const { buffer, byteLength } of planes)
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
  return used
}

/** @returns row-major samples, 0–255 */
export function glimpseOf({ width, height, stride, bytes }: LumaPlane): Uint8Array {
  const out = new Uint8Array(GLIMPSE_COLUMNS * GLIMPSE_ROWS)
  for (let row = 0, to = 0; row < GLIMPSE_ROWS; row++) {
    const line = Math.floor(((row + 0.5) * height) / GLIMPSE_ROWS) * stride
    for (let column = 0; column < GLIMPSE_COLUMNS; column++) {
      out[to++] = bytes[line + Math.floor(((column + 0.5) * width) / GLIMPSE_COLUMNS)] ?? 0
    }
  }
  return out
}

/** Mean difference of two arrays of samples, 0–255. */
export function difference(a: Uint8Array, b: Uint8Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += Math.abs((a[i] as number) - (b[i] as number))
  return sum / a.length
}

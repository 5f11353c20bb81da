/** A few brightness samples of a frame, straight from its plane: enough to see a change of scene, without converting it. */
import type * as Av from 'node-av/lib'
import type { Ffmpeg } from './ffmpeg.ts'

const GLIMPSE_COLUMNS = 24
const GLIMPSE_ROWS = 16

/**
 * To be asked once a frame: its planes are given back.
 * @returns row-major, 0–255; null for pixel formats without 8-bit brightness
 */
export function glimpseOf({ constants }: Ffmpeg, frame: Av.Frame): Uint8Array | null {
  const eightBitLuma = [
    constants.AV_PIX_FMT_YUV420P,
    constants.AV_PIX_FMT_YUVJ420P,
    constants.AV_PIX_FMT_YUV422P,
    constants.AV_PIX_FMT_YUVJ422P,
    constants.AV_PIX_FMT_YUV444P,
    constants.AV_PIX_FMT_YUVJ444P,
    constants.AV_PIX_FMT_NV12,
  ]
  if (!eightBitLuma.some((format) => format === frame.format)) return null
  const planes = frame.data ?? []
  const [plane] = planes
  const stride = frame.linesize[0] ?? 0
  if (!plane) return null
  const out = new Uint8Array(GLIMPSE_COLUMNS * GLIMPSE_ROWS)
  for (let row = 0, to = 0; row < GLIMPSE_ROWS; row++) {
    const line = Math.floor(((row + 0.5) * frame.height) / GLIMPSE_ROWS) * stride
    for (let column = 0; column < GLIMPSE_COLUMNS; column++) {
      out[to++] = plane[line + Math.floor(((column + 0.5) * frame.width) / GLIMPSE_COLUMNS)] ?? 0
    }
  }
  // FFmpeg's memory counts as the collector's: 1.4 MB a frame of 720p made it run for every fiftieth, as long as decoding took.
  for (const { buffer, byteLength } of planes)
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
  return out
}

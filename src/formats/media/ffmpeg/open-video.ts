/**
 * Opens a video or animation for reading.
 *
 * FFmpeg receives bytes by callback, and the container format follows from the media type. It opens no protocol and
 * guesses no format, so a playlist named .mp4 reads no other file and no network.
 */

import type { Detail } from '../../../contracts/detail.ts'
import { demuxerOf } from '../../../media-types/applies.ts'
import type { ByteSource } from '../../bytes/byte-source.ts'
import { libraryText } from '../../bytes/coded-error.ts'
import { type DecodeFailure, type DecodeLimits, noDecoder } from '../pixels/picture.ts'
import { byteCallbacks } from './byte-callbacks.ts'
import { ffmpeg, ffmpegError } from './ffmpeg.ts'
import { onDevice } from './hardware.ts'
import { VideoReader } from './video-reader.ts'

export type Opened =
  | {
      readonly ok: true
      readonly reader: VideoReader
      /**
       * Indexes of the other video streams in the container: the second camera of a recorder, the rear lens of a
       * camera.
       */
      readonly others: readonly number[]
    }
  | { readonly ok: false; readonly reason: DecodeFailure | 'no-video-stream'; readonly detail: Detail }

/** @param which index of a stream; null: the stream that players show */
export async function openVideo(
  source: ByteSource,
  mediaType: string,
  limits: DecodeLimits,
  which: number | null = null,
): Promise<Opened> {
  const library = ffmpeg()
  if ('missing' in library)
    return {
      ok: false,
      reason: 'unsupported-format',
      detail: { code: 'no-library', params: { text: library.missing } },
    }
  const demuxer = demuxerOf(mediaType)
  const format = demuxer === null ? null : library.av.InputFormat.findInputFormat(demuxer)
  if (!format) return { ok: false, reason: 'unsupported-format', detail: noDecoder(mediaType) }
  const { av, constants } = library
  const container = new av.FormatContext()
  const close = () => {
    container.closeInputSync()
    io.freeContext()
  }
  const failed = (text: string): Opened => {
    close()
    return { ok: false, reason: 'decode-failed', detail: libraryText(text) }
  }
  container.allocContext()
  const io = byteCallbacks(library, source)
  container.pb = io
  const options = av.Dictionary.fromObject({
    protocol_whitelist: 'none',
    format_whitelist: format.name ?? '',
  })
  const opened = container.openInputSync('', format, options)
  if (opened < 0) return failed(ffmpegError(library, opened))
  const analysed = container.findStreamInfoSync(null)
  if (analysed < 0) return failed(ffmpegError(library, analysed))
  const index = which ?? container.findBestStream(constants.AVMEDIA_TYPE_VIDEO)
  const stream = container.streams[index]
  if (index < 0 || !stream) {
    close()
    return { ok: false, reason: 'no-video-stream', detail: { code: 'no-video', params: {} } }
  }
  const { codecpar } = stream
  if (codecpar.width * codecpar.height > limits.pixels) {
    close()
    const params = { width: codecpar.width, height: codecpar.height, limit: limits.pixels }
    return { ok: false, reason: 'over-pixel-limit', detail: { code: 'over-pixels', params } }
  }
  const codec = av.Codec.findDecoder(codecpar.codecId)
  if (!codec) {
    close()
    return { ok: false, reason: 'unsupported-format', detail: noDecoder(String(codecpar.codecTagString)) }
  }
  const decoder = new av.CodecContext()
  decoder.allocContext3(codec)
  decoder.parametersToContext(codecpar)
  decoder.threadCount = 1
  decoder.pktTimebase = stream.timeBase
  onDevice(decoder)
  const codecOptions = av.Dictionary.fromObject({ max_pixels: String(limits.pixels) })
  const ready = await decoder.open2(codec, codecOptions)
  if (ready < 0) {
    decoder.freeContext()
    return failed(ffmpegError(library, ready))
  }
  for (const other of container.streams) {
    if (other.index !== index) other.discard = constants.AVDISCARD_ALL
  }
  // A cover is not a video: it has one frame, and is a separate picture.
  const others = container.streams.flatMap((other) =>
    other.index !== index &&
    other.codecpar.codecType === constants.AVMEDIA_TYPE_VIDEO &&
    (other.disposition & constants.AV_DISPOSITION_ATTACHED_PIC) === 0
      ? [other.index]
      : [],
  )
  const reader = new VideoReader(library, { container, io }, stream, decoder, codec.name ?? 'unknown')
  return { ok: true, reader, others }
}

/**
 * Opens the sound of a file: a sound, or a video with one. The container format follows from the media type, and FFmpeg receives bytes by
 * callback (open-video.ts says why).
 */
import type { Detail } from '../../../contracts/detail.ts'
import { demuxerOf } from '../../../media-types/applies.ts'
import type { ByteSource } from '../../bytes/byte-source.ts'
import { libraryText } from '../../bytes/coded-error.ts'
import { noDecoder } from '../pixels/picture.ts'
import { byteCallbacks } from './byte-callbacks.ts'
import { ffmpeg, ffmpegError } from './ffmpeg.ts'
import { SoundReader } from './sound-reader.ts'

export type OpenedSound =
  | { readonly ok: true; readonly reader: SoundReader }
  | {
      readonly ok: false
      readonly reason: 'unsupported-format' | 'decode-failed' | 'no-sound'
      readonly detail: Detail | null
    }

export async function openSound(source: ByteSource, mediaType: string): Promise<OpenedSound> {
  const library = ffmpeg()
  if ('missing' in library)
    return refused('unsupported-format', { code: 'no-library', params: { text: library.missing } })
  const { av, constants } = library
  const demuxer = demuxerOf(mediaType)
  const format = demuxer === null ? null : av.InputFormat.findInputFormat(demuxer)
  if (!format) return refused('unsupported-format', noDecoder(mediaType))
  const container = new av.FormatContext()
  const closed = (reason: 'unsupported-format' | 'decode-failed' | 'no-sound', detail: Detail | null) => {
    container.closeInputSync()
    io.freeContext()
    return refused(reason, detail)
  }
  container.allocContext()
  const io = byteCallbacks(library, source)
  container.pb = io
  const options = av.Dictionary.fromObject({
    protocol_whitelist: 'none',
    format_whitelist: format.name ?? '',
  })
  const opened = container.openInputSync('', format, options)
  if (opened < 0) return closed('decode-failed', libraryText(ffmpegError(library, opened)))
  const analysed = container.findStreamInfoSync(null)
  if (analysed < 0) return closed('decode-failed', libraryText(ffmpegError(library, analysed)))
  const index = container.findBestStream(constants.AVMEDIA_TYPE_AUDIO)
  const stream = container.streams[index]
  if (index < 0 || !stream) return closed('no-sound', null)
  for (const other of container.streams) if (other.index !== index) other.discard = constants.AVDISCARD_ALL
  const codec = av.Codec.findDecoder(stream.codecpar.codecId)
  if (!codec) return closed('unsupported-format', noDecoder(String(stream.codecpar.codecTagString)))
  const decoder = new av.CodecContext()
  decoder.allocContext3(codec)
  decoder.parametersToContext(stream.codecpar)
  decoder.threadCount = 1
  decoder.pktTimebase = stream.timeBase
  const ready = await decoder.open2(codec, null)
  if (ready < 0) {
    decoder.freeContext()
    return closed('decode-failed', libraryText(ffmpegError(library, ready)))
  }
  return { ok: true, reader: new SoundReader(library, { container, io }, stream, decoder) }
}

function refused(
  reason: 'unsupported-format' | 'decode-failed' | 'no-sound',
  detail: Detail | null,
): OpenedSound {
  return { ok: false, reason, detail }
}

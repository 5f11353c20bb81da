/**
 * Decodes the first frame of an AVIF or HEIC sequence with FFmpeg. Other decoders refuse such files, because they
 * read only items.
 */

import { sourceOfBuffer } from '../../bytes/byte-source.ts'
import { openVideo } from '../ffmpeg/open-video.ts'
import { walkWhole } from '../ffmpeg/video-sample.ts'
import { type Decoded, type DecodeLimits, noDecoder } from '../pixels/picture.ts'
import { hasTrack } from './heif-pictures.ts'

/** @returns `unsupported-format` for a file without a track */
export async function decodeTrack(bytes: Buffer, mediaType: string, limits: DecodeLimits): Promise<Decoded> {
  if (!hasTrack(bytes)) return { ok: false, reason: 'unsupported-format', detail: noDecoder(mediaType) }
  const opened = await openVideo(sourceOfBuffer(bytes), mediaType, limits)
  if (!opened.ok) {
    const reason = opened.reason === 'no-video-stream' ? 'decode-failed' : opened.reason
    return { ok: false, reason, detail: opened.detail }
  }
  try {
    const first = walkWhole(opened.reader, 1, 1).next()
    const picture = first.done ? null : first.value.frame.rgb()
    if (picture === null)
      return { ok: false, reason: 'decode-failed', detail: { code: 'no-picture-inside', params: {} } }
    const { width, height, rgb } = picture
    return {
      ok: true,
      picture: { width, height, channels: 3, data: rgb, orientation: 1 },
      leniently: null,
      pages: 1,
      format: 'heif-track',
    }
  } finally {
    opened.reader.close()
  }
}

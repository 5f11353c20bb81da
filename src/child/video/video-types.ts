/**
 * Which media types are videos, and the container format that FFmpeg is made to read each as: a playlist that is called
 * .mp4 is read as MP4, and as nothing else.
 */

/** FFmpeg's demuxer by media type. What is not here is unsupported: playlists and scripts never will be. */
const DEMUXERS: Readonly<Record<string, string>> = {
  'video/mp4': 'mov',
  'video/x-m4v': 'mov',
  'video/quicktime': 'mov',
  'video/3gpp': 'mov',
  'video/3gpp2': 'mov',
  'video/mj2': 'mov',
  'image/mj2': 'mov',
  'video/matroska': 'matroska',
  'video/x-matroska': 'matroska',
  'video/webm': 'matroska',
  'video/vnd.avi': 'avi',
  'video/x-msvideo': 'avi',
  'video/avi': 'avi',
  'video/mpeg': 'mpeg',
  'video/mp1s': 'mpeg',
  'video/mp2p': 'mpeg',
  'video/mp2t': 'mpegts',
  'video/ogg': 'ogg',
  'video/x-flv': 'flv',
  'video/x-ms-asf': 'asf',
  'video/x-ms-wmv': 'asf',
  'video/x-dv': 'dv',
  'video/x-flc': 'flic',
  'video/x-fli': 'flic',
  'application/mxf': 'mxf',
  'application/vnd.rn-realmedia': 'rm',
  'video/vnd.rn-realvideo': 'rm',
  'image/gif': 'gif',
  'image/apng': 'apng',
  'image/png': 'apng',
}

export function isVideoType(mediaType: string): boolean {
  return mediaType.startsWith('video/') || mediaType === 'image/mj2'
}

/** @returns FFmpeg's name of the container format; null: unsupported */
export function demuxerOf(mediaType: string): string | null {
  return DEMUXERS[mediaType] ?? null
}

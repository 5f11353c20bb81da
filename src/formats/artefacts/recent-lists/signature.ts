/**
 * Recognises lists of recently opened files of media players. They are settings files; one section or line identifies
 * them.
 */
import type { Sample } from '../../../media-types/sample.ts'

export function signature({ head }: Sample): string | null {
  // The first character starts a section, or a comment.
  if (head[0] === 0x5b)
    return head.includes('[RecentsMRL]') && /^\[RecentsMRL\]\r?$/m.test(head.toString('latin1'))
      ? 'text/x-vlc-interface'
      : null
  if (head[0] !== 0x23 || head[1] !== 0x20) return null
  return WATCHED.test(head.toString('latin1', 0, 4096)) ? 'text/x-mpv-watch-later' : null
}

/** The file path, then the playback position. */
const WATCHED = /^# [^\r\n]{1,2000}\r?\n(?:# [^\r\n]{0,2000}\r?\n)*start=\d+(?:\.\d+)?\r?$/m

/** Preferences of VLC on macOS. */
export function listSignature(list: Buffer): string | null {
  return list.includes('recentlyPlayedMedia') ? 'application/x-vlc-preferences' : null
}

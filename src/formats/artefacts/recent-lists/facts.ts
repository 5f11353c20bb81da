/** Facts of this kind that every process knows. Imports nothing. */

export const MEDIA_TYPES = [
  { type: 'application/x-vlc-preferences', names: '', text: true, records: true },
  { type: 'application/x-xbel+xml', names: '', text: true, records: true },
  { type: 'text/x-mpv-watch-later', names: '', text: true, records: true },
  { type: 'text/x-vlc-interface', names: '', text: true, records: true },
] as const

/** What is read of this kind: a sample of each of its files. */
import * as players from '../../../../fixtures/device/players.ts'
import type { ArtefactSample } from '../../sample.ts'

export const samples: readonly ArtefactSample[] = [
  { mediaType: 'application/x-vlc-preferences', make: () => players.VLC_PREFERENCES, records: 1 },
  { mediaType: 'application/x-xbel+xml', make: () => Buffer.from(players.RECENTLY_USED), records: 3 },
  { mediaType: 'text/x-mpv-watch-later', make: () => Buffer.from(players.MPV_WATCH_LATER), records: 1 },
  { mediaType: 'text/x-vlc-interface', make: () => Buffer.from(players.VLC_INTERFACE), records: 3 },
]

/** Facts of this kind that every process knows. Imports nothing. */

export const MEDIA_TYPES = [
  { type: 'application/x-bittorrent', names: 'torrent', records: true },
  { type: 'application/x-bittorrent-resume', names: 'dat fastresume resume old', records: true },
] as const

export const RECORDS = {
  /** BitTorrent: a file that describes a download, and each file in it. */
  torrent: {
    name: 'text',
    infoHash: 'text',
    infoHash2: 'text?',
    files: 'number',
    sizeBytes: 'number',
    program: 'text?',
    comment: 'text?',
  },
  'torrent-file': { name: 'text', torrent: 'text', infoHash: 'text', sizeBytes: 'number' },
  /** A BitTorrent download as a program stores it. */
  'torrent-download': {
    program: 'text',
    name: 'text?',
    infoHash: 'text?',
    folder: 'text?',
    sentBytes: 'number?',
    receivedBytes: 'number?',
    seconds: 'number?',
  },
} as const

/** What is read of this kind: a sample of each of its files. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ArtefactSample } from '../../sample.ts'

const FOLDER = join(import.meta.dirname, '../../../../fixtures/device')

export const samples: readonly ArtefactSample[] = [
  {
    mediaType: 'application/x-bittorrent',
    make: () => readFileSync(join(FOLDER, 'torrents/multi.torrent')),
    records: 3,
  },
  {
    mediaType: 'application/x-bittorrent-resume',
    make: () => readFileSync(join(FOLDER, 'torrents/transmission-4.1.resume')),
    records: 1,
  },
]

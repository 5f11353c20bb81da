/** What is read of this kind: a sample of each of its files. */
import { shortcutFile } from '../../../../fixtures/device/shortcut.ts'
import type { ArtefactSample } from '../../sample.ts'

export const samples: readonly ArtefactSample[] = [
  {
    mediaType: 'application/x.ms.shortcut',
    make: () => shortcutFile('E:\\photos\\lake.jpg', 1_600_000_000_000),
    records: 1,
  },
]

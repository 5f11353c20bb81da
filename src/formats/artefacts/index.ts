/** List of artefact readers: one file and one row for each program or format. */

import type { ArtefactReader } from '../records/artefact.ts'
import { appleAttributes } from './apple-attributes.ts'
import { ares } from './ares.ts'
import { aresPartial } from './ares-partial.ts'
import { chromiumBookmarks } from './chromium-bookmarks.ts'
import { chromiumCache } from './chromium-cache.ts'
import { discordMessages } from './discord-messages.ts'
import { dsStore } from './ds-store.ts'
import { emule } from './emule.ts'
import { extractionReport } from './extraction-report.ts'
import { generatorFiles } from './generator-files.ts'
import { hiddenNetworks } from './hidden-networks.ts'
import { i2pd } from './i2pd.ts'
import { indexDat } from './index-dat.ts'
import { jumpList } from './jump-list.ts'
import { lockedStores } from './locked-stores.ts'
import { logicalImage } from './logical-image.ts'
import { modelFiles } from './model-files.ts'
import { prefetch } from './prefetch.ts'
import { recentLists } from './recent-lists.ts'
import { registry } from './registry.ts'
import { safariDownloads } from './safari-downloads.ts'
import { shareaza } from './shareaza.ts'
import { shortcut } from './shortcut.ts'
import { sqliteDatabases } from './sqlite-databases.ts'
import { tor } from './tor.ts'
import { torrent } from './torrent.ts'
import { trash } from './trash.ts'
import { webCache } from './web-cache.ts'
import { zone } from './zone.ts'

export const ARTEFACTS: readonly ArtefactReader[] = [
  emule,
  torrent,
  sqliteDatabases,
  tor,
  trash,
  shortcut,
  ares,
  aresPartial,
  shareaza,
  zone,
  registry,
  jumpList,
  chromiumCache,
  hiddenNetworks,
  lockedStores,
  extractionReport,
  logicalImage,
  appleAttributes,
  webCache,
  recentLists,
  i2pd,
  indexDat,
  modelFiles,
  generatorFiles,
  discordMessages,
  prefetch,
  dsStore,
  safariDownloads,
  chromiumBookmarks,
]

export function artefactReaderFor(mediaType: string): ArtefactReader | null {
  return ARTEFACTS.find(({ mediaTypes }) => mediaTypes.includes(mediaType)) ?? null
}

/** List of artefact readers: one file and one row for each program or format. */

import { discordMessages } from '../chats/discord/discord-messages.ts'
import type { ArtefactReader } from '../records/artefact.ts'
import { appleAttributes } from './apple-attributes/apple-attributes.ts'
import { ares } from './ares/ares.ts'
import { aresPartial } from './ares/ares-partial.ts'
import { chromiumBookmarks } from './chromium/bookmarks.ts'
import { chromiumCache } from './chromium/cache.ts'
import { dsStore } from './ds-store/ds-store.ts'
import { emule } from './emule/emule.ts'
import { eventLog } from './event-log/event-log.ts'
import { extractionReport } from './extraction-report/extraction-report.ts'
import { hiddenNetworks } from './hidden-networks/hidden-networks.ts'
import { i2pd } from './hidden-networks/i2pd.ts'
import { tor } from './hidden-networks/tor.ts'
import { indexDat } from './index-dat/index-dat.ts'
import { jumpList } from './jump-list/jump-list.ts'
import { lockedStores } from './locked-stores/locked-stores.ts'
import { logicalImage } from './logical-image/logical-image.ts'
import { modelFiles } from './model-files/model-files.ts'
import { generatorFiles } from './picture-generators/generator-files.ts'
import { prefetch } from './prefetch/prefetch.ts'
import { recentLists } from './recent-lists/recent-lists.ts'
import { registry } from './registry/registry.ts'
import { safariDownloads } from './safari/downloads.ts'
import { shareaza } from './shareaza/shareaza.ts'
import { shortcut } from './shortcut/shortcut.ts'
import { sqliteDatabases } from './sqlite-databases.ts'
import { torrent } from './torrent/torrent.ts'
import { trash } from './trash/trash.ts'
import { webCache } from './web-cache/web-cache.ts'
import { zone } from './zone/zone.ts'

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
  eventLog,
  dsStore,
  safariDownloads,
  chromiumBookmarks,
]

export function artefactReaderFor(mediaType: string): ArtefactReader | null {
  return ARTEFACTS.find(({ mediaTypes }) => mediaTypes.includes(mediaType)) ?? null
}

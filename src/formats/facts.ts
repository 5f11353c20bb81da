/**
 * Facts of every kind of artefact and chat: codes of its records, rows of its media types.
 * Written by `npm run kinds` from the folders of the kinds; do not edit.
 */
import * as androidContacts from './artefacts/android-contacts/facts.ts'
import * as androidMedia from './artefacts/android-media/facts.ts'
import * as appleAttributes from './artefacts/apple-attributes/facts.ts'
import * as ares from './artefacts/ares/facts.ts'
import * as chromium from './artefacts/chromium/facts.ts'
import * as dsStore from './artefacts/ds-store/facts.ts'
import * as emule from './artefacts/emule/facts.ts'
import * as eventLog from './artefacts/event-log/facts.ts'
import * as extractionReport from './artefacts/extraction-report/facts.ts'
import * as googleDrive from './artefacts/google-drive/facts.ts'
import * as hiddenNetworks from './artefacts/hidden-networks/facts.ts'
import * as indexDat from './artefacts/index-dat/facts.ts'
import * as jumpList from './artefacts/jump-list/facts.ts'
import * as lockedStores from './artefacts/locked-stores/facts.ts'
import * as logicalImage from './artefacts/logical-image/facts.ts'
import * as modelFiles from './artefacts/model-files/facts.ts'
import * as photoLibrary from './artefacts/photo-library/facts.ts'
import * as pictureGenerators from './artefacts/picture-generators/facts.ts'
import * as prefetch from './artefacts/prefetch/facts.ts'
import * as recentLists from './artefacts/recent-lists/facts.ts'
import * as registry from './artefacts/registry/facts.ts'
import * as safari from './artefacts/safari/facts.ts'
import * as shareaza from './artefacts/shareaza/facts.ts'
import * as shortcut from './artefacts/shortcut/facts.ts'
import * as torrent from './artefacts/torrent/facts.ts'
import * as trash from './artefacts/trash/facts.ts'
import * as webCache from './artefacts/web-cache/facts.ts'
import * as zone from './artefacts/zone/facts.ts'
import * as discord from './chats/discord/facts.ts'

export const KIND_RECORDS = {
  ...androidContacts.RECORDS,
  ...androidMedia.RECORDS,
  ...appleAttributes.RECORDS,
  ...ares.RECORDS,
  ...chromium.RECORDS,
  ...dsStore.RECORDS,
  ...emule.RECORDS,
  ...eventLog.RECORDS,
  ...extractionReport.RECORDS,
  ...googleDrive.RECORDS,
  ...hiddenNetworks.RECORDS,
  ...modelFiles.RECORDS,
  ...photoLibrary.RECORDS,
  ...pictureGenerators.RECORDS,
  ...safari.RECORDS,
  ...shareaza.RECORDS,
  ...shortcut.RECORDS,
  ...torrent.RECORDS,
  ...trash.RECORDS,
} as const

export const KIND_MEDIA_TYPES = [
  ...appleAttributes.MEDIA_TYPES,
  ...ares.MEDIA_TYPES,
  ...chromium.MEDIA_TYPES,
  ...dsStore.MEDIA_TYPES,
  ...emule.MEDIA_TYPES,
  ...eventLog.MEDIA_TYPES,
  ...extractionReport.MEDIA_TYPES,
  ...hiddenNetworks.MEDIA_TYPES,
  ...indexDat.MEDIA_TYPES,
  ...jumpList.MEDIA_TYPES,
  ...lockedStores.MEDIA_TYPES,
  ...logicalImage.MEDIA_TYPES,
  ...modelFiles.MEDIA_TYPES,
  ...pictureGenerators.MEDIA_TYPES,
  ...prefetch.MEDIA_TYPES,
  ...recentLists.MEDIA_TYPES,
  ...registry.MEDIA_TYPES,
  ...safari.MEDIA_TYPES,
  ...shareaza.MEDIA_TYPES,
  ...shortcut.MEDIA_TYPES,
  ...torrent.MEDIA_TYPES,
  ...trash.MEDIA_TYPES,
  ...webCache.MEDIA_TYPES,
  ...zone.MEDIA_TYPES,
  ...discord.MEDIA_TYPES,
] as const

/** List of extractors: one file and one row for each kind of container. */

import { androidBackup } from './android-backup.ts'
import { chromiumBlocks } from './chromium-blocks.ts'
import { chromiumEntry } from './chromium-entry.ts'
import type { Extractor } from './common/container.ts'
import { compound } from './compound.ts'
import { dosEps } from './dos-eps.ts'
import { firefoxEntry } from './firefox-entry.ts'
import { flash } from './flash.ts'
import { gltf } from './gltf.ts'
import { gzip } from './gzip.ts'
import { iosManifest } from './ios-manifest.ts'
import { mbox, message } from './mail.ts'
import { maskedMedia } from './masked-media.ts'
import { mobipocket } from './mobipocket.ts'
import { officeZip } from './office-zip.ts'
import { pdf } from './pdf.ts'
import { pictureCache } from './picture-cache.ts'
import { pixelThumbnails } from './pixel-thumbnails.ts'
import { diskImage, sevenZip } from './seven-zip.ts'
import { signalBackup } from './signal-backup.ts'
import { signalDatabase } from './signal-database.ts'
import { sqlcipherDatabase } from './sqlcipher-database.ts'
import { sqlitePictures } from './sqlite-pictures.ts'
import { tar } from './tar.ts'
import { thumbcache, thumbdata } from './thumbcache.ts'
import { whatsappBackup } from './whatsapp-backup.ts'
import { yenc } from './yenc.ts'
import { zip } from './zip.ts'

export const EXTRACTORS: readonly Extractor[] = [
  zip,
  officeZip,
  tar,
  gzip,
  androidBackup,
  message,
  mbox,
  pdf,
  compound,
  thumbcache,
  thumbdata,
  pictureCache,
  pixelThumbnails,
  chromiumEntry,
  chromiumBlocks,
  firefoxEntry,
  sqlitePictures,
  maskedMedia,
  iosManifest,
  signalBackup,
  signalDatabase,
  sqlcipherDatabase,
  whatsappBackup,
  flash,
  gltf,
  mobipocket,
  dosEps,
  yenc,
  sevenZip,
  diskImage,
]

export function extractorFor(mediaType: string): Extractor | null {
  return EXTRACTORS.find((opener) => opener.mediaTypes.includes(mediaType)) ?? null
}

/** The carved kinds of files, one row each: the first that recognises a beginning and can walk it is taken. */

import { BMP } from './carvers/bmp.ts'
import { EVENT_LOG, EVENT_LOG_CHUNK } from './carvers/event-log.ts'
import { GIF } from './carvers/gif.ts'
import { HEIC, MOV, MP4 } from './carvers/iso-media.ts'
import { JPEG } from './carvers/jpeg.ts'
import { MKV } from './carvers/matroska.ts'
import { PDF } from './carvers/pdf.ts'
import { PNG } from './carvers/png.ts'
import { AVI, WEBP } from './carvers/riff.ts'
import { SQLITE } from './carvers/sqlite.ts'
import { ZIP_FILE } from './carvers/zip.ts'
import type { Carver } from './common/carver.ts'

export const CARVERS: readonly Carver[] = [
  JPEG,
  PNG,
  GIF,
  WEBP,
  HEIC,
  MP4,
  MOV,
  AVI,
  MKV,
  ZIP_FILE,
  SQLITE,
  EVENT_LOG,
  EVENT_LOG_CHUNK,
  PDF,
  BMP,
]

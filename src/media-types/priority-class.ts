/**
 * Priority classes: the order of reading, most likely files first. A pure function of path, extension and size. It
 * decides the order only, never whether a file is read. Folder names are matched as bytes, ASCII letters in either
 * case.
 */
import type { ByteString } from '../base/byte-string.ts'
import { endingOf, MEDIA_ENDINGS } from './media-names.ts'

export const PRIORITY_CLASSES = [
  'camera',
  'pictures',
  'downloads',
  'messengers',
  'recycle-bin',
  'user-files',
  'other',
  'system',
] as const
export type PriorityClassName = (typeof PRIORITY_CLASSES)[number]

/** Class from the folders above a file. Computed once per directory. */
export type FolderClass =
  | 'camera'
  | 'pictures'
  | 'downloads'
  | 'messengers'
  | 'recycle-bin'
  | 'user'
  | 'none'
  | 'system'

export function priorityClassOf(path: ByteString, sizeBytes: bigint): number {
  const slash = path.lastIndexOf('/')
  return priorityClassIn(
    folderClass(slash === -1 ? '' : path.slice(0, slash)),
    path.slice(slash + 1),
    sizeBytes,
  )
}

export function priorityClassIn(folder: FolderClass, name: ByteString, sizeBytes: bigint): number {
  const extension = endingOf(name)
  const media = MEDIA_ENDINGS.has(extension) && sizeBytes >= SMALLEST_PICTURE_BYTES
  const holder = media || CONTAINERS.has(extension)
  switch (folder) {
    case 'camera':
    case 'pictures':
    case 'downloads':
    case 'messengers':
      return PRIORITY_CLASSES.indexOf(holder ? folder : 'user-files')
    case 'recycle-bin':
      return PRIORITY_CLASSES.indexOf(folder)
    case 'user':
      return PRIORITY_CLASSES.indexOf('user-files')
    case 'none':
      return PRIORITY_CLASSES.indexOf(holder ? 'user-files' : 'other')
    case 'system':
      return PRIORITY_CLASSES.indexOf(media && sizeBytes >= LARGE_PICTURE_BYTES ? 'other' : 'system')
  }
}

/** @param folder path of the directory below the root, empty for the root */
export function folderClass(folder: ByteString): FolderClass {
  const path = `/${folder.slice(0, LOOKED_AT_BYTES).toLowerCase()}/`
  if (RECYCLE_BIN.test(path)) return 'recycle-bin'
  if (CAMERA.test(path)) return 'camera'
  if (MESSENGERS.test(path)) return 'messengers'
  if (PICTURES.test(path)) return 'pictures'
  if (DOWNLOADS.test(path)) return 'downloads'
  if (USER.test(path)) return 'user'
  if (SYSTEM.test(path)) return 'system'
  return 'none'
}

// No kernel accepts a longer path in one call; deeper paths are artificial.
const LOOKED_AT_BYTES = 4096

// Icons and interface graphics are mostly below one, wallpapers and photographs above the other.
const SMALLEST_PICTURE_BYTES = 2n * 1024n
const LARGE_PICTURE_BYTES = 128n * 1024n

const CONTAINERS = new Set(
  'zip 7z rar tar gz tgz bz2 xz cab iso pdf doc docx ppt pptx pst ost mbox eml'.split(' '),
)

// Design rule for Camera File system (JEITA CP-3461): pictures lie in DCIM/nnnXXXXX.
const CAMERA = /\/(dcim|camera roll|camera|\d{3}(apple|canon|nikon|msdcf|_pana|andro|media|olymp|_fuji))\//
const PICTURES =
  /\/(pictures|my pictures|photos|photo library|[^/]*\.photoslibrary|images|bilder|eigene bilder|videos|my videos|movies|gallery|screenshots|wallpapers|onedrive|dropbox|google drive|icloud[^/]*)\//
const DOWNLOADS =
  /\/(downloads?|desktop|documents|my documents|incoming|torrents?|shared|my shared folder|public)\//
const MESSENGERS =
  /\/(whatsapp[^/]*|com\.whatsapp[^/]*|telegram[^/]*|org\.telegram\.[^/]*|org\.thoughtcrime\.securesms|signal|viber[^/]*|com\.viber\.[^/]*|kik[^/]*|kik\.android|snapchat|com\.snapchat\.[^/]*|discord[^/]*|com\.discord|wechat[^/]*|micromsg|com\.tencent\.mm|messenger|com\.facebook\.orca|instagram|com\.instagram\.[^/]*|skype[^/]*|line|jp\.naver\.line\.[^/]*|threema|ch\.threema\.app|wickr[^/]*|session|element|matrix|imessage|sms|attachments|tiktok|com\.zhiliaoapp\.musically)\//
const RECYCLE_BIN =
  /\/(\$recycle\.bin|recycler|recycled|\.trash(es|-\d+)?|trash|\.local\/share\/trash|lost\+found|found\.\d{3}|\.spotlight-v100|lost\.dir)\//
const USER =
  /^\/([^/]+\/)?(users|home|root|documents and settings|data\/media|data\/data|storage|sdcard|private\/var\/mobile|var\/mobile|media)\//
const SYSTEM =
  /^\/([^/]+\/)?(windows|winnt|program files( \(x86\))?|programdata|system volume information|perflogs|recovery|boot|efi|bin|sbin|lib(32|64|x32)?|usr|etc|var|opt|proc|sys|dev|run|snap|system|library|applications|private|vendor|apex|product)\//

/**
 * Reads `index.dat` of Internet Explorer up to version 9: visited pages and cache. Records are in blocks of 128
 * bytes; some blocks are free but still contain a record.
 *
 * @see libmsiecf, "MSIE Cache File (index.dat) format specification"
 */
import { definedOnly } from '../../../base/defined-only.ts'
import { decodeLocal } from '../../bytes/local-text.ts'
import { fileTime } from '../../bytes/times.ts'
import {
  ArtefactNotBuilt,
  type ArtefactReader,
  NotAnArtefact,
  type RecordCollector,
  timesOfRecord,
} from '../../records/artefact.ts'

const PROGRAM = 'internet-explorer'
const MAGIC = 'Client UrlCache MMF Ver '
const VERSION_READ = '5.2'
const HEADER_BYTES = 0x250
/** One bit for each block, from the first block. */
const ALLOCATION_AT = 0x250
const BLOCKS_AT = 0x4000
const BLOCK_BYTES = 128
/** Length of the fixed fields up to the use count. */
const RECORD_BYTES = 88
const MOST_TEXT_BYTES = 4096
const FOLDERS_AT = 72
const FOLDER_BYTES = 12
/** As many folders as fit before the next field of the header. */
const MOST_FOLDERS = Math.floor((HEADER_BYTES - FOLDERS_AT - 4) / FOLDER_BYTES)

export const indexDat: ArtefactReader = {
  id: 'index-dat',
  mediaTypes: ['application/x-ms-index-dat'],
  read(bytes, sink) {
    if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) throw new NotAnArtefact()
    if (bytes.toString('latin1', MAGIC.length, MAGIC.length + VERSION_READ.length) !== VERSION_READ)
      throw new ArtefactNotBuilt()
    if (bytes.length < HEADER_BYTES) {
      sink.spoiled(0)
      return []
    }
    const folders = foldersOf(bytes)
    if (bytes.readUInt32LE(FOLDERS_AT) > MOST_FOLDERS) sink.spoiled(FOLDERS_AT)
    for (let at = BLOCKS_AT; at + RECORD_BYTES <= bytes.length; ) {
      const kind = bytes.toString('latin1', at, at + 4)
      const isRecord = kind === 'URL ' || kind === 'LEAK'
      const isLive = isInUse(bytes, at)
      const stated = isRecord ? bytes.readUInt32LE(at + 4) * BLOCK_BYTES : BLOCK_BYTES
      const length = isLive ? stated : freeLength(bytes, at, stated)
      const fits = length >= RECORD_BYTES && at + length <= bytes.length
      if (isRecord && fits) addRecord(bytes.subarray(at, at + length), at, isLive, folders, sink)
      else if (isRecord && isLive) sink.spoiled(at)
      at += isRecord && fits ? length : BLOCK_BYTES
    }
    return []
  },
}

function isInUse(bytes: Buffer, at: number): boolean {
  const block = (at - BLOCKS_AT) / BLOCK_BYTES
  const byte = ALLOCATION_AT + (block >> 3)
  return byte < BLOCKS_AT && (bytes[byte]! & (1 << (block & 7))) !== 0
}

/** A free record may be partly overwritten: it ends where blocks are in use again. */
function freeLength(bytes: Buffer, from: number, stated: number): number {
  const most = Math.min(stated, bytes.length - from)
  for (let length = BLOCK_BYTES; length < most; length += BLOCK_BYTES)
    if (isInUse(bytes, from + length)) return length
  return stated
}

/** Names of the cache folders, of eight characters. */
function foldersOf(bytes: Buffer): readonly string[] {
  const count = Math.min(bytes.readUInt32LE(FOLDERS_AT), MOST_FOLDERS)
  return Array.from({ length: count }, (_, i) => {
    const at = FOLDERS_AT + 4 + i * FOLDER_BYTES + 4
    return bytes.toString('latin1', at, at + 8).replace(/\0.*$/s, '')
  })
}

const VISITED = /^(?:Visited|:\d{16}): ([^@]{0,255})@(.+)$/s
/** Cookies, and host entries in a daily or weekly list. */
const OTHERS = /^Cookie:|^:\d{16}: [^@]{0,255}@:Host: /i

function addRecord(
  record: Buffer,
  at: number,
  isLive: boolean,
  folders: readonly string[],
  sink: RecordCollector,
): void {
  const url = textAt(record, record.readUInt32LE(52))
  if (url === null) {
    // An entry that could not be removed (`LEAK`) may have lost its URL.
    if (isLive && record.toString('latin1', 0, 4) === 'URL ') sink.spoiled(at)
    return
  }
  if (OTHERS.test(url)) return
  const accessed = fileTime(record.readBigUInt64LE(16))
  const common = {
    // In daily and weekly lists the other time is local; this one is UTC everywhere.
    when: accessed,
    status: isLive ? ('live' as const) : ('deleted' as const),
  }
  const [, account, page] = VISITED.exec(url) ?? []
  if (page !== undefined) {
    const times = record.readUInt32LE(84)
    const params = definedOnly({ program: PROGRAM, url: page, times: times === 0 ? undefined : times })
    sink.add({
      what: { code: 'page-visited', params },
      person: account === '-' ? null : account || null,
      ...common,
    })
    return
  }
  const name = textAt(record, record.readUInt32LE(60))
  if (name === null) return
  const folder = folders[record[56]!]
  const path = folder ? `${folder}/${name}` : name
  const sizeBytes = record.readUInt32LE(32)
  sink.add({
    what: { code: 'cached', params: { program: PROGRAM, path, url, sizeBytes } },
    ...common,
    // Of a cached file the other time is when its server says that it was last changed.
    ...timesOfRecord(['accessed', accessed], ['modified', fileTime(record.readBigUInt64LE(8))]),
    sizeBytes,
  })
}

/** The text ends with a zero; null: no text. */
function textAt(record: Buffer, offset: number): string | null {
  if (offset < RECORD_BYTES || offset >= record.length) return null
  const end = record.indexOf(0, offset)
  const text = decodeLocal(
    record.subarray(offset, Math.min(end < 0 ? record.length : end, offset + MOST_TEXT_BYTES)),
  )
  return text === '' ? null : text
}

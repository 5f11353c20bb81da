/**
 * Reads catalogues of Ares Galaxy: downloaded or found files (`ShareH.dat`) and files in shared folders
 * (`ShareL.dat`), each with its SHA-1. The records are enciphered with fixed keys.
 *
 * @see Ares Galaxy 2.4.6, helper_library_db.pas, helper_crypt.pas; IPED, AresParser
 */
import { definedOnly } from '../../../base/defined-only.ts'
import { attribute } from '../../../contracts/attribute.ts'
import { decodeLocal } from '../../bytes/local-text.ts'
import {
  type ArtefactReader,
  NotAnArtefact,
  type RecordCollector,
  unixSeconds,
} from '../../records/artefact.ts'

const MAGIC_H = '__ARESDB1.02H_'
const MAGIC_L = '__ARESDB1.04L_'
const MAGIC_BYTES = 14
const HEAD_KEY = 13_871
const DETAILS_KEY = 13_872
const MOST_DETAILS = 1 << 16

export const ares: ArtefactReader = {
  id: 'ares',
  mediaTypes: ['application/x-ares-catalogue'],
  read(bytes, sink) {
    const magic = bytes.toString('latin1', 0, MAGIC_BYTES)
    // TorrentH.dat has the same signature. Its keys are right when the last record then ends at the end of the file.
    if (magic === MAGIC_H && chainEnds(bytes, TORRENTS)) return readTorrents(bytes, sink)
    if (magic === MAGIC_H) return read(bytes, sink, { headBytes: 23, lengthAt: 21, isLocal: false })
    if (magic === MAGIC_L) return read(bytes, sink, { headBytes: 47, lengthAt: 45, isLocal: true })
    throw new NotAnArtefact()
  },
}

interface Layout {
  readonly headBytes: number
  /** Offset of the length of the details that follow the head. */
  readonly lengthAt: number
  readonly isLocal: boolean
}

function read(bytes: Buffer, sink: RecordCollector, { headBytes, lengthAt, isLocal }: Layout) {
  let records = 0
  for (let at = MAGIC_BYTES; at < bytes.length; ) {
    if (at + headBytes > bytes.length) {
      sink.spoiled(at)
      break
    }
    const head = deciphered(bytes.subarray(at, at + headBytes), HEAD_KEY)
    const length = head.readUInt16LE(lengthAt)
    const end = at + headBytes + length
    // The next record starts where this one ends. Without a valid length, all following records are lost.
    if (length > MOST_DETAILS || end > bytes.length) {
      sink.spoiled(at)
      break
    }
    const details = detailsOf(deciphered(bytes.subarray(at + headBytes, end), DETAILS_KEY))
    const isShared = isLocal || head[20] === 1
    const size = isLocal ? Number(head.readBigUInt64LE(25)) : null
    const sizeBytes = size !== null && Number.isSafeInteger(size) ? size : undefined
    records++
    sink.add({
      what: {
        code: 'ares-file',
        params: definedOnly({
          catalogue: isLocal ? 'local' : 'history',
          path: details.texts.get(PATH),
          title: details.texts.get(TITLE),
          sizeBytes,
          shared: isLocal ? undefined : isShared,
        }),
      },
      direction: isLocal || isShared ? 'shared' : null,
      when: unixSeconds(details.date),
      digests: { sha1: head.toString('hex', 0, 20) },
      sizeBytes: sizeBytes ?? null,
    })
    at = end
  }
  return [attribute('catalogue', { program: 'ares', stated: records })]
}

const TORRENTS = { headBytes: 39, lengthAt: 37, key: 12_971 } as const
const TORRENT_DETAILS_KEY = 13_175

function chainEnds(
  bytes: Buffer,
  {
    headBytes,
    lengthAt,
    key,
  }: { readonly headBytes: number; readonly lengthAt: number; readonly key: number },
): boolean {
  let at = MAGIC_BYTES
  while (at + headBytes <= bytes.length)
    at += headBytes + deciphered(bytes.subarray(at, at + headBytes), key).readUInt16LE(lengthAt)
  return at === bytes.length && bytes.length > MAGIC_BYTES
}

function readTorrents(bytes: Buffer, sink: RecordCollector) {
  const { headBytes, lengthAt, key } = TORRENTS
  let records = 0
  for (let at = MAGIC_BYTES; at < bytes.length; ) {
    const head = deciphered(bytes.subarray(at, at + headBytes), key)
    const end = at + headBytes + head.readUInt16LE(lengthAt)
    const { texts } = detailsOf(deciphered(bytes.subarray(at + headBytes, end), TORRENT_DETAILS_KEY))
    records++
    sink.add({
      what: {
        code: 'torrent-download',
        params: definedOnly({ program: 'ares', name: texts.get(1), infoHash: head.toString('hex', 17, 37) }),
      },
      when: unixSeconds(head.readUInt32LE(0)),
    })
    at = end
  }
  return [attribute('catalogue', { program: 'ares', stated: records })]
}

const PATH = 1
const TITLE = 2
const DATE = 11

interface Details {
  readonly texts: ReadonlyMap<number, string>
  readonly date: number | null
}

function detailsOf(bytes: Buffer): Details {
  const texts = new Map<number, string>()
  let date: number | null = null
  for (let at = 0; at + 3 <= bytes.length; ) {
    const [type, length] = [bytes[at]!, bytes.readUInt16LE(at + 1)]
    const value = bytes.subarray(at + 3, at + 3 + length)
    if (value.length < length) break
    if (type === DATE && length >= 4) date = value.readUInt32LE(0)
    else if (type <= 10) texts.set(type, decodeLocal(value))
    at += 3 + length
  }
  return { texts, date }
}

function deciphered(bytes: Buffer, key: number): Buffer {
  const plain = Buffer.alloc(bytes.length)
  let state = key
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!
    plain[i] = byte ^ (state >> 8)
    state = (Math.imul(state + byte, 23_219) + 36_126) & 0xffff
  }
  return plain
}

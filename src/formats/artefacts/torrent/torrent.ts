/**
 * Reads BitTorrent files: descriptions of a download (.torrent), and download states of programs
 * (torrent-downloads.ts).
 *
 * @see BEP 3, BEP 52 (version 2); Transmission libtransmission/resume.cc; libtorrent src/write_resume_data.cpp
 */
import { createHash } from 'node:crypto'
import { definedOnly } from '../../../base/defined-only.ts'
import { attribute } from '../../../contracts/attribute.ts'
import type { RecordDigests, RecordPiece } from '../../../contracts/record.ts'
import { decodeLocal } from '../../bytes/local-text.ts'
import {
  type ArtefactReader,
  NotAnArtefact,
  type RecordCollector,
  unixSeconds,
} from '../../records/artefact.ts'
import {
  type Bencoded,
  type BencodedDictionary,
  decodeBencoded,
  isDictionary,
  NotBencoded,
} from '../../stores/bencode.ts'
import { type Entries, number, text } from '../../stores/bencode-values.ts'
import { readDownloads } from './torrent-downloads.ts'

export const torrent: ArtefactReader = {
  id: 'torrent',
  mediaTypes: ['application/x-bittorrent', 'application/x-bittorrent-resume'],
  read(bytes, sink) {
    const top = decoded(bytes)
    if (!isDictionary(top)) throw new NotAnArtefact()
    const info = top.entries.get('info')
    if (isDictionary(info)) return readTorrent(top.entries, info, sink)
    readDownloads(top.entries, sink)
    return []
  },
}

function decoded(bytes: Buffer): Bencoded {
  try {
    return decodeBencoded(bytes)
  } catch (error) {
    if (error instanceof NotBencoded) throw new NotAnArtefact(error.message)
    throw error
  }
}

interface InTorrent {
  readonly path: string
  readonly sizeBytes: number
  /** Offset of the first byte in the joined bytes of all files. */
  readonly offset: number
  readonly digests: RecordDigests
  /** Version 2: root of the hash tree; undefined in other versions. */
  readonly root?: string | undefined
}

function readTorrent(top: Entries, info: BencodedDictionary, sink: RecordCollector) {
  const name = text(info.entries, 'name.utf-8') ?? text(info.entries, 'name') ?? ''
  const files = filesOf(info.entries, name)
  const infoHash = createHash('sha1').update(info.bytes).digest('hex')
  const version2 = number(info.entries, 'meta version') === 2
  const when = unixSeconds(number(top, 'creation date'))
  sink.add({
    what: {
      code: 'torrent',
      params: definedOnly({
        name,
        infoHash,
        infoHash2: version2 ? createHash('sha256').update(info.bytes).digest('hex') : undefined,
        files: files.length,
        sizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
        program: text(top, 'created by'),
        comment: text(top, 'comment'),
      }),
    },
    when,
  })
  const pieces = {
    length: number(info.entries, 'piece length') ?? 0,
    digests: info.entries.get('pieces'),
    totalBytes: files.reduce((most, file) => Math.max(most, file.offset + file.sizeBytes), 0),
  }
  for (const file of files)
    sink.add({
      what: {
        code: 'torrent-file',
        params: { name: file.path, torrent: name, infoHash, sizeBytes: file.sizeBytes },
      },
      when,
      digests: file.digests,
      pieces: piecesOf(file, pieces),
      piecesRoot: file.root,
      sizeBytes: file.sizeBytes,
    })
  // An unreadable file tree gives a torrent without files.
  const trees = version2 && files.length === 0 ? 1 : 0
  return trees > 0 ? [attribute('file-trees-not-read', { torrents: trees })] : []
}

function filesOf(info: Entries, name: string): readonly InTorrent[] {
  const single = number(info, 'length')
  if (single !== undefined) return [{ path: name, sizeBytes: single, offset: 0, digests: digestsOf(info) }]
  const list = info.get('files')
  const tree = info.get('file tree')
  if (!Array.isArray(list)) return isDictionary(tree) ? treeFiles(tree.entries, name) : []
  const files: InTorrent[] = []
  let offset = 0
  for (const file of list as Bencoded[]) {
    if (!isDictionary(file)) continue
    const sizeBytes = number(file.entries, 'length') ?? 0
    const parts = file.entries.get('path.utf-8') ?? file.entries.get('path')
    const path = Array.isArray(parts)
      ? parts.map((part) => (Buffer.isBuffer(part) ? decodeLocal(part) : '')).join('/')
      : ''
    // Padding between files (BEP 47) is not the content of a file.
    if (!text(file.entries, 'attr')?.includes('p'))
      files.push({ path: `${name}/${path}`, sizeBytes, offset, digests: digestsOf(file.entries) })
    offset += sizeBytes
  }
  return files
}

/**
 * Version 2: nested folders; the entry without a name is the file itself. A torrent of one file has the name of that
 * file.
 */
function treeFiles(top: Entries, name: string): readonly InTorrent[] {
  const files: InTorrent[] = []
  const below = (entries: Entries, path: readonly string[]) => {
    for (const [key, value] of entries) {
      if (!isDictionary(value)) continue
      if (key !== '') {
        below(value.entries, [...path, decodeLocal(Buffer.from(key, 'latin1'))])
        continue
      }
      const root = value.entries.get('pieces root')
      files.push({
        path: path.join('/'),
        sizeBytes: number(value.entries, 'length') ?? 0,
        offset: 0,
        digests: {},
        root: Buffer.isBuffer(root) && root.length === ROOT_BYTES ? root.toString('hex') : undefined,
      })
    }
  }
  below(top, [])
  const isSingle = files.length === 1 && files[0]!.path === name
  return isSingle ? files : files.map((file) => ({ ...file, path: `${name}/${file.path}` }))
}

const ROOT_BYTES = 32

const PIECE_DIGEST = 20
const MOST_PIECES = 4

/** The first pieces completely inside the file. A file of this size must have these digests to be the same file. */
function piecesOf(
  file: InTorrent,
  { length, digests, totalBytes }: { length: number; digests: Bencoded | undefined; totalBytes: number },
): readonly RecordPiece[] {
  if (!Buffer.isBuffer(digests) || !(length > 0)) return []
  const pieces: RecordPiece[] = []
  const total = Math.floor(digests.length / PIECE_DIGEST)
  for (let i = Math.ceil(file.offset / length); i < total && pieces.length < MOST_PIECES; i++) {
    const from = i * length - file.offset
    const size = Math.min(length, file.sizeBytes - from)
    // A piece that ends with the file, but not with the torrent, continues in the next file.
    if (size <= 0 || (size < length && file.offset + file.sizeBytes !== totalBytes)) break
    const sha1 = digests.toString('hex', i * PIECE_DIGEST, (i + 1) * PIECE_DIGEST)
    pieces.push({ offset: from, length: size, sha1 })
  }
  return pieces
}

/** Some programs add digests of the whole file, as text or as bytes. */
function digestsOf(file: Entries): RecordDigests {
  const hex = (key: string, bytes: number) => {
    const value = file.get(key)
    if (!Buffer.isBuffer(value)) return undefined
    if (value.length === bytes) return value.toString('hex')
    const written = value.toString('latin1').toLowerCase()
    return written.length === bytes * 2 && /^[0-9a-f]+$/.test(written) ? written : undefined
  }
  return definedOnly({ md5: hex('md5sum', 16), sha1: hex('sha1', 20), ed2k: hex('ed2k', 16) })
}

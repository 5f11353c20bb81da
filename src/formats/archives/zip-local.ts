/**
 * Lists members of a ZIP archive by their local headers, when the directory is missing or damaged. When a header
 * states no size, a descriptor follows the bytes. @see APPNOTE.TXT 6.3.10, 4.3.7 and 4.3.9
 */
import type { FileTime } from '../../contracts/entry.ts'
import { notDone } from '../../contracts/stage.ts'
import { type ByteSource, piecesOf } from '../bytes/byte-source.ts'
import { CodedError } from '../bytes/coded-error.ts'
import { type Budget, charged, type Member, type MemberContent } from './common/container.ts'
import { checkedSum, inflated } from './common/inflate.ts'

const HEADER = Buffer.from('PK\x03\x04', 'latin1')
const DESCRIPTOR = Buffer.from('PK\x07\x08', 'latin1')
const HEADER_BYTES = 30
const DESCRIPTOR_BYTES = 16
const LONGEST_NAME = 4096
const [STORED, DEFLATED] = [0, 8]
/** Value of a size field when another field contains the size (ZIP64). */
const ELSEWHERE = 0xffffffff

interface Local {
  readonly flags: number
  readonly method: number
  readonly modified: FileTime | null
  readonly name: Buffer
  readonly dataAt: number
  /**
   * Sizes of the packed bytes and of the member, and its CRC-32; null: not stated, or stated in a field that is not
   * read.
   */
  readonly stated: { readonly packed: number; readonly bytes: number; readonly crc: number } | null
}

/** @param seen offsets of headers whose members the directory already listed */
export function* localMembers(
  source: ByteSource,
  budget: Budget,
  kind: Member['kind'],
  seen: ReadonlySet<number>,
): Generator<Member> {
  for (let at = find(source, HEADER, 0); at !== -1; ) {
    const local = localAt(source, at)
    if (local === null) {
      at = find(source, HEADER, at + 4)
      continue
    }
    if (!seen.has(at)) {
      budget.entry()
      yield memberOf(source, local, budget, kind)
    }
    const end = local.dataAt + (local.stated?.packed ?? 0)
    // When no other header follows at the stated size, the size itself may be damaged.
    const next = source.read(end, 2).toString('latin1') === 'PK' ? end : local.dataAt
    at = find(source, HEADER, next)
  }
}

function localAt(source: ByteSource, at: number): Local | null {
  const header = source.read(at, HEADER_BYTES)
  if (header.length < HEADER_BYTES) return null
  const [flags, method] = [header.readUInt16LE(6), header.readUInt16LE(8)]
  const [nameBytes, extraBytes] = [header.readUInt16LE(26), header.readUInt16LE(28)]
  if (nameBytes === 0 || nameBytes > LONGEST_NAME || method > 99) return null
  const name = source.read(at + HEADER_BYTES, nameBytes)
  const dataAt = at + HEADER_BYTES + nameBytes + extraBytes
  if (name.length < nameBytes || dataAt > source.sizeBytes) return null
  const [crc, packed, bytes] = [14, 18, 22].map((offset) => header.readUInt32LE(offset)) as [
    number,
    number,
    number,
  ]
  const modified = dosTime(header.readUInt16LE(12), header.readUInt16LE(10))
  const isBehind = (flags & 8) !== 0 && packed === 0
  const stated = isBehind ? descriptorBehind(source, dataAt) : { packed, bytes, crc }
  return { flags, method, modified, name, dataAt, stated: packed === ELSEWHERE ? null : stated }
}

/** The first descriptor whose packed size equals its distance from the data. */
function descriptorBehind(source: ByteSource, dataAt: number): Local['stated'] {
  for (let at = find(source, DESCRIPTOR, dataAt); at !== -1; at = find(source, DESCRIPTOR, at + 4)) {
    const bytes = source.read(at, DESCRIPTOR_BYTES)
    if (bytes.length < DESCRIPTOR_BYTES) return null
    const packed = bytes.readUInt32LE(8)
    if (packed === at - dataAt) return { packed, bytes: bytes.readUInt32LE(12), crc: bytes.readUInt32LE(4) }
  }
  return null
}

function memberOf(source: ByteSource, local: Local, budget: Budget, kind: Member['kind']): Member {
  const isFolder = local.name.at(-1) === 0x2f
  return {
    kind,
    name: local.name,
    entryKind: isFolder ? 'directory' : 'file',
    sizeBytes: BigInt(local.stated?.bytes ?? 0),
    modified: local.modified,
    linkTarget: null,
    read: isFolder ? null : async () => contentOf(source, local, budget),
  }
}

function contentOf(source: ByteSource, local: Local, budget: Budget): MemberContent {
  const { flags, method, dataAt, stated } = local
  if (flags & 1) return notDone('encrypted-member')
  if (method !== STORED && method !== DEFLATED) return notDone('unsupported-format')
  // Deflated data marks its own end; stored data does not.
  if (method === STORED && stated === null) return notDone('decode-failed', ENDS_INSIDE)
  const end = stated === null ? source.sizeBytes : Math.min(dataAt + stated.packed, source.sizeBytes)
  const packed = () => piecesOf(source, dataAt, end)
  const pieces = method === STORED ? stored(packed()) : inflated('raw', packed(), packed)
  return charged(stated === null ? unchecked(pieces) : checkedSum(pieces, stated), budget)
}

const ENDS_INSIDE = { code: 'archive-ends-inside', params: {} } as const

async function* stored(pieces: Iterable<Buffer>): AsyncGenerator<Buffer> {
  yield* pieces
}

/** No checksum was found, so the member is marked as damaged. */
async function* unchecked(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* pieces
  throw new CodedError(ENDS_INSIDE)
}

const WINDOW = 1 << 18

/** @returns offset of the next signature at or behind `start`; -1: none */
function find(source: ByteSource, mark: Buffer, start: number): number {
  for (let at = start; at < source.sizeBytes; at += WINDOW - mark.length) {
    const found = source.read(at, Math.min(WINDOW, source.sizeBytes - at)).indexOf(mark)
    if (found !== -1) return at + found
  }
  return -1
}

/** MS-DOS time: two-second resolution, no zone (APPNOTE 4.4.6). */
export function dosTime(date: number, time: number): FileTime | null {
  if (date === 0) return null
  const ms = Date.UTC(
    (date >> 9) + 1980,
    ((date >> 5) & 15) - 1,
    date & 31,
    time >> 11,
    (time >> 5) & 63,
    (time & 31) * 2,
  )
  return { ns: BigInt(ms) * 1_000_000n, source: 'archive', resolution: '2s', zone: 'local-unknown' }
}

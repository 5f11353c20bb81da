/**
 * Extractor for an entry of the simple cache of the Chromium family (Linux, macOS, Android). One file for each URL:
 * `<16 hex digits>_0` contains the URL, the body and the headers. `_1` contains data derived from the body; `_s`
 * contains the parts of a body that arrived in parts (videos).
 *
 * @see Chromium net/disk_cache/simple/simple_entry_format.h; net/http/http_response_info.cc (headers)
 */
import { crc32 } from 'node:zlib'
import { type ByteSource, piecesOf } from '../bytes/byte-source.ts'
import { CodedError } from '../bytes/coded-error.ts'
import { addressIn, responseIn } from '../web-cache/chromium-response.ts'
import { bodyMembers, type CachedBody } from './cached-body.ts'
import { type Budget, ContainerDamaged, type Extractor, type Member } from './common/container.ts'

export const chromiumEntry: Extractor = {
  id: 'chromium-entry',
  mediaTypes: ['application/x-chromium-cache-entry'],
  async *members(source, budget) {
    const key = keyOf(source)
    const part = source.read(key.end, RANGE_BYTES)
    if (part.length >= 8 && part.readBigUInt64LE(0) === RANGE_MAGIC) yield* parts(source, key, budget)
    else yield* whole(source, key, budget)
  },
}

const HEADER_BYTES = 24
const END_BYTES = 24
const END_MAGIC = 0xf4fa6f45970d41d8n
const RANGE_BYTES = 32
const RANGE_MAGIC = 0xeb97bf016553676bn
const MOST_KEY = 1 << 16
/** Length of the SHA-256 of the key; present only when the flag HAS_DIGEST is set. */
const DIGEST_BYTES = 32
const [HAS_SUM, HAS_DIGEST] = [1, 2]
const MOST_HEADERS = 1 << 20

interface Key {
  readonly url: string
  /** Offset of the body. */
  readonly end: number
}

/** @throws ContainerDamaged */
function keyOf(source: ByteSource): Key {
  const header = source.read(0, HEADER_BYTES)
  const length = header.length < HEADER_BYTES ? 0 : header.readUInt32LE(12)
  const end = HEADER_BYTES + length
  if (length === 0 || length > MOST_KEY || end > source.sizeBytes)
    throw new ContainerDamaged({ code: 'ends-inside-header', params: {} })
  return { url: addressIn(source.read(HEADER_BYTES, length).toString('utf8')), end }
}

interface End {
  readonly flags: number
  readonly sum: number
  readonly bytes: number
}

function endAt(source: ByteSource, at: number): End | null {
  const bytes = at < 0 ? null : source.read(at, END_BYTES)
  if (bytes === null || bytes.length < END_BYTES || bytes.readBigUInt64LE(0) !== END_MAGIC) return null
  return { flags: bytes.readUInt32LE(8), sum: bytes.readUInt32LE(12), bytes: bytes.readUInt32LE(16) }
}

async function* whole(source: ByteSource, { url, end: from }: Key, budget: Budget): AsyncGenerator<Member> {
  const last = source.sizeBytes - END_BYTES
  const end = endAt(source, last)
  if (end === null) {
    // No end record: the browser was stopped during the write, or the file is truncated. The remaining bytes are the
    // body.
    const cut = { url, encoding: null, modified: null, sizeBytes: source.sizeBytes - from }
    yield* bodyMembers({ ...cut, pieces: () => brokenOff(source, from) }, budget)
    throw new ContainerDamaged({ code: 'archive-ends-inside', params: {} })
  }
  const headersAt = last - (end.flags & HAS_DIGEST ? DIGEST_BYTES : 0) - end.bytes
  const bodyEnd = endAt(source, headersAt - END_BYTES)
  if (bodyEnd === null || headersAt - END_BYTES < from) {
    yield* bodyMembers(bodyOf({ url, encoding: null, modified: null }, source, from, last, end), budget)
    return
  }
  const said = responseIn(source.read(headersAt, Math.min(end.bytes, MOST_HEADERS)))
  yield* bodyMembers(bodyOf({ url, ...said }, source, from, headersAt - END_BYTES, bodyEnd), budget)
}

function bodyOf(
  of: Pick<CachedBody, 'url' | 'encoding' | 'modified'>,
  source: ByteSource,
  from: number,
  to: number,
  { flags, sum }: End,
): CachedBody {
  const pieces = () => checked(source, from, to, flags & HAS_SUM ? sum : null)
  return { ...of, sizeBytes: Math.max(0, to - from), pieces }
}

async function* checked(source: ByteSource, from: number, to: number, stated: number | null) {
  let sum = 0
  for (const piece of piecesOf(source, from, to)) {
    if (stated !== null) sum = crc32(piece, sum)
    yield piece
  }
  if (stated !== null && sum !== stated) throw new CodedError({ code: 'checksum-differs', params: {} })
}

async function* brokenOff(source: ByteSource, from: number) {
  yield* piecesOf(source, from)
  throw new CodedError({ code: 'archive-ends-inside', params: {} })
}

interface Part {
  readonly offset: number
  readonly from: number
  readonly bytes: number
}

/** Parts in the order of the body. Adjacent parts form one member; the name of a later run states its byte range. */
async function* parts(source: ByteSource, { url, end }: Key, budget: Budget): AsyncGenerator<Member> {
  const found: Part[] = []
  let at = end
  let isWhole = true
  while (at < source.sizeBytes) {
    const head = source.read(at, RANGE_BYTES)
    isWhole = head.length === RANGE_BYTES && head.readBigUInt64LE(0) === RANGE_MAGIC
    if (!isWhole) break
    const [offset, bytes] = [head.readBigInt64LE(8), head.readBigInt64LE(16)]
    const from = at + RANGE_BYTES
    isWhole = offset >= 0n && offset < 1n << 50n && bytes >= 0n && bytes <= BigInt(source.sizeBytes - from)
    if (!isWhole) break
    budget.entry()
    if (bytes > 0n) found.push({ offset: Number(offset), from, bytes: Number(bytes) })
    at = from + Number(bytes)
  }
  for (const run of runsOf(found)) {
    const first = run[0]!.offset
    const sizeBytes = run.reduce((sum, { bytes }) => sum + bytes, 0)
    const name = first === 0 ? url : `${url} bytes=${first}-${first + sizeBytes - 1}`
    const pieces = async function* () {
      for (const { from, bytes } of run) yield* piecesOf(source, from, from + bytes)
    }
    yield* bodyMembers({ url: name, encoding: null, modified: null, sizeBytes, pieces }, budget)
  }
  if (!isWhole) throw new ContainerDamaged({ code: 'archive-ends-inside', params: {} })
}

function runsOf(found: readonly Part[]): readonly (readonly Part[])[] {
  const runs: Part[][] = []
  let next = -1
  for (const part of [...found].sort((a, b) => a.offset - b.offset)) {
    if (part.offset === next) runs.at(-1)!.push(part)
    else runs.push([part])
    next = part.offset + part.bytes
  }
  return runs
}

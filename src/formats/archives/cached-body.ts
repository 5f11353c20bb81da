/**
 * Members for a response body in a browser cache. The body as it was sent is one member, named after its URL. A
 * compressed body gives a second member, unpacked, with the plain URL as its name. The extractors of GZIP and
 * Zstandard unpack bodies in those two formats.
 */
import { constants, createBrotliDecompress, createInflate, createInflateRaw } from 'node:zlib'
import type { FileTime } from '../../contracts/entry.ts'
import { type Budget, charged, type Member, type MemberContent } from './common/container.ts'
import { through } from './common/inflate.ts'

export interface CachedBody {
  readonly url: string
  /** Value of the header `content-encoding`; null: the header is missing. */
  readonly encoding: string | null
  readonly modified: FileTime | null
  readonly sizeBytes: number
  readonly pieces: () => AsyncIterable<Buffer>
}

/** File extensions for compressed bodies. */
const PACKED: Readonly<Record<string, string>> = {
  gzip: '.gz',
  'x-gzip': '.gz',
  zstd: '.zst',
  br: '.br',
  deflate: '.deflate',
}

export function* bodyMembers(body: CachedBody, budget: Budget): Generator<Member> {
  if (body.sizeBytes === 0) return
  const encoding = body.encoding?.trim().toLowerCase() ?? ''
  const sent = memberOf(body, PACKED[encoding] ?? '', async () => charged(body.pieces(), budget))
  budget.entry()
  yield sent
  yield* unpackedMembers(body, budget)
}

/** GZIP and Zstandard have their own extractors. */
export function isUnpackedHere(encoding: string | null): encoding is 'br' | 'deflate' {
  const said = encoding?.trim().toLowerCase()
  return said === 'br' || said === 'deflate'
}

/** Only the unpacked body. Used when the sent body is a file of its own and so an entry of the exhibit already. */
export function* unpackedMembers(body: CachedBody, budget: Budget): Generator<Member> {
  const encoding = body.encoding?.trim().toLowerCase()
  if (encoding === undefined || !isUnpackedHere(encoding)) return
  budget.entry()
  yield memberOf(body, '', async () => charged(unpacked(encoding, body.pieces()), budget))
}

function memberOf({ url, modified, sizeBytes }: CachedBody, end: string, read: () => Promise<MemberContent>) {
  const name = Buffer.from(`${url}${end}`)
  return {
    kind: 'member',
    name,
    entryKind: 'file',
    sizeBytes: BigInt(sizeBytes),
    modified,
    linkTarget: null,
    read,
  } as const
}

/** Yields the bytes that can be unpacked before the damage, then throws the error. */
async function* unpacked(encoding: 'br' | 'deflate', pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  if (encoding === 'br') {
    yield* through(createBrotliDecompress(), pieces)
    return
  }
  const iterator = pieces[Symbol.asyncIterator]()
  const first = await iterator.next()
  if (first.done) return
  const all = async function* () {
    yield first.value
    yield* { [Symbol.asyncIterator]: () => iterator }
  }
  // Some servers omit the two-byte zlib header that RFC 9110 (8.4.1.2) requires.
  const hasHeader = (first.value[0]! & 0x0f) === 8 && first.value.readUInt16BE(0) % 31 === 0
  const make = hasHeader ? createInflate : createInflateRaw
  yield* through(make({ chunkSize: PIECE, finishFlush: constants.Z_FINISH }), all())
}

const PIECE = 1 << 18

/**
 * A body as a cache of a browser keeps it: as it was sent, named after its address. What was sent compressed is a member more,
 * unpacked, under the plain address; of GZIP and Zstandard the openers of those formats unpack it.
 */
import { constants, createBrotliDecompress, createInflate, createInflateRaw } from 'node:zlib'
import type { FileTime } from '../../contracts/entry.ts'
import { type Budget, charged, type Member, type MemberContent } from './common/container.ts'
import { through } from './common/inflate.ts'

export interface CachedBody {
  readonly url: string
  /** As the header `content-encoding` has it; null: none. */
  readonly encoding: string | null
  readonly modified: FileTime | null
  readonly sizeBytes: number
  readonly pieces: () => AsyncIterable<Buffer>
}

/** Ends of names that such contents have where they are files. */
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

/** Others have openers of their own. */
export function isUnpackedHere(encoding: string | null): encoding is 'br' | 'deflate' {
  const said = encoding?.trim().toLowerCase()
  return said === 'br' || said === 'deflate'
}

/** What lies as it was sent in a file of its own is an entry of the exhibit: only what it was packed from is a member. */
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

/** What can be had before the damage, then the error. */
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
  // Some servers send it without the two bytes that RFC 9110 (8.4.1.2) asks for.
  const hasHeader = (first.value[0]! & 0x0f) === 8 && first.value.readUInt16BE(0) % 31 === 0
  const make = hasHeader ? createInflate : createInflateRaw
  yield* through(make({ chunkSize: PIECE, finishFlush: constants.Z_FINISH }), all())
}

const PIECE = 1 << 18

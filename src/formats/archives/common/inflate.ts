/** Deflated streams that may be damaged: what can be unpacked before the damage comes out, then the error. */
import { Readable, type Transform } from 'node:stream'
import { constants, crc32, createGunzip, createInflateRaw } from 'node:zlib'
import { CodedError } from '../../bytes/coded-error.ts'
import { type Budget, isDamaged, type MemberContent } from './container.ts'

export type Pieces = Iterable<Buffer> | AsyncIterable<Buffer>

/** zlib hands out nothing of a piece of output in which an error falls: the second time pieces are small. */
const [USUAL, SMALL] = [1 << 18, 1 << 9]

/**
 * @param again  the deflated bytes without a header; null: they come once only, and up to 256 KiB before the damage are lost
 * @throws what zlib says, after all that can be had
 */
export async function* inflated(
  form: 'gzip' | 'raw',
  pieces: Pieces,
  again: (() => Pieces) | null,
): AsyncGenerator<Buffer> {
  const make = form === 'gzip' ? createGunzip : createInflateRaw
  let bytes = 0
  let cause: unknown
  try {
    for await (const chunk of through(make({ chunkSize: USUAL }), pieces)) {
      bytes += chunk.length
      yield chunk
    }
    return
  } catch (error) {
    cause = error
  }
  if (again) yield* salvaged(again(), bytes)
  throw cause
}

/** What comes out behind the first `skip` bytes, as far as it goes. */
async function* salvaged(pieces: Pieces, skip: number): AsyncGenerator<Buffer> {
  let passed = 0
  const stream = through(createInflateRaw({ chunkSize: SMALL, finishFlush: constants.Z_SYNC_FLUSH }), pieces)
  for (;;) {
    // The error is known already, from the first time.
    const next = await stream.next().then(
      (one) => one,
      () => null,
    )
    if (next === null || next.done) return
    const from = Math.max(0, skip - passed)
    passed += next.value.length
    if (from < next.value.length) yield next.value.subarray(from)
  }
}

/** What comes out of a stream, then its error. */
export async function* through(stream: Transform, pieces: Pieces): AsyncGenerator<Buffer> {
  Readable.from(pieces)
    .on('error', (error) => stream.destroy(error))
    .pipe(stream)
  yield* stream as AsyncIterable<Buffer>
}

/** The same pieces. @throws Said at the end, when they are not those that the container says they are */
export async function* checkedSum(
  pieces: AsyncIterable<Buffer>,
  stated: { readonly crc: number; readonly bytes: number | null },
): AsyncGenerator<Buffer> {
  let [sum, bytes] = [0, 0]
  for await (const piece of pieces) {
    sum = crc32(piece, sum)
    bytes += piece.length
    yield piece
  }
  if (stated.bytes !== null && bytes !== stated.bytes)
    throw new CodedError({ code: 'size-differs', params: { bytes, of: stated.bytes } })
  if (sum !== stated.crc) throw new CodedError({ code: 'checksum-differs', params: {} })
}

/** As {@link checkedSum} for what another program unpacked whole. @throws LimitReached */
export function checkedWhole(
  content: MemberContent,
  stated: { readonly crc: number; readonly bytes: number },
  budget: Budget,
): MemberContent {
  const bytes = isDamaged(content) ? content.bytes : content
  if (!Buffer.isBuffer(bytes)) return content
  budget.charge(bytes.length)
  if (isDamaged(content) || (bytes.length === stated.bytes && crc32(bytes) === stated.crc)) return content
  return { kind: 'damaged', bytes, detail: { code: 'checksum-differs', params: {} } }
}

/** Inflates streams that may be damaged: yields all bytes before the damage, then throws the error. */
import { Readable, type Transform } from 'node:stream'
import { constants, crc32, createGunzip, createInflate, createInflateRaw } from 'node:zlib'
import { CodedError } from '../../bytes/coded-error.ts'
import { type Budget, isDamaged, type MemberContent } from './container.ts'

export type Pieces = Iterable<Buffer> | AsyncIterable<Buffer>

/** zlib discards an output chunk when an error occurs in it. The second attempt therefore uses small chunks. */
const [USUAL, SMALL] = [1 << 18, 1 << 9]

/**
 * @param again the deflated bytes without a header; null: the pieces can be read only once, and up to 256 KiB before
 *   the damage are lost
 * @param behind the bytes from an offset on; zlib takes zeros behind a gzip member for padding and reads no further
 * @throws the error of zlib, after all recoverable bytes
 */
export async function* inflated(
  form: 'gzip' | 'zlib' | 'raw',
  pieces: Pieces,
  again: (() => Pieces) | null,
  behind: ((offset: number) => Iterable<Buffer>) | null = null,
): AsyncGenerator<Buffer> {
  const make = { gzip: createGunzip, zlib: createInflate, raw: createInflateRaw }[form]
  let bytes = 0
  let cause: unknown
  try {
    const stream = make({ chunkSize: USUAL })
    for await (const chunk of through(stream, pieces)) {
      bytes += chunk.length
      yield chunk
    }
    for (const piece of behind?.(stream.bytesWritten) ?? [])
      if (!piece.equals(Buffer.alloc(piece.length)))
        throw new Error('bytes follow the zeros behind the end, and are not read')
    return
  } catch (error) {
    cause = error
  }
  if (again) yield* salvaged(again(), bytes)
  throw cause
}

/** Yields the output after the first `skip` bytes, up to the damage. */
async function* salvaged(pieces: Pieces, skip: number): AsyncGenerator<Buffer> {
  let passed = 0
  const stream = through(createInflateRaw({ chunkSize: SMALL, finishFlush: constants.Z_SYNC_FLUSH }), pieces)
  for (;;) {
    // The first attempt already reported this error.
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

/** Yields the output of a stream, then throws its error. */
export async function* through(stream: Transform, pieces: Pieces): AsyncGenerator<Buffer> {
  Readable.from(pieces)
    .on('error', (error) => stream.destroy(error))
    .pipe(stream)
  yield* stream as AsyncIterable<Buffer>
}

/** Passes the pieces through. @throws CodedError at the end, when size or CRC-32 differ from the stated values */
export async function* checkedSum(
  pieces: AsyncIterable<Buffer>,
  stated: { readonly crc: number | null; readonly bytes: number | null },
): AsyncGenerator<Buffer> {
  let [sum, bytes] = [0, 0]
  for await (const piece of pieces) {
    sum = crc32(piece, sum)
    bytes += piece.length
    yield piece
  }
  if (stated.bytes !== null && bytes !== stated.bytes)
    throw new CodedError({ code: 'size-differs', params: { bytes, of: stated.bytes } })
  if (stated.crc !== null && sum !== stated.crc)
    throw new CodedError({ code: 'checksum-differs', params: {} })
}

/** Like {@link checkedSum}, for a member that another program unpacked completely. @throws LimitReached */
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

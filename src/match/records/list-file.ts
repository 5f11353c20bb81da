/**
 * A hash list on disk, read once from front to back while its SHA-256 is computed.
 *
 * The digest covers the raw bytes. Formats receive text without byte-order mark, with UTF-16 converted to UTF-8.
 */
import { createHash, type Hash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { UsageError } from '../../base/errors.ts'
import { HEAD_BYTES, LONGEST_LINE_BYTES } from './list-limits.ts'
import type { RecordBatch } from './record-batch.ts'

const CHUNK_BYTES = 1 << 20
const NEWLINE = 10
const RETURN = 13
const LINE_END = Buffer.of(NEWLINE)

export class ListFile {
  readonly path: string
  readonly sizeBytes: number
  /** So far; for progress. A format that reads otherwise than by {@link raw} sets it to its share of the whole. */
  bytesShown = 0
  readonly #hash: Hash = createHash('sha256')
  #begun = false
  #finished = false

  /** @throws UsageError when it cannot be opened or is no regular file */
  constructor(path: string) {
    this.path = path
    this.sizeBytes = withFile(path, (_fd, size) => size)
  }

  /** The first bytes, as text formats see them. */
  head(): Buffer {
    return withFile(this.path, (fd, size) => {
      const raw = Buffer.alloc(Math.min(HEAD_BYTES, size))
      const length = readSync(fd, raw, 0, raw.length, 0)
      return textDecoder(raw)(raw.subarray(0, length))
    })
  }

  /** Text in pieces, in place of each other: a piece is overwritten two reads later. */
  async *text(): AsyncGenerator<Buffer> {
    let decode: ((raw: Buffer | null) => Buffer) | null = null
    for await (const raw of this.raw()) {
      decode ??= textDecoder(raw)
      const text = decode(raw)
      if (text.length > 0) yield text
    }
    const rest = decode?.(null)
    if (rest !== undefined && rest.length > 0) yield rest
  }

  /** Raw bytes in pieces; the next piece is being read while the present one is used. */
  async *raw(): AsyncGenerator<Buffer> {
    const handle = await open(this.path, 'r')
    try {
      this.#begun = true
      const buffers = [Buffer.allocUnsafe(CHUNK_BYTES), Buffer.allocUnsafe(CHUNK_BYTES)] as const
      let pending = readChunk(handle, buffers[0])
      for (let turn = 1; ; turn++) {
        const piece = await pending
        if (piece.length === 0) break
        pending = readChunk(handle, buffers[turn % 2]!)
        // A rejected read-ahead is reported by the await above, not as unhandled while the piece is in use.
        pending.catch(() => {})
        this.#hash.update(piece)
        this.bytesShown += piece.length
        yield piece
      }
      this.#finished = true
    } finally {
      await handle.close()
    }
  }

  /** SHA-256 of the file. It reads the bytes that the format left unread, so that it always covers the whole file. */
  async sha256(): Promise<string> {
    if (!this.#finished) {
      if (this.#begun) throw new Error(`${this.path} was read in part: its digest is not known`)
      for await (const _ of this.raw());
    }
    return this.#hash.digest('hex')
  }
}

/**
 * Text in pieces, in which every line ends with a newline: a return alone (old Mac programs) and a zero byte (`md5sum -z`,
 * `hashdeep -0`) become one. Left as they are, all lines behind the first would be part of its file name.
 */
export async function* linedText(file: ListFile): AsyncGenerator<Buffer> {
  let afterReturn = false
  for await (const piece of file.text()) {
    if (afterReturn && piece[0] !== NEWLINE) yield LINE_END
    afterReturn = piece.at(-1) === RETURN
    for (let at = piece.indexOf(0); at !== -1; at = piece.indexOf(0, at + 1)) piece[at] = NEWLINE
    for (let at = piece.indexOf(RETURN); at !== -1; at = piece.indexOf(RETURN, at + 1))
      if (at + 1 < piece.length && piece[at + 1] !== NEWLINE) piece[at] = NEWLINE
    yield piece
  }
}

/** Handles one line: bytes `start` to `end` of `buffer`, without line end. Blank lines are skipped. */
export type LineReader = (buffer: Buffer, start: number, end: number, line: number) => void

/** Drives a line format: calls `read` for each line, and yields the batch when it is full and at the end. */
export async function* readLines(
  file: ListFile,
  batch: RecordBatch,
  read: LineReader,
): AsyncGenerator<RecordBatch> {
  let line = 0
  /** The part of a line that the last piece ended with; null: it grew too long and is being passed over. */
  let carried: Buffer[] | null = []
  let carriedBytes = 0

  for await (const piece of linedText(file)) {
    let start = 0
    if (carriedBytes > 0 || carried === null) {
      const end = piece.indexOf(NEWLINE)
      const part = piece.subarray(0, end === -1 ? piece.length : end)
      carriedBytes += part.length
      if (carried !== null && carriedBytes > LONGEST_LINE_BYTES) carried = null
      carried?.push(Buffer.from(part))
      if (end === -1) continue
      finishCarried()
      start = end + 1
    }
    while (start < piece.length) {
      start = consume(piece, start)
      if (batch.full) {
        yield batch
        batch.clear()
      } else if (start < piece.length) {
        carried = [Buffer.from(piece.subarray(start))]
        carriedBytes = piece.length - start
        break
      }
    }
  }
  if (carriedBytes > 0) finishCarried()
  if (batch.rows > 0) yield batch
  batch.clear()

  /** Reads whole lines until the batch is full or no line is left; returns the position after the last line. */
  function consume(piece: Buffer, from: number): number {
    let start = from
    while (!batch.full) {
      const end = piece.indexOf(NEWLINE, start)
      if (end === -1) return start
      line++
      handLine(piece, start, end)
      start = end + 1
      if (start === piece.length) return start
    }
    return start
  }

  function finishCarried(): void {
    line++
    if (carried === null) batch.reject(line, `the line is longer than ${LONGEST_LINE_BYTES} bytes`)
    else {
      const whole = Buffer.concat(carried)
      handLine(whole, 0, whole.length)
    }
    carried = []
    carriedBytes = 0
  }

  function handLine(buffer: Buffer, start: number, lineEnd: number): void {
    let end = lineEnd
    while (end > start && isBlank(buffer[end - 1]!)) end--
    if (end > start) read(buffer, start, end, line)
  }
}

function isBlank(byte: number): boolean {
  return byte === RETURN || byte === 32 || byte === 9
}

async function readChunk(handle: FileHandle, buffer: Buffer): Promise<Buffer> {
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, null)
  return buffer.subarray(0, bytesRead)
}

/** Removes a UTF-8 mark; turns UTF-16 (PowerShell writes lists so) into UTF-8. One per file; null at its end. */
function textDecoder(first: Buffer): (raw: Buffer | null) => Buffer {
  const utf16 =
    first[0] === 0xff && first[1] === 0xfe
      ? 'utf-16le'
      : first[0] === 0xfe && first[1] === 0xff
        ? 'utf-16be'
        : null
  if (utf16 !== null) {
    const decoder = new TextDecoder(utf16)
    return (raw) => Buffer.from(raw === null ? decoder.decode() : decoder.decode(raw, { stream: true }))
  }
  let skip = first[0] === 0xef && first[1] === 0xbb && first[2] === 0xbf ? 3 : 0
  return (raw) => {
    if (raw === null) return Buffer.alloc(0)
    const text = raw.subarray(skip)
    skip = 0
    return text
  }
}

function withFile<T>(path: string, use: (fd: number, sizeBytes: number) => T): T {
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch (cause) {
    throw new UsageError(
      `The hash list ${path} could not be opened (${(cause as NodeJS.ErrnoException).code}).`,
      { cause, code: 'list-unreadable' },
    )
  }
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile())
      throw new UsageError(`The hash list ${path} is not a regular file.`, { code: 'list-unreadable' })
    return use(fd, stats.size)
  } finally {
    closeSync(fd)
  }
}

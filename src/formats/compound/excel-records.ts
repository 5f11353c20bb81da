/**
 * Reads the records of an Excel workbook stream (BIFF5 and BIFF8): type, length, data, and CONTINUE records for
 * longer data.
 * @see MS-XLS 2.1.4
 */

export interface ExcelRecord {
  readonly type: number
  /** The record and its CONTINUE records, not joined, because strings depend on the boundaries. */
  readonly parts: readonly Buffer[]
}

const CONTINUE = 0x3c
const DRAWING_GROUP = 0xeb
export const FILE_PASS = 0x2f

export function* excelRecords(stream: Buffer): Generator<ExcelRecord> {
  for (let at = 0; at + 4 <= stream.length; ) {
    const type = stream.readUInt16LE(at)
    const parts = [stream.subarray(at + 4, at + 4 + stream.readUInt16LE(at + 2))]
    at += 4 + stream.readUInt16LE(at + 2)
    while (at + 4 <= stream.length && stream.readUInt16LE(at) === CONTINUE) {
      parts.push(stream.subarray(at + 4, at + 4 + stream.readUInt16LE(at + 2)))
      at += 4 + stream.readUInt16LE(at + 2)
    }
    yield { type, parts }
  }
}

/** Joined drawings of the whole workbook: Excel splits pictures into pieces of 8 KiB. */
export function drawingGroup(stream: Buffer): Buffer {
  const pieces: Buffer[] = []
  for (const { type, parts } of excelRecords(stream)) if (type === DRAWING_GROUP) pieces.push(...parts)
  return Buffer.concat(pieces)
}

/**
 * Reads a record across its parts. When characters continue in the next part, a new flag there states their width.
 * Past the end, numbers are 0 and texts are empty.
 */
export class RecordReader {
  readonly #parts: readonly Buffer[]
  #part = 0
  #at = 0

  constructor(parts: readonly Buffer[]) {
    this.#parts = parts
  }

  get atEnd(): boolean {
    return this.#part >= this.#parts.length || (this.#left === 0 && this.#part === this.#parts.length - 1)
  }

  get #left(): number {
    return (this.#parts[this.#part]?.length ?? 0) - this.#at
  }

  u8(): number {
    if (this.#left === 0 && !this.#next()) return 0
    return this.#parts[this.#part]![this.#at++]!
  }

  u16(): number {
    return this.u8() | (this.u8() << 8)
  }

  u32(): number {
    return (this.u16() | (this.u16() << 16)) >>> 0
  }

  f64(): number {
    const bytes = Buffer.alloc(8)
    for (let i = 0; i < 8; i++) bytes[i] = this.u8()
    return bytes.readDoubleLE(0)
  }

  skip(count: number): void {
    for (let left = count; left > 0; ) {
      if (this.#left === 0 && !this.#next()) return
      const step = Math.min(left, this.#left)
      this.#at += step
      left -= step
    }
  }

  /** XLUnicodeRichExtendedString (MS-XLS 2.5.293): flags, format runs, phonetic guide. Returns only the characters. */
  richString(length: number): string {
    const flags = this.u8()
    const runs = flags & 8 ? this.u16() : 0
    const guide = flags & 4 ? this.u32() : 0
    const text = this.characters(length, (flags & 1) === 1)
    this.skip(runs * 4 + guide)
    return text
  }

  characters(length: number, wide: boolean): string {
    let text = ''
    let [left, isWide] = [length, wide]
    while (left > 0) {
      if (this.#left === 0) {
        if (!this.#next()) break
        isWide = (this.u8() & 1) === 1
      }
      const part = this.#parts[this.#part]!
      const count = Math.min(left, isWide ? this.#left >> 1 : this.#left)
      if (count === 0) {
        this.#at = part.length
        continue
      }
      const end = this.#at + (isWide ? count * 2 : count)
      text += part.toString(isWide ? 'utf16le' : 'latin1', this.#at, end)
      this.#at = end
      left -= count
    }
    return text
  }

  /** The rest of the current part. */
  rest(): Buffer {
    const rest = this.#parts[this.#part]?.subarray(this.#at) ?? Buffer.alloc(0)
    this.#at += rest.length
    return rest
  }

  #next(): boolean {
    if (this.#part >= this.#parts.length - 1) return false
    this.#part++
    this.#at = 0
    return this.#left > 0 || this.#next()
  }
}

/**
 * Decompresses bzip2, which EnCase 7 can use for chunks of an Ex01: one complete stream in memory.
 *
 * The checksum of each block is verified. The block size of the stream and the caller limit every length.
 */
import { crc32Block } from '../../../../hash/crc32-block.ts'

/** Reads bits from the highest of each byte on; zeros behind the end. */
class Bits {
  readonly #bytes: Buffer
  #at = 0
  #held = 0
  #count = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** More bits were read behind the end than a valid stream needs. */
  get ended(): boolean {
    return this.#at > this.#bytes.length + 4
  }

  /** @param count 1 to 24 */
  take(count: number): number {
    while (this.#count < count) {
      this.#held = ((this.#held << 8) | (this.#bytes[this.#at++] ?? 0)) & 0x7fffffff
      this.#count += 8
    }
    this.#count -= count
    const value = (this.#held >>> this.#count) & ((1 << count) - 1)
    this.#held &= (1 << this.#count) - 1
    return value
  }
}

const BLOCK = [0x314159, 0x265359] as const
const END = [0x177245, 0x385090] as const
const LONGEST_CODE = 20
const SYMBOLS_A_GROUP = 50

/** @returns the output, or the kind of damage in the stream */
export function unbzip2(stored: Buffer, mostBytes: number): Buffer | 'inflate' | 'checksum' {
  const bits = new Bits(stored)
  const level = stored[3]! - 0x30
  if (stored.length < 14 || stored.toString('latin1', 0, 3) !== 'BZh' || level < 1 || level > 9)
    return 'inflate'
  bits.take(16)
  bits.take(16)
  const out = Buffer.allocUnsafe(mostBytes)
  const block = new Uint32Array(level * 100_000)
  let length = 0
  for (;;) {
    const [a, b] = [bits.take(24), bits.take(24)]
    if (a === END[0] && b === END[1]) return out.subarray(0, length)
    if (a !== BLOCK[0] || b !== BLOCK[1] || bits.ended) return 'inflate'
    const crc = bits.take(16) * 65_536 + bits.take(16)
    // Only programs before 1999 wrote blocks with shuffled bytes.
    if (bits.take(1) !== 0) return 'inflate'
    const first = bits.take(24)
    const held = symbols(bits, block)
    if (held === null || first >= held) return 'inflate'
    const end = written(block, held, first, out, length)
    if (end === null) return 'inflate'
    if (~crc32Block(0xffffffff, out.subarray(length, end)) >>> 0 !== crc) return 'checksum'
    length = end
  }
}

/**
 * Reads the last column of the sorted block into the lowest byte of each element. @returns count; null: the block is
 * invalid
 */
function symbols(bits: Bits, block: Uint32Array): number | null {
  const bytes = usedBytes(bits)
  const groups = bits.take(3)
  const choices = bits.take(15)
  if (bytes.length === 0 || groups < 2 || groups > 6 || choices === 0) return null
  const chosen = choicesOf(bits, groups, choices)
  if (chosen === null) return null
  const codes: Code[] = []
  for (let group = 0; group < groups; group++) {
    const code = codeOf(bits, bytes.length + 2)
    if (code === null) return null
    codes.push(code)
  }
  const endOfBlock = bytes.length + 1
  let [length, run, weight] = [0, 0, 1]
  for (let read = 0; ; read++) {
    const code = codes[chosen[Math.floor(read / SYMBOLS_A_GROUP)] ?? groups]
    const symbol = code === undefined || bits.ended ? null : symbolIn(bits, code)
    if (symbol === null) return null
    if (symbol < 2) {
      // Digits 1 and 2 of a run length, lowest first.
      run += weight * (symbol + 1)
      weight *= 2
      if (run > block.length) return null
      continue
    }
    if (length + run > block.length) return null
    block.fill(bytes[0]!, length, length + run)
    length += run
    ;[run, weight] = [0, 1]
    if (symbol === endOfBlock) return length
    if (length === block.length) return null
    const at = symbol - 1
    const byte = bytes[at]!
    bytes.copyWithin(1, 0, at)
    bytes[0] = byte
    block[length++] = byte
  }
}

function usedBytes(bits: Bits): Uint8Array {
  const used: number[] = []
  const rows = bits.take(16)
  for (let row = 0; row < 16; row++) {
    const columns = (rows >>> (15 - row)) & 1 ? bits.take(16) : 0
    for (let column = 0; column < 16; column++)
      if ((columns >>> (15 - column)) & 1) used.push(row * 16 + column)
  }
  return Uint8Array.from(used)
}

function choicesOf(bits: Bits, groups: number, count: number): Uint8Array | null {
  const order = Array.from({ length: groups }, (_, group) => group)
  const chosen = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    let at = 0
    while (bits.take(1) === 1) if (++at >= groups) return null
    const [group] = order.splice(at, 1)
    order.unshift(group!)
    chosen[i] = group!
  }
  return chosen
}

interface Code {
  /** For each code length: the first code, the count of codes, and the index of their first symbol. */
  readonly firsts: readonly number[]
  readonly counts: readonly number[]
  readonly starts: readonly number[]
  readonly symbols: readonly number[]
}

function codeOf(bits: Bits, symbols: number): Code | null {
  const lengths: number[] = []
  let length = bits.take(5)
  for (let symbol = 0; symbol < symbols; symbol++) {
    while (length >= 1 && length <= LONGEST_CODE && bits.take(1) === 1) length += bits.take(1) === 0 ? 1 : -1
    if (length < 1 || length > LONGEST_CODE || bits.ended) return null
    lengths.push(length)
  }
  const [firsts, counts, starts, sorted]: number[][] = [[0], [0], [0], []]
  for (let of = 1, code = 0; of <= LONGEST_CODE; of++) {
    const all = lengths.flatMap((one, symbol) => (one === of ? [symbol] : []))
    code = (code + counts![of - 1]!) * 2
    firsts!.push(code)
    counts!.push(all.length)
    starts!.push(sorted!.length)
    sorted!.push(...all)
  }
  return { firsts: firsts!, counts: counts!, starts: starts!, symbols: sorted! }
}

function symbolIn(bits: Bits, { firsts, counts, starts, symbols }: Code): number | null {
  for (let length = 1, code = 0; length <= LONGEST_CODE; length++) {
    code = code * 2 + bits.take(1)
    const index = code - firsts[length]!
    if (index >= 0 && index < counts[length]!) return symbols[starts[length]! + index]!
  }
  return null
}

/** Undoes the sorting, and expands runs of four and more. @returns end in `out`; null: the output does not fit */
function written(block: Uint32Array, held: number, first: number, out: Buffer, from: number): number | null {
  const starts = new Uint32Array(257)
  for (let i = 0; i < held; i++) starts[(block[i]! & 0xff) + 1]!++
  for (let byte = 0; byte < 256; byte++) starts[byte + 1]! += starts[byte]!
  for (let i = 0; i < held; i++) block[starts[block[i]! & 0xff]!++]! |= i << 8
  let [end, next, same, before] = [from, block[first]! >>> 8, 0, -1]
  for (let i = 0; i < held; i++) {
    const byte = block[next]! & 0xff
    next = block[next]! >>> 8
    if (same === 4) {
      if (end + byte > out.length) return null
      out.fill(before, end, end + byte)
      end += byte
      same = 0
      continue
    }
    if (end === out.length) return null
    same = byte === before ? same + 1 : 1
    before = byte
    out[end++] = byte
  }
  return end
}

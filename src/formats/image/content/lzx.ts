/**
 * LZX as in WIM and WOF: independent chunks of 32 KiB, with calls of x86 code always translated.
 *
 * @see Microsoft, [MS-PATCH] 2 and wimlib's notes on the differences between WIM and cabinets (no header bit, block
 *   size of one bit)
 */
import { Bits, Code } from './bits.ts'

const MIN_MATCH = 2
const SLOTS = 30
const MAIN = 256 + SLOTS * 8
const LENGTHS = 249
const PRE = 20
const VERBATIM = 1
const ALIGNED = 2
const STORED = 3
/** The size of file that translation of calls assumes. */
const TRANSLATED = 12_000_000

const EXTRA_BITS = Array.from({ length: SLOTS }, (_, slot) => (slot < 4 ? 0 : (slot >> 1) - 1))
const SLOT_BASE = EXTRA_BITS.map((_, slot) =>
  EXTRA_BITS.slice(0, slot).reduce((sum, bits) => sum + 2 ** bits, 0),
)

const mainCode = new Code(MAIN)
const lengthCode = new Code(LENGTHS)
const alignedCode = new Code(8)
const preCode = new Code(PRE)

/** @returns bytes decoded into `target`; all of it unless `stored` is damaged */
export function decodeLzx(stored: Buffer, target: Buffer): number {
  const main = new Uint8Array(MAIN)
  const lengths = new Uint8Array(LENGTHS)
  const recent: [number, number, number] = [1, 1, 1]
  let bits = new Bits(stored, 0)
  let at = 0
  while (at < target.length) {
    if (bits.beyond > 2) return at
    const type = bits.take(3)
    const size = bits.take(1) === 1 ? 32768 : bits.take(16)
    const stop = at + size
    if (size === 0 || stop > target.length) return at
    if (type === STORED) {
      const from = bits.align()
      if (from + 12 + size > stored.length) return at
      for (let index = 0; index < 3; index++) recent[index] = stored.readUInt32LE(from + index * 4)
      stored.copy(target, at, from + 12, from + 12 + size)
      bits = new Bits(stored, from + 12 + size + (size & 1))
      at = stop
      continue
    }
    if (type !== VERBATIM && type !== ALIGNED) return at
    if (type === ALIGNED && !alignedCode.build(Uint8Array.from({ length: 8 }, () => bits.take(3)))) return at
    const readable =
      readLengths(bits, main, 0, 256) &&
      readLengths(bits, main, 256, MAIN) &&
      mainCode.build(main) &&
      readLengths(bits, lengths, 0, LENGTHS) &&
      lengthCode.build(lengths)
    if (!readable) return at
    at = readBlock(bits, target, at, stop, type === ALIGNED, recent)
    if (at < stop) return at
  }
  translateCalls(target)
  return at
}

/** Lengths are coded as differences to those of the previous block, in a code of their own. */
function readLengths(bits: Bits, lengths: Uint8Array, from: number, to: number): boolean {
  if (!preCode.build(Uint8Array.from({ length: PRE }, () => bits.take(4)))) return false
  const step = (at: number, symbol: number): number => ((lengths[at] as number) - symbol + 17) % 17
  for (let at = from; at < to; ) {
    const symbol = preCode.next(bits)
    if (symbol < 0 || bits.beyond > 2) return false
    if (symbol < 17) {
      lengths[at] = step(at, symbol)
      at++
      continue
    }
    let run = symbol === 17 ? 4 + bits.take(4) : symbol === 18 ? 20 + bits.take(5) : 4 + bits.take(1)
    let value = 0
    if (symbol === 19) {
      const same = preCode.next(bits)
      if (same < 0 || same > 16) return false
      value = step(at, same)
    }
    for (; run > 0 && at < to; run--) lengths[at++] = value
  }
  return true
}

function readBlock(
  bits: Bits,
  target: Buffer,
  begin: number,
  stop: number,
  aligned: boolean,
  recent: [number, number, number],
): number {
  let at = begin
  while (at < stop) {
    const symbol = mainCode.next(bits)
    if (symbol < 0 || bits.beyond > 2) return at
    if (symbol < 256) {
      target[at++] = symbol
      continue
    }
    const slot = (symbol - 256) >> 3
    let length = symbol & 7
    if (length === 7) {
      const more = lengthCode.next(bits)
      if (more < 0) return at
      length += more
    }
    let distance: number
    if (slot < 3) {
      distance = recent[slot] as number
      recent[slot] = recent[0]
      recent[0] = distance
    } else {
      const extra = EXTRA_BITS[slot] as number
      let low: number
      if (aligned && extra >= 3) {
        low = bits.take(extra - 3) << 3
        const rest = alignedCode.next(bits)
        if (rest < 0) return at
        low += rest
      } else low = bits.take(extra)
      distance = (SLOT_BASE[slot] as number) + low - 2
      recent[2] = recent[1]
      recent[1] = recent[0]
      recent[0] = distance
    }
    const end = at + length + MIN_MATCH
    if (distance < 1 || distance > at || end > stop) return at
    for (; at < end; at++) target[at] = target[at - distance] as number
  }
  return at
}

/** The encoder makes targets of calls absolute; here they become relative again. The last ten bytes are never translated. */
function translateCalls(bytes: Buffer): void {
  for (let at = 0; at < bytes.length - 10; ) {
    at = bytes.indexOf(0xe8, at)
    if (at < 0 || at >= bytes.length - 10) return
    const target = bytes.readInt32LE(at + 1)
    if (target >= 0 && target < TRANSLATED) bytes.writeInt32LE(target - at, at + 1)
    else if (target < 0 && target >= -at) bytes.writeInt32LE(target + TRANSLATED, at + 1)
    at += 5
  }
}

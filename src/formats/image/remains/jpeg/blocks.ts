/**
 * Reads the coefficients of one block of 8 × 8, and keeps none of them: whether the code makes sense is all that is asked (ISO 10918-1,
 * F.2 and G.1). A progressive picture needs to know which coefficients are not 0.
 */
import { type Bits, BROKEN, NONE } from './bits.ts'
import type { HuffmanTable } from './huffman.ts'

/** What the blocks of a scan share. `dc`: last DC coefficient of each component. */
export interface Running {
  dc: number[]
  /** Blocks that the code says have nothing more (progressive). */
  skip: number
}

/** 0: read; NONE or BROKEN. */
type Read = 0 | typeof NONE | typeof BROKEN

/** DC coefficients of 8 bits lie within ±1024 (quantised by 1); a difference reaches twice as far. */
const MOST_DC = 2048

export function sequentialBlock(
  bits: Bits,
  dc: HuffmanTable,
  ac: HuffmanTable,
  running: Running,
  component: number,
): Read {
  const first = dcFirst(bits, dc, running, component)
  if (first !== 0) return first
  for (let k = 1; k < 64; k++) {
    const symbol = bits.symbol(ac)
    if (symbol < 0) return symbol as Read
    const size = symbol & 15
    if (size === 0) {
      if (symbol === 0) return 0
      if (symbol !== 0xf0) return BROKEN
      k += 15
      // A run of zeros leads to a coefficient.
      if (k >= 63) return BROKEN
      continue
    }
    k += symbol >> 4
    if (k > 63 || size > 10) return BROKEN
    if (bits.take(size) < 0) return NONE
  }
  return 0
}

export function dcFirst(bits: Bits, table: HuffmanTable, running: Running, component: number): Read {
  const size = bits.symbol(table)
  if (size < 0) return size as Read
  if (size > 11) return BROKEN
  const value = bits.take(size)
  if (value < 0) return NONE
  const difference = size === 0 ? 0 : value < 1 << (size - 1) ? value - (1 << size) + 1 : value
  const dc = (running.dc[component] as number) + difference
  if (Math.abs(dc) > MOST_DC) return BROKEN
  running.dc[component] = dc
  return 0
}

/** @param seen of this block: 64 bytes, or null where nothing later refines it */
export function acFirst(
  bits: Bits,
  table: HuffmanTable,
  running: Running,
  from: number,
  to: number,
  seen: Uint8Array,
): Read {
  if (running.skip > 0) {
    running.skip--
    return 0
  }
  for (let k = from; k <= to; k++) {
    const symbol = bits.symbol(table)
    if (symbol < 0) return symbol as Read
    const [run, size] = [symbol >> 4, symbol & 15]
    if (size === 0 && run < 15) return endOfBand(bits, running, run)
    k += run
    if (k > to) return BROKEN
    if (size === 0) continue
    if (bits.take(size) < 0) return NONE
    seen[k] = 1
  }
  return 0
}

function endOfBand(bits: Bits, running: Running, run: number): Read {
  const more = bits.take(run)
  if (more < 0) return NONE
  running.skip = (1 << run) - 1 + more
  return 0
}

export function acRefine(
  bits: Bits,
  table: HuffmanTable,
  running: Running,
  from: number,
  to: number,
  seen: Uint8Array,
): Read {
  let k = from
  while (running.skip === 0 && k <= to) {
    const symbol = bits.symbol(table)
    if (symbol < 0) return symbol as Read
    let run = symbol >> 4
    const size = symbol & 15
    if (size > 1) return BROKEN
    if (size === 0 && run < 15) {
      const ended = endOfBand(bits, running, run)
      if (ended !== 0) return ended
      // This block is the first of those that end here.
      running.skip++
      break
    }
    if (size === 1 && bits.take(1) < 0) return NONE
    for (; k <= to; k++) {
      if (seen[k] === 1) {
        if (bits.take(1) < 0) return NONE
      } else if (run-- === 0) break
    }
    if (size === 1) {
      if (k > to) return BROKEN
      seen[k] = 1
    }
    k++
  }
  if (running.skip > 0) {
    for (; k <= to; k++) if (seen[k] === 1 && bits.take(1) < 0) return NONE
    running.skip--
  }
  return 0
}

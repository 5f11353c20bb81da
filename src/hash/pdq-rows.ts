/**
 * Weighted sums of picture rows: the only part of PDQ that touches every pixel, and so the only part worth a kernel.
 *
 * Sums are whole numbers below 2³¹ (or 2⁵³ without the kernel), so both versions give the same bits on every machine.
 */
import {
  advance,
  get,
  I16X8,
  I32,
  I32X4,
  repeatWhile,
  set,
  tee,
  V128,
  type WasmExports,
  type WasmFunction,
  wasmInstance,
  wasmMemory,
} from '../base/wasm-module.ts'
import type { Taps } from './pdq-taps.ts'

export interface RowSummer {
  /** Σ weight · byte for each byte column of the tapped rows; valid until the next call. */
  sum(pixels: Uint8Array, rowBytes: number, taps: Taps): Int32Array | Float64Array
}

/** The SIMD kernel where the processor supports it, plain TypeScript elsewhere. */
export function rowSummer(): RowSummer {
  kernel ??= kernelSummer() ?? plain
  return kernel
}

export const plainRowSummer = (): RowSummer => plain

let kernel: RowSummer | undefined

const plain: RowSummer = {
  sum(pixels, rowBytes, taps) {
    const sums = new Float64Array(rowBytes)
    for (let k = 0; k < taps.weights.length; k++) {
      const weight = taps.weights[k]!
      const from = (taps.start + k) * rowBytes
      for (let x = 0; x < rowBytes; x++) sums[x]! += weight * pixels[from + x]!
    }
    return sums
  },
}

/** Rows are copied to the kernel's memory in pieces that stay in the second-level cache. */
const PIECE_BYTES = 192 * 1024
const BLOCK_BYTES = 16

interface Arena {
  readonly bytes: Uint8Array
  readonly weights: Int16Array
  readonly sums: Int32Array
  readonly sumsAt: number
  readonly rowsAt: number
  readonly pieceRows: number
  readonly exports: WasmExports
}

const WEIGHTS_AT = 0

/** Null on a processor without SIMD. */
function kernelSummer(): RowSummer | null {
  if (!wasmInstance([SUM_ROWS], wasmMemory(1))) return null
  let arena: Arena | undefined
  return {
    sum(pixels, rowBytes, taps) {
      if (!fitsKernel(taps)) return plain.sum(pixels, rowBytes, taps)
      if (!arena || arena.sums.length < paddedTo(rowBytes, BLOCK_BYTES)) arena = makeArena(rowBytes)
      return sumInKernel(arena, pixels, rowBytes, taps)
    },
  }
}

/** Weights are signed 16-bit in the kernel and sums signed 32-bit. Every picture under about 23,000 rows fits. */
function fitsKernel({ weights }: Taps): boolean {
  let total = 0
  for (const weight of weights) {
    if (weight > 0x7fff) return false
    total += weight
  }
  return total * 255 < 2 ** 31
}

function makeArena(rowBytes: number): Arena {
  const row = paddedTo(rowBytes, BLOCK_BYTES)
  const pieceRows = Math.max(2, 2 * Math.floor(PIECE_BYTES / row / 2))
  const sumsAt = paddedTo(WEIGHTS_AT + 2 * pieceRows, BLOCK_BYTES)
  const rowsAt = sumsAt + 4 * row
  // Room for one more row and block: an odd last row is paired with the next bytes (at weight 0), and the last block
  // reads past the row.
  const memory = wasmMemory(rowsAt + (pieceRows + 1) * row + BLOCK_BYTES)
  return {
    bytes: new Uint8Array(memory.buffer),
    weights: new Int16Array(memory.buffer, WEIGHTS_AT, pieceRows),
    sums: new Int32Array(memory.buffer, sumsAt, row),
    sumsAt,
    rowsAt,
    pieceRows,
    exports: wasmInstance([SUM_ROWS], memory)!,
  }
}

function sumInKernel(arena: Arena, pixels: Uint8Array, rowBytes: number, taps: Taps): Int32Array {
  const blocks = Math.ceil(rowBytes / BLOCK_BYTES)
  const { weights, start } = taps
  arena.sums.fill(0, 0, blocks * BLOCK_BYTES)
  for (let k = 0; k < weights.length; k += arena.pieceRows) {
    const rows = Math.min(arena.pieceRows, weights.length - k)
    const from = (start + k) * rowBytes
    arena.bytes.set(pixels.subarray(from, from + rows * rowBytes), arena.rowsAt)
    arena.weights.fill(0)
    arena.weights.set(weights.subarray(k, k + rows))
    arena.exports.sumRows!(arena.rowsAt, rowBytes, Math.ceil(rows / 2), WEIGHTS_AT, arena.sumsAt, blocks)
  }
  return arena.sums
}

const ZIP_LOW = [0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23]
const ZIP_HIGH = ZIP_LOW.map((lane) => lane + 8)

const SUM_ROWS = ((): WasmFunction => {
  const [rows, rowBytes, pairs, weights, sums, blocks] = [0, 1, 2, 3, 4, 5] as const
  const [pairsLeft, row, weightAt, pairWeights, first, second] = [6, 7, 8, 9, 10, 11] as const
  const totals = [12, 13, 14, 15] as const

  const zipped = (lanes: readonly number[]) => [get(first), get(second), V128.shuffle(lanes)]
  // Bytes of two rows side by side, widened to 16 bits, times the two rows' weights, added in pairs.
  const addTo = (total: number, lanes: readonly number[], widen: (typeof I16X8)['extendLowU']) => [
    [get(total), zipped(lanes), widen, get(pairWeights), I32X4.dotI16, I32X4.add, set(total)],
  ]
  const onePair = [
    [get(weightAt), V128.load32Splat(), set(pairWeights)],
    [get(row), V128.load(), set(first)],
    [get(row), get(rowBytes), I32.add, tee(row), V128.load(), set(second)],
    [get(row), get(rowBytes), I32.add, set(row)],
    addTo(totals[0], ZIP_LOW, I16X8.extendLowU),
    addTo(totals[1], ZIP_LOW, I16X8.extendHighU),
    addTo(totals[2], ZIP_HIGH, I16X8.extendLowU),
    addTo(totals[3], ZIP_HIGH, I16X8.extendHighU),
    advance(weightAt, 4),
  ]
  const oneBlock = [
    totals.map((total, k) => [get(sums), V128.load(16 * k), set(total)]),
    [get(rows), set(row), get(weights), set(weightAt), get(pairs), set(pairsLeft)],
    repeatWhile(onePair, [advance(pairsLeft, -1), get(pairsLeft)]),
    totals.map((total, k) => [get(sums), get(total), V128.store(16 * k)]),
    advance(rows, BLOCK_BYTES),
    advance(sums, 4 * BLOCK_BYTES),
  ]
  return {
    name: 'sumRows',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    locals: ['i32', 'i32', 'i32', 'v128', 'v128', 'v128', 'v128', 'v128', 'v128', 'v128'],
    body: repeatWhile(oneBlock, [advance(blocks, -1), get(blocks)]),
  }
})()

function paddedTo(length: number, multiple: number): number {
  return Math.ceil(length / multiple) * multiple
}

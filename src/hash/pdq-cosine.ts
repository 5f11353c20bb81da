/**
 * The cosine transform of PDQ's 64×64 grid: D · grid · Dᵀ, the 16 lowest non-zero frequencies in each direction.
 *
 * Kernel and plain version add the same terms in the same order, so they round alike: where coefficients tie, rounding
 * decides a bit of the hash.
 */
import {
  advance,
  F64X2,
  get,
  I32,
  i32,
  repeatWhile,
  set,
  tee,
  V128,
  type WasmFunction,
  wasmInstance,
  wasmMemory,
} from '../base/wasm-module.ts'
import { PDQ_GRID } from './pdq-taps.ts'

const FREQUENCIES = 16

/** @returns 16×16 coefficients, row-major; rows are vertical frequencies */
export function lowFrequencies(grid: Float32Array): Float64Array {
  transform ??= kernelTransform() ?? plainLowFrequencies
  return transform(grid)
}

let transform: ((grid: Float32Array) => Float64Array) | undefined

/** Row i contains frequency i + 1; the mean (frequency 0) is left out. */
const COSINES = Float64Array.from({ length: FREQUENCIES * PDQ_GRID }, (_, at) => {
  const frequency = Math.floor(at / PDQ_GRID) + 1
  const position = at % PDQ_GRID
  return Math.sqrt(2 / PDQ_GRID) * Math.cos((Math.PI / (2 * PDQ_GRID)) * frequency * (2 * position + 1))
})

const COSINES_TURNED = COSINES.map(
  (_, at) => COSINES[(at % FREQUENCIES) * PDQ_GRID + Math.floor(at / FREQUENCIES)]!,
)

export function plainLowFrequencies(grid: Float32Array): Float64Array {
  const half = multiply(COSINES, grid, PDQ_GRID)
  return multiply(half, COSINES_TURNED, FREQUENCIES)
}

/** 16×64 times 64×columns. */
function multiply(left: Float64Array, right: Float32Array | Float64Array, columns: number): Float64Array {
  const product = new Float64Array(FREQUENCIES * columns)
  for (let i = 0; i < FREQUENCIES; i++) {
    for (let k = 0; k < PDQ_GRID; k++) {
      const factor = left[i * PDQ_GRID + k]!
      for (let j = 0; j < columns; j++) product[i * columns + j]! += factor * right[k * columns + j]!
    }
  }
  return product
}

const DOUBLE_BYTES = 8
/** Columns that the kernel keeps in registers at a time, two to a register. */
const BLOCK_COLUMNS = 8

const COSINES_AT = 0
const TURNED_AT = COSINES_AT + COSINES.length * DOUBLE_BYTES
const GRID_AT = TURNED_AT + COSINES.length * DOUBLE_BYTES
const HALF_AT = GRID_AT + PDQ_GRID * PDQ_GRID * DOUBLE_BYTES
const COEFFICIENTS_AT = HALF_AT + FREQUENCIES * PDQ_GRID * DOUBLE_BYTES
const END = COEFFICIENTS_AT + FREQUENCIES * FREQUENCIES * DOUBLE_BYTES

/** Null on a processor without SIMD. */
function kernelTransform(): ((grid: Float32Array) => Float64Array) | null {
  const memory = wasmMemory(END)
  const exports = wasmInstance([multiplyFunction()], memory)
  if (!exports) return null
  new Float64Array(memory.buffer, COSINES_AT, COSINES.length).set(COSINES)
  new Float64Array(memory.buffer, TURNED_AT, COSINES.length).set(COSINES_TURNED)
  const gridView = new Float64Array(memory.buffer, GRID_AT, PDQ_GRID * PDQ_GRID)
  const coefficients = new Float64Array(memory.buffer, COEFFICIENTS_AT, FREQUENCIES * FREQUENCIES)
  return (grid) => {
    gridView.set(grid)
    exports.multiply!(COSINES_AT, TURNED_AT, GRID_AT, HALF_AT, PDQ_GRID)
    exports.multiply!(HALF_AT, COEFFICIENTS_AT, TURNED_AT, COEFFICIENTS_AT, FREQUENCIES)
    return coefficients.slice()
  }
}

/** multiply(left, leftEnd, right, product, columns): rows of 64 on the left, each times every block of columns. */
function multiplyFunction(): WasmFunction {
  const [left, leftEnd, right, product, columns] = [0, 1, 2, 3, 4] as const
  const [block, blockEnd, factor, factorEnd, row] = [5, 6, 7, 8, 9] as const
  const [spread, sums] = [10, [11, 12, 13, 14]] as const
  const rowBytes = PDQ_GRID * DOUBLE_BYTES
  const columnBytes = [get(columns), i32(3), I32.shl]

  const oneTerm = [
    [get(factor), V128.load64Splat(), set(spread)],
    sums.map((sum, k) => [
      get(sum),
      get(spread),
      get(row),
      V128.load(16 * k),
      F64X2.mul,
      F64X2.add,
      set(sum),
    ]),
    [get(row), columnBytes, I32.add, set(row)],
    advance(factor, DOUBLE_BYTES),
  ]
  const oneBlock = [
    sums.map((sum) => [V128.zero, set(sum)]),
    [get(left), set(factor), get(block), set(row)],
    repeatWhile(oneTerm, [get(factor), get(factorEnd), I32.ltU]),
    sums.map((sum, k) => [get(product), get(sum), V128.store(16 * k)]),
    advance(product, BLOCK_COLUMNS * DOUBLE_BYTES),
    advance(block, BLOCK_COLUMNS * DOUBLE_BYTES),
  ]
  const oneRow = [
    [get(left), i32(rowBytes), I32.add, set(factorEnd)],
    [get(right), tee(block), columnBytes, I32.add, set(blockEnd)],
    repeatWhile(oneBlock, [get(block), get(blockEnd), I32.ltU]),
    advance(left, rowBytes),
  ]
  return {
    name: 'multiply',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32'],
    locals: ['i32', 'i32', 'i32', 'i32', 'i32', 'v128', 'v128', 'v128', 'v128', 'v128'],
    body: repeatWhile(oneRow, [get(left), get(leftEnd), I32.ltU]),
  }
}

/**
 * Computes Adler-32 sums over blocks of sixteen bytes in WebAssembly. Without it, the checksum of uncompressed chunks
 * would cost more than SHA-1.
 *
 * Over n blocks of bytes x: S = Σ x; P = Σ over blocks of the S before the block; W = Σ (16 − place in the block) ×
 * x. Then b grows by 16 × n × a + 16 × P + W, and a by S.
 *
 * @see RFC 1950, section 8.2
 */
import {
  advance,
  type Code,
  get,
  I16X8,
  I32,
  I32X4,
  i32,
  repeatWhile,
  set,
  V128,
  type WasmExports,
  type WasmFunction,
  wasmInstance,
  wasmMemory,
} from '../../../../base/wasm-module.ts'

export const BLOCK_BYTES = 16
/** Each lane of P holds at most 1,020 × n² / 2, which must stay below 2^32. */
export const MOST_BLOCKS = 2048

const VECTOR = 16
const [SUM_AT, PREFIX_AT, WEIGHTED_AT, ARENA_AT] = [0, VECTOR, 2 * VECTOR, 64]

// Parameters: pointer, blocks left. Locals: sum, prefix, weighted, block.
const [POINTER, BLOCKS, SUM, PREFIX, WEIGHTED, BLOCK] = [0, 1, 2, 3, 4, 5]

const words = (values: readonly number[]): Code => [
  0xfd,
  0x0c,
  values.flatMap((value) => [value & 0xff, value >> 8]),
]
const ONES = words(Array.from({ length: 8 }, () => 1))
const FIRST_WEIGHTS = words([16, 15, 14, 13, 12, 11, 10, 9])
const LAST_WEIGHTS = words([8, 7, 6, 5, 4, 3, 2, 1])

const KERNEL: WasmFunction = {
  name: 'sums',
  parameters: ['i32', 'i32'],
  locals: ['v128', 'v128', 'v128', 'v128'],
  body: [
    [SUM, PREFIX, WEIGHTED].map((local) => [V128.zero, set(local)]),
    repeatWhile(
      [
        [get(POINTER), V128.load(), set(BLOCK)],
        [get(PREFIX), get(SUM), I32X4.add, set(PREFIX)],
        [get(SUM), get(BLOCK), I16X8.addPairsU, ONES, I32X4.dotI16, I32X4.add, set(SUM)],
        [get(WEIGHTED), get(BLOCK), I16X8.extendLowU, FIRST_WEIGHTS, I32X4.dotI16, I32X4.add],
        [get(BLOCK), I16X8.extendHighU, LAST_WEIGHTS, I32X4.dotI16, I32X4.add, set(WEIGHTED)],
        advance(POINTER, BLOCK_BYTES),
        [get(BLOCKS), i32(1), I32.sub, set(BLOCKS)],
      ],
      get(BLOCKS),
    ),
    [i32(SUM_AT), get(SUM), V128.store()],
    [i32(PREFIX_AT), get(PREFIX), V128.store()],
    [i32(WEIGHTED_AT), get(WEIGHTED), V128.store()],
  ],
}

export interface BlockSums {
  readonly sum: number
  readonly prefix: number
  readonly weighted: number
}

export class AdlerKernel {
  readonly #wasm: WasmExports
  readonly #words: Uint32Array
  readonly #arena: Uint8Array

  private constructor(wasm: WasmExports, memory: ArrayBuffer) {
    this.#wasm = wasm
    this.#words = new Uint32Array(memory, 0, 12)
    this.#arena = new Uint8Array(memory, ARENA_AT, MOST_BLOCKS * BLOCK_BYTES)
  }

  /** Null when the engine has no SIMD. */
  static create(): AdlerKernel | null {
    const memory = wasmMemory(ARENA_AT + MOST_BLOCKS * BLOCK_BYTES)
    const wasm = wasmInstance([KERNEL], memory)
    return wasm && new AdlerKernel(wasm, memory.buffer as ArrayBuffer)
  }

  /** @param bytes 1 to MOST_BLOCKS whole blocks */
  sums(bytes: Uint8Array): BlockSums {
    this.#arena.set(bytes)
    this.#wasm.sums!(ARENA_AT, bytes.length / BLOCK_BYTES)
    return { sum: this.#lanes(0), prefix: this.#lanes(4), weighted: this.#lanes(8) }
  }

  #lanes(from: number): number {
    return this.#words[from]! + this.#words[from + 1]! + this.#words[from + 2]! + this.#words[from + 3]!
  }
}

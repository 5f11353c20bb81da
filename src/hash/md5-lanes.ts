/**
 * MD5 of up to eight contents at once, one in each 32-bit lane of two vectors; of up to four in one vector.
 *
 * One MD5 is a chain of dependent steps that leaves most of a core idle: OpenSSL computes about 830 MB/s, as long as
 * the other three digests together. Eight independent chains fill the core.
 * OpenSSL's version is used for single large contents, where SIMD is missing, and to test this one.
 *
 * @see RFC 1321, section 3
 */
import { hash } from 'node:crypto'
import { type WasmExports, wasmInstance, wasmMemory } from '../base/wasm-module.ts'
import { ARENA, BLOCK_BYTES, kernel, kernelName, SINES, stateAt, TABLE } from './md5-kernel.ts'

const LANES = 8
/** One group or two. Lanes that stay empty cost the same time; a chain in four runs faster than one in eight. */
export type LaneCount = 4 | 8

/** Room that must be free after each content in the arena: MD5's padding is written there. */
export const PADDING_BYTES = 72

export interface Span {
  /** Where the content begins in the arena. */
  readonly at: number
  readonly length: number
}

export class Md5Lanes {
  /** Contents are put here by the caller, each with PADDING_BYTES free behind it. */
  readonly arena: Buffer
  /** Advances every lane by the number of blocks in the last argument. */
  readonly #blocksOf: Readonly<Record<LaneCount, WasmExports[string]>>
  readonly #words: Uint32Array

  private constructor(wasm: WasmExports, memory: ArrayBuffer) {
    this.#blocksOf = { 4: wasm[kernelName(1)]!, 8: wasm[kernelName(2)]! }
    this.#words = new Uint32Array(memory)
    this.arena = Buffer.from(memory, ARENA)
    for (const [i, constant] of SINES.entries())
      this.#words.fill(constant, (TABLE >> 2) + 4 * i, (TABLE >> 2) + 4 * i + 4)
  }

  /** Null where the engine has no SIMD. */
  static create(arenaBytes: number): Md5Lanes | null {
    const memory = wasmMemory(ARENA + arenaBytes)
    const wasm = wasmInstance([kernel(1), kernel(2)], memory)
    if (wasm === null) return null
    const lanes = new Md5Lanes(wasm, memory.buffer as ArrayBuffer)
    lanes.#check()
    return lanes
  }

  /**
   * Compares with OpenSSL at start: an engine or processor that computes wrongly ends here, before any digest is used.
   */
  #check(): void {
    const spans = Array.from({ length: LANES + 3 }, (_, i) => ({ at: i * 256, length: i * 13 }))
    this.arena.fill('seized', 0, 256 * spans.length)
    const wanted = spans.map(({ at, length }) => hash('md5', this.arena.subarray(at, at + length), 'hex'))
    const got = [...this.digests(spans.slice(0, 6), 4), ...this.digests(spans.slice(6), 8)]
    if (got.join() !== wanted.join()) throw new Error('MD5 in lanes does not agree with OpenSSL here')
  }

  /**
   * @param contents longest first, so that lanes end together (any order is correct, and slower)
   * @returns digests in the order of the contents, lower-case hex
   */
  digests(contents: readonly Span[], count: LaneCount): string[] {
    const out: string[] = []
    for (let i = 0; i < contents.length; i++) {
      this.#pad(contents[i]!.at, contents[i]!.length)
      out.push('')
    }
    const blocksOfAll = this.#blocksOf[count]
    // For each lane: its content, the position of its next block, and the blocks left. An empty lane runs over existing
    // bytes; its result is ignored.
    const index = new Int32Array(count).fill(-1)
    const next = new Int32Array(count).fill(ARENA)
    const left = new Int32Array(count)
    let begun = 0
    for (;;) {
      let blocks = 0
      let longest = 0
      for (let lane = 0; lane < count; lane++) {
        if (index[lane] === -1 && begun < contents.length) {
          const { at, length } = contents[begun]!
          index[lane] = begun++
          next[lane] = ARENA + at
          left[lane] = paddedBytes(length) / BLOCK_BYTES
          this.#begin(lane)
        }
        if (index[lane] === -1) continue
        if (blocks === 0 || left[lane]! < blocks) blocks = left[lane]!
        if (left[lane]! >= left[longest]!) longest = lane
      }
      if (blocks === 0) return out
      for (let lane = 0; lane < count; lane++) if (index[lane] === -1) next[lane] = next[longest]!
      blocksOfAll(...next, blocks)
      for (let lane = 0; lane < count; lane++) {
        next[lane]! += blocks * BLOCK_BYTES
        if (index[lane] === -1) continue
        left[lane]! -= blocks
        if (left[lane]! > 0) continue
        out[index[lane]!] = this.#hex(lane)
        index[lane] = -1
      }
    }
  }

  /** A one bit, zeros, and the length in bits, to a whole number of blocks. */
  #pad(at: number, length: number): void {
    const end = paddedBytes(length)
    this.arena.fill(0, at + length, at + end)
    this.arena[at + length] = 0x80
    this.arena.writeUInt32LE((length << 3) >>> 0, at + end - 8)
    this.arena.writeUInt32LE(Math.floor(length / 2 ** 29), at + end - 4)
  }

  #begin(lane: number): void {
    for (let word = 0; word < 4; word++) this.#words[stateWord(lane, word)] = INITIAL[word]!
  }

  #hex(lane: number): string {
    const digest = Buffer.allocUnsafe(16)
    for (let word = 0; word < 4; word++) digest.writeUInt32LE(this.#words[stateWord(lane, word)]!, word * 4)
    return digest.toString('hex')
  }
}

function paddedBytes(length: number): number {
  return (Math.floor((length + 8) / BLOCK_BYTES) + 1) * BLOCK_BYTES
}

const INITIAL = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476] as const

function stateWord(lane: number, word: number): number {
  return stateAt(lane >> 2, word) / 4 + (lane & 3)
}

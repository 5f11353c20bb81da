/**
 * MD5 of up to eight contents at once, one in each 32-bit lane of two vectors; of up to four in one vector.
 *
 * One MD5 is a chain of dependent steps that leaves most of a core idle: OpenSSL makes about 830 MB/s of it, and of the
 * four digests it costs as much as the other three together. Eight independent chains fill the core. The slow obvious
 * version is OpenSSL's, used for single large contents, where SIMD is missing, and to test this one against.
 *
 * @see RFC 1321, section 3
 */
import { hash } from 'node:crypto'
import {
  advance,
  type Code,
  get,
  I32,
  I32X4,
  i32,
  repeatWhile,
  set,
  tee,
  V128,
  type WasmExports,
  type WasmFunction,
  wasmInstance,
  wasmMemory,
} from '../base/wasm-module.ts'

const GROUP_LANES = 4
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
  /** Advances every lane by as many blocks as the last argument says. */
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

  /** An engine or processor that computes wrongly ends here, before it has named anything. */
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
    // Of each lane: which content, where its next block is, and how many are left. An empty lane runs along over bytes
    // that are there; what comes of it is never looked at.
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

const BLOCK_BYTES = 64

function paddedBytes(length: number): number {
  return (Math.floor((length + 8) / BLOCK_BYTES) + 1) * BLOCK_BYTES
}

// ───────────────────────────────────────────────────────────────────────────── memory

// Two groups of four lanes. State: word by word, a vector each. Then the table of sines, four times each, and the
// message words of one block of every lane, transposed.
const VECTOR = 16
const TABLE = 256
const MESSAGE = TABLE + 64 * VECTOR
const ARENA = 4096

function stateAt(group: number, word: number): number {
  return (group * 4 + word) * VECTOR
}

function stateWord(lane: number, word: number): number {
  return stateAt(lane >> 2, word) / 4 + (lane & 3)
}

// ───────────────────────────────────────────────────────────────────────────── RFC 1321

const INITIAL = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476] as const
const SINES = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32))
const SHIFTS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const

function messageIndex(step: number): number {
  return [step, 5 * step + 1, 3 * step + 5, 7 * step][step >> 4]! % 16
}

// ───────────────────────────────────────────────────────────────────────────── the kernel

const op = (code: number): Code => (code < 0x80 ? [0xfd, code] : [0xfd, (code & 0x7f) | 0x80, code >> 7])
const NOT = op(0x4d)
const AND = op(0x4e)
const ANDNOT = op(0x4f)
const OR = op(0x50)
const SHL = op(0xab)
const SHR_U = op(0xad)

/** Writes the code for one or two groups of lanes. Locals: pointers and count come first, as parameters. */
class Kernel {
  readonly groups: readonly number[]
  readonly lanes: number

  constructor(groups: number) {
    this.groups = [0, 1].slice(0, groups)
    this.lanes = groups * GROUP_LANES
  }

  get count(): number {
    return this.lanes
  }

  state(group: number, word: number): number {
    return this.lanes + 1 + group * 4 + word
  }

  temporary(group: number): number {
    return this.lanes + 1 + 8 + group
  }

  row(index: number): number {
    return this.lanes + 1 + 10 + index
  }
}

function kernelName(groups: number): string {
  return `blocks${groups * GROUP_LANES}`
}

function kernel(groups: number): WasmFunction {
  const k = new Kernel(groups)
  return {
    name: kernelName(groups),
    parameters: new Array<'i32'>(k.lanes + 1).fill('i32'),
    locals: new Array<'v128'>(8 + 2 + 8).fill('v128'),
    body: body(k),
  }
}

function body(k: Kernel): Code {
  const words = [0, 1, 2, 3]
  return [
    k.groups.map((group) =>
      words.map((word) => [i32(stateAt(group, word)), V128.load(), set(k.state(group, word))]),
    ),
    repeatWhile(
      [
        k.groups.map((group) => transpose(k, group)),
        Array.from({ length: 64 }, (_, step) => round(k, step)),
        // The state before the block is still in memory: add it, and keep the sum there.
        k.groups.map((group) =>
          words.map((word) => [
            i32(stateAt(group, word)),
            get(k.state(group, word)),
            i32(stateAt(group, word)),
            V128.load(),
            I32X4.add,
            tee(k.state(group, word)),
            V128.store(),
          ]),
        ),
        Array.from({ length: k.lanes }, (_, lane) => advance(lane, BLOCK_BYTES)),
        get(k.count),
        i32(1),
        I32.sub,
        set(k.count),
      ],
      [get(k.count)],
    ),
  ]
}

/** Four lanes' blocks of sixteen words to sixteen vectors of one word of each. */
function transpose(k: Kernel, group: number): Code {
  const row = (index: number) => k.row(index)
  return [0, 1, 2, 3].map((quarter) => [
    [0, 1, 2, 3].map((lane) => [
      get(group * GROUP_LANES + lane),
      V128.load(quarter * VECTOR),
      set(row(lane)),
    ]),
    [get(row(0)), get(row(1)), V128.shuffle(LOW_WORDS), set(row(4))],
    [get(row(0)), get(row(1)), V128.shuffle(HIGH_WORDS), set(row(5))],
    [get(row(2)), get(row(3)), V128.shuffle(LOW_WORDS), set(row(6))],
    [get(row(2)), get(row(3)), V128.shuffle(HIGH_WORDS), set(row(7))],
    keep(group, quarter * 4, [get(row(4)), get(row(6)), V128.shuffle(LOW_HALVES)]),
    keep(group, quarter * 4 + 1, [get(row(4)), get(row(6)), V128.shuffle(HIGH_HALVES)]),
    keep(group, quarter * 4 + 2, [get(row(5)), get(row(7)), V128.shuffle(LOW_HALVES)]),
    keep(group, quarter * 4 + 3, [get(row(5)), get(row(7)), V128.shuffle(HIGH_HALVES)]),
  ])
}

const bytesOfWords = (words: readonly number[]) =>
  words.flatMap((word) => [0, 1, 2, 3].map((byte) => word * 4 + byte))
const LOW_WORDS = bytesOfWords([0, 4, 1, 5])
const HIGH_WORDS = bytesOfWords([2, 6, 3, 7])
const LOW_HALVES = bytesOfWords([0, 1, 4, 5])
const HIGH_HALVES = bytesOfWords([2, 3, 6, 7])

function keep(group: number, word: number, value: Code): Code {
  return [i32(messageAt(group, word)), value, V128.store()]
}

function messageAt(group: number, word: number): number {
  return MESSAGE + (group * 16 + word) * VECTOR
}

/** One step in both groups: `a = b + rotate(a + f(b, c, d) + message + sine)`; the roles of the four words turn. */
function round(k: Kernel, step: number): Code {
  const turn = (4 - (step % 4)) % 4
  const word = (group: number, role: number) => k.state(group, (role + turn) % 4)
  const shift = SHIFTS[step >> 4]![step % 4]!
  return [
    k.groups.map((group) => {
      const [a, b, c, d] = [0, 1, 2, 3].map((role) => word(group, role)) as [number, number, number, number]
      return [
        get(a),
        i32(messageAt(group, messageIndex(step))),
        V128.load(),
        I32X4.add,
        i32(TABLE + step * VECTOR),
        V128.load(),
        I32X4.add,
        mixed(step >> 4, b, c, d),
        set(k.temporary(group)),
      ]
    }),
    k.groups.map((group) => [
      get(k.temporary(group)),
      i32(shift),
      SHL,
      get(k.temporary(group)),
      i32(32 - shift),
      SHR_U,
      OR,
      get(word(group, 1)),
      I32X4.add,
      set(word(group, 0)),
    ]),
  ]
}

/** Adds f to what is on the stack. `b` comes last where it can: it is the word that the step before made. */
function mixed(quarter: number, b: number, c: number, d: number): Code {
  switch (quarter) {
    case 0:
      return [get(c), get(d), V128.xor, get(b), AND, get(d), V128.xor, I32X4.add]
    case 1:
      // (b and d) or (c and not d): the halves share no bit, so they can be added one after the other.
      return [get(c), get(d), ANDNOT, I32X4.add, get(b), get(d), AND, I32X4.add]
    case 2:
      return [get(c), get(d), V128.xor, get(b), V128.xor, I32X4.add]
    default:
      return [get(d), NOT, get(b), OR, get(c), V128.xor, I32X4.add]
  }
}

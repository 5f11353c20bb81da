/**
 * MD4, of which eDonkey lists are made. It is broken as a cryptographic hash: anyone can make two files with one MD4.
 * So a match finds a content and proves nothing.
 * Written here because OpenSSL 3 no longer offers it.
 *
 * @see RFC 1320
 */
import {
  advance,
  type Code,
  get,
  I32,
  i32,
  repeatWhile,
  set,
  type WasmFunction,
  wasmInstance,
  wasmMemory,
} from '../base/wasm-module.ts'

const BLOCK_BYTES = 64

/** Incremental MD4: any number of updates, one digest. */
export class Md4 {
  readonly #state = INITIAL_STATE.slice()
  readonly #pending = new Uint8Array(BLOCK_BYTES)
  #pendingBytes = 0
  #totalBytes = 0

  update(bytes: Uint8Array): this {
    this.#totalBytes += bytes.length
    let from = 0
    if (this.#pendingBytes > 0) {
      from = Math.min(BLOCK_BYTES - this.#pendingBytes, bytes.length)
      this.#pending.set(bytes.subarray(0, from), this.#pendingBytes)
      this.#pendingBytes += from
      if (this.#pendingBytes < BLOCK_BYTES) return this
      addBlocks(this.#state, this.#pending)
      this.#pendingBytes = 0
    }
    const whole = bytes.length - ((bytes.length - from) % BLOCK_BYTES)
    addBlocks(this.#state, bytes.subarray(from, whole))
    this.#pending.set(bytes.subarray(whole))
    this.#pendingBytes = bytes.length - whole
    return this
  }

  /** 16 bytes. The hasher keeps its state and may take more bytes. */
  digest(): Uint8Array {
    const state = this.#state.slice()
    const zeroBytes = (2 * BLOCK_BYTES - 9 - this.#pendingBytes) % BLOCK_BYTES
    const tail = new Uint8Array(this.#pendingBytes + 1 + zeroBytes + 8)
    tail.set(this.#pending.subarray(0, this.#pendingBytes))
    tail[this.#pendingBytes] = 0x80
    new DataView(tail.buffer).setBigUint64(tail.length - 8, BigInt(this.#totalBytes) * 8n, true)
    addBlocks(state, tail)
    const digest = new Uint8Array(16)
    const view = new DataView(digest.buffer)
    state.forEach((word, k) => {
      view.setUint32(4 * k, word, true)
    })
    return digest
  }
}

const INITIAL_STATE = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476)

/** Bytes go through the kernel's memory in pieces that stay in the first-level cache's neighbourhood. */
const PIECE_BYTES = 32 * 1024
const STATE_AT = 0
const PIECE_AT = BLOCK_BYTES

/** @param bytes whole blocks */
function addBlocks(state: Uint32Array, bytes: Uint8Array): void {
  const { addBlocks: add, stateWords, piece } = md4Kernel()
  stateWords.set(state)
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
    const part = bytes.subarray(from, from + PIECE_BYTES)
    piece.set(part)
    add!(PIECE_AT, part.length / BLOCK_BYTES)
  }
  state.set(stateWords)
}

let kernel: ReturnType<typeof makeKernel> | undefined

function md4Kernel() {
  kernel ??= makeKernel()
  return kernel
}

function makeKernel() {
  const memory = wasmMemory(PIECE_AT + PIECE_BYTES)
  // The kernel needs only the first edition of WebAssembly, so there is always an instance.
  const { addBlocks } = wasmInstance([addBlocksFunction()], memory)!
  return {
    addBlocks,
    stateWords: new Uint32Array(memory.buffer, STATE_AT, 4),
    piece: new Uint8Array(memory.buffer, PIECE_AT, PIECE_BYTES),
  }
}

interface Round {
  readonly mix: (b: number, c: number, d: number) => Code
  readonly constant: number
  readonly shifts: readonly number[]
  readonly order: readonly number[]
}

const ROUNDS: readonly Round[] = [
  {
    // b ? c : d
    mix: (b, c, d) => [get(d), get(b), get(c), get(d), I32.xor, I32.and, I32.xor],
    constant: 0,
    shifts: [3, 7, 11, 19],
    order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  },
  {
    // The majority of b, c and d.
    mix: (b, c, d) => [get(b), get(c), I32.and, get(d), get(b), get(c), I32.or, I32.and, I32.or],
    constant: 0x5a827999,
    shifts: [3, 5, 9, 13],
    order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
  },
  {
    mix: (b, c, d) => [get(b), get(c), I32.xor, get(d), I32.xor],
    constant: 0x6ed9eba1,
    shifts: [3, 9, 11, 15],
    order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
  },
]

function addBlocksFunction(): WasmFunction {
  const [block, blocks] = [0, 1]
  const words = [2, 3, 4, 5] as const
  const steps = ROUNDS.flatMap(({ mix, constant, shifts, order }) =>
    order.map((word, step) => {
      // The four state words take turns: a, d, c, b.
      const [a, b, c, d] = [0, 1, 2, 3].map((k) => words[(k + 4 - (step % 4)) % 4]!) as [
        number,
        number,
        number,
        number,
      ]
      const sum = [
        get(a),
        get(block),
        I32.load(4 * word),
        I32.add,
        i32(constant),
        I32.add,
        mix(b, c, d),
        I32.add,
      ]
      return [sum, i32(shifts[step % 4]!), I32.rotl, set(a)]
    }),
  )
  const state = (k: number): Code => [i32(STATE_AT), I32.load(4 * k)]
  const oneBlock = [
    words.map((word, k) => [state(k), set(word)]),
    steps,
    words.map((word, k) => [i32(STATE_AT), state(k), get(word), I32.add, I32.store(4 * k)]),
    advance(block, BLOCK_BYTES),
  ]
  return {
    name: 'addBlocks',
    parameters: ['i32', 'i32'],
    locals: ['i32', 'i32', 'i32', 'i32'],
    body: repeatWhile(oneBlock, [advance(blocks, -1), get(blocks)]),
  }
}

/**
 * The code of MD5 in lanes, assembled as WebAssembly: one step of the algorithm is one vector operation for four contents.
 *
 * @see RFC 1321, section 3
 */
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
  type WasmFunction,
} from '../base/wasm-module.ts'

const GROUP_LANES = 4
export const BLOCK_BYTES = 64

// Two groups of four lanes. State: word by word, a vector each. Then the table of sines, four times each, and the
// message words of one block of every lane, transposed.
const VECTOR = 16
export const TABLE = 256
const MESSAGE = TABLE + 64 * VECTOR
export const ARENA = 4096

export function stateAt(group: number, word: number): number {
  return (group * 4 + word) * VECTOR
}

/** RFC 1321: the table of sines, and by how much each step turns. */
export const SINES = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32))
const SHIFTS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const

function messageIndex(step: number): number {
  return [step, 5 * step + 1, 3 * step + 5, 7 * step][step >> 4]! % 16
}

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

export function kernelName(groups: number): string {
  return `blocks${groups * GROUP_LANES}`
}

export function kernel(groups: number): WasmFunction {
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
        // The state before the block is still in memory: add it, and store the sum there.
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

/** Adds f to the value on the stack. `b`, the result of the previous step, comes last where possible. */
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

/**
 * A small assembler for WebAssembly: kernels are written as readable code in TypeScript and become bytes at start-up, so
 * no binary without its source is ever committed.
 *
 * Code is a flat list of bytes in stack order: `[get(0), get(1), I32.add]`, nested lists allowed. Every kernel built
 * with it stands beside a plain TypeScript version that gives the same results, used where SIMD is missing.
 *
 * @see WebAssembly Core Specification 2.0, chapter 5 (binary format)
 */

export type Code = readonly (number | Code)[]
export type ValueType = 'i32' | 'i64' | 'v128'

export interface WasmFunction {
  readonly name: string
  readonly parameters: readonly ValueType[]
  readonly result?: ValueType
  /** Numbered after the parameters. */
  readonly locals: readonly ValueType[]
  readonly body: Code
}

/** The used part of the engine's interface: the compiler's own declarations come with the browser's library. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer
}

export type WasmExports = Readonly<Record<string, (...args: (number | bigint)[]) => number>>

interface WasmEngine {
  Memory: new (size: { initial: number; maximum?: number; shared?: boolean }) => WasmMemory
  validate: (bytes: Uint8Array) => boolean
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: { e: { m: WasmMemory } }) => { readonly exports: WasmExports }
}

const engine = (globalThis as unknown as { WebAssembly: WasmEngine }).WebAssembly

/** Whether an engine would take these bytes for a module. */
export function isWasmModule(bytes: Uint8Array): boolean {
  return engine.validate(bytes)
}

const WASM_PAGE_BYTES = 65536

export function wasmMemory(bytes: number, shared = false): WasmMemory {
  const pages = Math.ceil(bytes / WASM_PAGE_BYTES)
  return new engine.Memory(shared ? { initial: pages, maximum: pages, shared } : { initial: pages })
}

/** Functions over one memory that the caller owns; null where the processor lacks an instruction of the code (SIMD). */
export function wasmInstance(functions: readonly WasmFunction[], memory: WasmMemory): WasmExports | null {
  const shared = memory.buffer instanceof SharedArrayBuffer
  const pages = memory.buffer.byteLength / WASM_PAGE_BYTES
  const bytes = wasmBytes(
    functions,
    shared ? [0x03, ...unsigned(0), ...unsigned(pages)] : [0x00, ...unsigned(0)],
  )
  if (!engine.validate(bytes)) return null
  return new engine.Instance(new engine.Module(bytes), { e: { m: memory } }).exports
}

// ───────────────────────────────────────────────────────────────────────────── instructions

export const get = (local: number): Code => [0x20, unsigned(local)]
export const set = (local: number): Code => [0x21, unsigned(local)]
export const tee = (local: number): Code => [0x22, unsigned(local)]
export const i32 = (value: number): Code => [0x41, signed(value | 0)]

/** Repeats while `condition` (evaluated after the body) holds: a body always runs once. */
export const repeatWhile = (body: Code, condition: Code): Code => [
  0x03,
  0x40,
  body,
  condition,
  0x0d,
  0x00,
  0x0b,
]
export const when = (condition: Code, body: Code): Code => [condition, 0x04, 0x40, body, 0x0b]
export const returnWhen = (condition: Code, value: Code): Code => when(condition, [value, 0x0f])
/** Adds a constant to a local. */
export const advance = (local: number, by: number): Code => [get(local), i32(by), I32.add, set(local)]

const simd = (code: number): Code => [0xfd, unsigned(code)]

export const I32 = {
  load: (offset = 0): Code => [0x28, 0x00, unsigned(offset)],
  load8U: (offset = 0): Code => [0x2d, 0x00, unsigned(offset)],
  store: (offset = 0): Code => [0x36, 0x00, unsigned(offset)],
  ltU: 0x49,
  leU: 0x4d,
  geU: 0x4f,
  ctz: 0x68,
  add: 0x6a,
  sub: 0x6b,
  and: 0x71,
  or: 0x72,
  xor: 0x73,
  shl: 0x74,
  shrU: 0x76,
  rotl: 0x77,
} as const

export const I64 = {
  load: (offset = 0): Code => [0x29, 0x00, unsigned(offset)],
  popcnt: 0x7b,
  add: 0x7c,
  xor: 0x85,
  toI32: 0xa7,
} as const

export const V128 = {
  load: (offset = 0): Code => [simd(0x00), 0x00, unsigned(offset)],
  zero: [simd(0x0c), Array.from({ length: 16 }, () => 0)] as Code,
  load64Splat: (offset = 0): Code => [simd(0x0a), 0x00, unsigned(offset)],
  load32Splat: (offset = 0): Code => [simd(0x09), 0x00, unsigned(offset)],
  /** The rest is zero. */
  load64: (offset = 0): Code => [simd(0x5d), 0x00, unsigned(offset)],
  store: (offset = 0): Code => [simd(0x0b), 0x00, unsigned(offset)],
  /** Sixteen byte numbers: 0–15 from the first operand, 16–31 from the second. */
  shuffle: (lanes: readonly number[]): Code => [simd(0x0d), lanes],
  xor: simd(0x51),
} as const

export const I8X16 = {
  popcnt: simd(0x62),
  /** Two of eight signed values to sixteen of 0–255. */
  narrowU: simd(0x66),
} as const

export const I16X8 = {
  splat: simd(0x10),
  leU: simd(0x34),
  bitmask: simd(0x84),
  extendLowU: simd(0x89),
  extendHighU: simd(0x8a),
  addPairsU: simd(0x7d),
  /** Two of four signed values to eight. */
  narrowS: simd(0x85),
} as const

export const I32X4 = {
  extendLowU: simd(0xa9),
  extendHighU: simd(0xaa),
  shrS: simd(0xac),
  add: simd(0xae),
  mul: simd(0xb5),
  dotI16: simd(0xba),
} as const

export const F64X2 = { add: simd(0xf0), mul: simd(0xf2) } as const

// ───────────────────────────────────────────────────────────────────────────── binary format

const TYPE_CODES: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e, v128: 0x7b }

function wasmBytes(functions: readonly WasmFunction[], memoryLimits: Code): Uint8Array {
  const types = functions.map(({ parameters, result }) => [
    0x60,
    vector(parameters.map((type) => TYPE_CODES[type])),
    vector(result ? [TYPE_CODES[result]] : []),
  ])
  const imports = [[text('e'), text('m'), 0x02, memoryLimits]]
  const exports = functions.map(({ name }, index) => [text(name), 0x00, unsigned(index)])
  const bodies = functions.map(({ locals, body }) =>
    sized([vector(locals.map((type) => [unsigned(1), TYPE_CODES[type]])), body, 0x0b]),
  )
  return Uint8Array.from(
    flat([
      [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      section(1, vector(types)),
      section(2, vector(imports)),
      section(3, vector(functions.map((_, index) => unsigned(index)))),
      section(7, vector(exports)),
      section(10, vector(bodies)),
    ]),
  )
}

function section(id: number, content: Code): Code {
  return [id, sized(content)]
}

function sized(content: Code): Code {
  const bytes = flat(content)
  return [unsigned(bytes.length), bytes]
}

function vector(items: Code): Code {
  return [unsigned(items.length), items]
}

function text(value: string): Code {
  return vector([...Buffer.from(value)])
}

function flat(code: Code, into: number[] = []): number[] {
  for (const item of code) {
    if (typeof item === 'number') into.push(item)
    else flat(item, into)
  }
  return into
}

/** LEB128, seven bits a byte, lowest first. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(Math.floor(value / 0x80))]
}

function signed(value: number): number[] {
  const low = value & 0x7f
  const rest = value >> 7
  const done = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)
  return done ? [low] : [low | 0x80, ...signed(rest)]
}

/**
 * Sums of the points that an input's cell is the mean of, and the kernel that makes them: of the second face detector's
 * 262,144 cells of nine points each.
 */
import {
  advance,
  type Code,
  get,
  I32,
  i32,
  repeatWhile,
  set,
  tee,
  type WasmExports,
  type WasmFunction,
  wasmInstance,
  wasmMemory,
} from '../base/wasm-module.ts'

const AREA_POINTS = 3

// Byte offsets stay below 1536 × 1536 × 3, so a sum with one of these stays negative.
const OUTSIDE = -0x20000000

/** Sample points along one side. */
export interface Points {
  /** For each cell. */
  readonly count: number
  /** In bytes; {@link OUTSIDE} where a point is outside the picture. */
  readonly offset: Int32Array
  readonly allInside: boolean
}

export function points(start: number, length: number, cells: number, limit: number, stride: number): Points {
  const count = Math.max(1, Math.min(AREA_POINTS, Math.ceil(length / cells)))
  const offset = new Int32Array(cells * count)
  const step = length / (cells * count)
  let allInside = true
  for (let i = 0; i < offset.length; i++) {
    const at = Math.floor(start + (i + 0.5) * step)
    const inside = at >= 0 && at < limit
    offset[i] = inside ? at * stride : OUTSIDE
    allInside &&= inside
  }
  return { count, offset, allInside }
}

/**
 * Computes rows of cells in order.
 * @param valuesOf maps a sum to the output value, by channel (R, G, B)
 * @param row takes the cells of row `y`, three numbers each; the memory is valid until it returns
 * @returns false where the plain version must do the work
 */
export function kernelArea(
  rgb: Uint8Array,
  rows: Points,
  columns: Points,
  valuesOf: readonly ((sum: number) => number)[],
  row: (y: number, cells: Float32Array) => void,
): boolean {
  const { count } = columns
  if (rows.count !== count || count < 2 || !rows.allInside || !columns.allInside) return false
  const cells = columns.offset.length / count
  if (!arena || arena.bytes.length < spaceFor(rgb.length, columns.offset.length, cells))
    arena = makeArena(spaceFor(rgb.length, columns.offset.length, cells))
  if (!arena) return false
  const { bytes, exports } = arena
  const values = new Float32Array(bytes.buffer, 0, 3 * SUMS)
  for (const [channel, made] of valuesOf.entries())
    for (let sum = 0; sum <= count * count * 255; sum++) values[channel * SUMS + sum] = made(sum)
  const offsetsAt = 3 * SUMS * 4
  const cellsAt = offsetsAt + columns.offset.length * 4
  const rgbAt = cellsAt + cells * 12
  new Int32Array(bytes.buffer, offsetsAt, columns.offset.length).set(columns.offset)
  bytes.set(rgb, rgbAt)
  const line = new Float32Array(bytes.buffer, cellsAt, cells * 3)
  for (let y = 0; y * count < rows.offset.length; y++) {
    const [first, second, third] = [0, 1, 2].map(
      (j) => rgbAt + rows.offset[y * count + Math.min(j, count - 1)]!,
    )
    exports[`area${count}`]!(offsetsAt, cellsAt, cells, first!, second!, third!)
    row(y, line)
  }
  return true
}

/** Of nine bytes at most, and room to a round number. */
const SUMS = 2304

interface Arena {
  readonly bytes: Uint8Array
  readonly exports: WasmExports
}

let arena: Arena | null | undefined

/** The last pixel is read as four bytes. */
function spaceFor(rgbBytes: number, offsets: number, cells: number): number {
  return 3 * SUMS * 4 + offsets * 4 + cells * 12 + rgbBytes + 4
}

/** Null on a processor without the needed instructions. */
function makeArena(bytes: number): Arena | null {
  const memory = wasmMemory(bytes)
  const exports = wasmInstance([area(2), area(3)], memory)
  return exports && { bytes: new Uint8Array(memory.buffer), exports }
}

/** areaN(offsets, cells, count, row, row, row): where N is 2 the third row equals the second and is not read. */
function area(side: 2 | 3): WasmFunction {
  const [offsets, cells, count] = [0, 1, 2] as const
  const pointAt = (j: number, i: number) => 6 + j * side + i
  const sides = Array.from({ length: side }, (_, i) => i)
  const offset = 6 + side * side
  const points = sides.flatMap((j) => sides.map((i) => pointAt(j, i)))
  const sum = (channel: number): Code =>
    points.map((point, k) => [get(point), I32.load8U(channel), k > 0 ? I32.add : []])
  return {
    name: `area${side}`,
    parameters: new Array<'i32'>(6).fill('i32'),
    locals: new Array<'i32'>(side * side + 1).fill('i32'),
    body: repeatWhile(
      [
        sides.map((i) => [
          [get(offsets), I32.load(i * 4), set(offset)],
          sides.map((j) => [get(offset), get(3 + j), I32.add, set(pointAt(j, i))]),
        ]),
        [0, 1, 2].map((channel) => [
          [get(cells), sum(channel), i32(2), I32.shl, I32.load(channel * SUMS * 4)],
          I32.store(channel * 4),
        ]),
        advance(offsets, side * 4),
        advance(cells, 12),
      ],
      [get(count), i32(1), I32.sub, tee(count)],
    ),
  }
}

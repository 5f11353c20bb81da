/**
 * WebAssembly version of yuv-to-rgb.ts with the same results: sixteen columns of two rows at a time, then a rotation.
 */
import { type WasmExports, wasmInstance, wasmMemory } from '../../../base/wasm-module.ts'
import { BLOCK, CONSTANTS_BYTES, CONVERT, RGB_BLOCK, TURN } from './yuv-code.ts'
import { type ColourMaker, type Factors, type Place, type Planes, plainColourMaker } from './yuv-to-rgb.ts'

/** The RGB bytes of a band of rows stay in the second-level cache until they are rotated and copied out. */
const BAND_BYTES = 512 * 1024

/** The kernel when the processor has SIMD, otherwise plain TypeScript. */
export function colourMaker(): ColourMaker {
  maker ??= kernelMaker() ?? plainColourMaker
  return maker
}

let maker: ColourMaker | undefined

/** Null on a processor without SIMD. */
export function kernelMaker(): ColourMaker | null {
  if (!wasmInstance([CONVERT, TURN], wasmMemory(1))) return null
  let arena: Arena | undefined
  return (whole, factors, place, out) => {
    // The values are already clamped, so the bytes are copied directly.
    const bytes = new Uint8Array(out.buffer, out.byteOffset, out.length)
    for (const { planes, left } of place.quarterTurns % 2 === 0
      ? [{ planes: whole, left: 0 }]
      : strips(whole)) {
      const shape = shapeOf(planes)
      if (!arena || !fits(shape, arena.shape)) arena = makeArena(shape)
      writeFactors(arena, factors)
      const there = { ...place, left: place.left + left }
      for (let y = 0; y < planes.rows; y += shape.rows)
        convertBand(arena, planes, y, Math.min(shape.rows, planes.rows - y), there, bytes)
    }
  }
}

/** For a quarter turn the conversion works in strips: a column becomes a row, and more of it fits into the cache. */
const STRIP_COLUMNS = 512

function strips(planes: Planes): { planes: Planes; left: number }[] {
  const { luma, cb, cr, columns } = planes
  return Array.from({ length: Math.ceil(columns / STRIP_COLUMNS) }, (_, i) => {
    const left = i * STRIP_COLUMNS
    const from = { luma: luma.subarray(left), cb: cb.subarray(left / 2), cr: cr.subarray(left / 2) }
    return { planes: { ...planes, ...from, columns: Math.min(STRIP_COLUMNS, columns - left) }, left }
  })
}

/** Bytes of each plane in a band, and its rows. */
interface Shape {
  readonly rows: number
  readonly luma: number
  readonly chroma: number
  readonly rgb: number
  readonly turned: number
}

function shapeOf({ lumaRow, cbRow, crRow, columns, rows: all }: Planes): Shape {
  const rgbRow = Math.ceil(columns / BLOCK) * RGB_BLOCK
  const rows = Math.min(all + (all & 1), Math.max(2, 2 * Math.floor(BAND_BYTES / rgbRow / 2)))
  return {
    rows,
    luma: rows * lumaRow,
    chroma: (rows / 2) * Math.max(cbRow, crRow),
    rgb: rows * rgbRow,
    turned: rows * rgbRow + SPACE * Math.max(rows, columns),
  }
}

function fits(shape: Shape, into: Shape): boolean {
  return (
    shape.luma <= into.luma &&
    shape.chroma <= into.chroma &&
    shape.rgb <= into.rgb &&
    shape.turned <= into.turned
  )
}

interface Arena {
  readonly shape: Shape
  readonly bytes: Uint8Array
  readonly constants: Int32Array
  readonly at: {
    readonly luma: number
    readonly cb: number
    readonly cr: number
    readonly rgb: number
    readonly turned: number
  }
  readonly exports: WasmExports
}

function makeArena(shape: Shape): Arena {
  // The last block of a row reads and writes past the end of the row.
  const spaced = (bytes: number) => Math.ceil((bytes + RGB_BLOCK) / BLOCK) * BLOCK
  const luma = CONSTANTS_BYTES
  const cb = luma + spaced(shape.luma)
  const cr = cb + spaced(shape.chroma)
  const rgb = cr + spaced(shape.chroma)
  const turned = rgb + spaced(shape.rgb)
  const memory = wasmMemory(turned + spaced(shape.turned))
  return {
    shape,
    bytes: new Uint8Array(memory.buffer),
    constants: new Int32Array(memory.buffer, 0, CONSTANTS_BYTES / 4),
    at: { luma, cb, cr, rgb, turned },
    exports: wasmInstance([CONVERT, TURN], memory)!,
  }
}

/**
 * One vector each, in the order of CONSTANTS. Terms that are equal for all pixels are added once, together with the
 * colours.
 */
function writeFactors({ constants }: Arena, factors: Factors): void {
  const { black, brightness, redCr, greenCb, greenCr, blueCb } = factors
  const base = (1 << 15) - black * brightness
  const [red, green, blue] = [redCr, greenCb + greenCr, blueCb].map((sum) => base - 128 * sum)
  for (const [i, value] of [brightness, redCr, greenCb, greenCr, blueCb, red!, green!, blue!].entries())
    constants.fill(value, i * 4, i * 4 + 4)
}

const TURNED_COLUMNS = 32
/** Bytes between the rows of the rotated band. */
const SPACE = 16

function convertBand(
  { bytes, at, exports }: Arena,
  { luma, cb, cr, lumaRow, cbRow, crRow, columns }: Planes,
  y: number,
  rows: number,
  place: Place,
  out: Uint8Array,
): void {
  const [pairs, blocks] = [Math.ceil(rows / 2), Math.ceil(columns / BLOCK)]
  const rgbRow = blocks * RGB_BLOCK
  bytes.set(luma.subarray(y * lumaRow, (y + rows) * lumaRow), at.luma)
  bytes.set(cb.subarray((y / 2) * cbRow, (y / 2 + pairs) * cbRow), at.cb)
  bytes.set(cr.subarray((y / 2) * crRow, (y / 2 + pairs) * crRow), at.cr)
  exports.convert!(at.luma, lumaRow, at.cb, cbRow, at.cr, crRow, at.rgb, rgbRow, blocks, pairs)
  const { first, right, down, sides, left, top, outRow } = turning(place, y, columns, rows, rgbRow)
  const straight = right === 3
  const fromRow = straight ? rgbRow : sides.columns * 3 + SPACE
  // A few columns at a time, so that their cache lines stay in the cache.
  for (let column = 0; !straight && column < sides.columns; column += TURNED_COLUMNS) {
    const [source, target] = [at.rgb + first + column * right, at.turned + column * 3]
    const some = Math.min(TURNED_COLUMNS, sides.columns - column)
    exports.turn!(source, right, down, target, fromRow, some, sides.rows)
  }
  const from = straight ? at.rgb : at.turned
  // When the rows are contiguous on both sides, one copy is sufficient.
  const whole = fromRow === outRow && sides.columns * 3 === outRow
  const [pieces, length] = whole ? [1, sides.rows * outRow] : [sides.rows, sides.columns * 3]
  for (let row = 0; row < pieces; row++) {
    const start = from + row * fromRow
    out.set(bytes.subarray(start, start + length), (top + row) * outRow + left * 3)
  }
}

/** Offset of the first pixel of the rotated band, steps to the next pixel right and down, and the target position. */
function turning(place: Place, y: number, columns: number, rows: number, rgbRow: number) {
  const { width, height, quarterTurns } = place
  const [left, top] = [place.left, place.top + y]
  const [lastColumn, lastRow] = [(columns - 1) * 3, (rows - 1) * rgbRow]
  const [fromRight, fromBottom] = [width - left - columns, height - top - rows]
  const lying = { sides: { columns, rows }, outRow: width * 3 }
  const standing = { sides: { columns: rows, rows: columns }, outRow: height * 3 }
  switch (quarterTurns) {
    case 1:
      return { ...standing, first: lastColumn, right: rgbRow, down: -3, left: top, top: fromRight }
    case 2:
      return {
        ...lying,
        first: lastColumn + lastRow,
        right: -3,
        down: -rgbRow,
        left: fromRight,
        top: fromBottom,
      }
    case 3:
      return { ...standing, first: lastRow, right: -rgbRow, down: 3, left: fromBottom, top: left }
    default:
      return { ...lying, first: 0, right: 3, down: rgbRow, left, top }
  }
}

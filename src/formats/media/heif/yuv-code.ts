/** WebAssembly code of yuv-kernel.ts: converts sixteen columns of two rows at a time, and rotates. */
import {
  advance,
  type Code,
  get,
  I8X16,
  I16X8,
  I32,
  I32X4,
  i32,
  repeatWhile,
  set,
  tee,
  V128,
  type WasmFunction,
} from '../../../base/wasm-module.ts'

/** Columns converted at a time. */
export const BLOCK = 16
export const RGB_BLOCK = 3 * BLOCK

const VECTOR = 16
const CONSTANTS = ['brightness', 'redCr', 'greenCb', 'greenCr', 'blueCb', 'red', 'green', 'blue'] as const
export const CONSTANTS_BYTES = CONSTANTS.length * VECTOR

/** convert(luma, lumaRow, cb, cbRow, cr, crRow, rgb, rgbRow, blocks, pairs) */
export const CONVERT = ((): WasmFunction => {
  const [luma, lumaRow, cb, cbRow, cr, crRow, rgb, rgbRow, blocks, pairs] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
  ] as const
  const [lumaAt, cbAt, crAt, rgbAt, left] = [10, 11, 12, 13, 14] as const
  const constant = (name: (typeof CONSTANTS)[number]) => 15 + CONSTANTS.indexOf(name)
  const [blues, reds, sixteen] = [23, 24, 25] as const
  /** Four pixels each, for red, green and blue: the contribution of their colour samples. */
  const shade = (channel: number, four: number) => 26 + channel * 4 + four
  const grey = (four: number) => 38 + four
  const made = (channel: number) => 42 + channel
  const mixed = 45

  const times = (values: number, half: 'extendLowU' | 'extendHighU', factor: (typeof CONSTANTS)[number]) =>
    [get(values), I32X4[half], get(constant(factor)), I32X4.mul] as Code
  /** From four colour samples, doubled to eight pixels. */
  const shadesOf = (half: 'extendLowU' | 'extendHighU', first: number) => {
    const sums: readonly Code[] = [
      [times(reds, half, 'redCr'), get(constant('red')), I32X4.add],
      [
        times(blues, half, 'greenCb'),
        times(reds, half, 'greenCr'),
        I32X4.add,
        get(constant('green')),
        I32X4.add,
      ],
      [times(blues, half, 'blueCb'), get(constant('blue')), I32X4.add],
    ]
    return sums.map((sum, channel) => [
      [sum, tee(mixed), get(mixed), V128.shuffle(wordLanes([0, 0, 1, 1])), set(shade(channel, first))],
      [get(mixed), get(mixed), V128.shuffle(wordLanes([2, 2, 3, 3])), set(shade(channel, first + 1))],
    ])
  }
  const four = (channel: number, k: number) => [
    [get(grey(k)), get(shade(channel, k)), I32X4.add],
    [i32(16), I32X4.shrS],
  ]
  const oneRow = (lumaOffset: Code, rgbOffset: Code): Code => [
    [get(lumaAt), lumaOffset, V128.load(), set(sixteen)],
    (['extendLowU', 'extendHighU'] as const).map((half, i) => [
      [get(sixteen), I16X8[half], set(mixed)],
      [times(mixed, 'extendLowU', 'brightness'), set(grey(2 * i))],
      [times(mixed, 'extendHighU', 'brightness'), set(grey(2 * i + 1))],
    ]),
    [0, 1, 2].map((channel) => [
      [four(channel, 0), four(channel, 1), I16X8.narrowS],
      [four(channel, 2), four(channel, 3), I16X8.narrowS],
      [I8X16.narrowU, set(made(channel))],
    ]),
    [0, 1, 2].map((third) => [
      [get(rgbAt), rgbOffset],
      [get(made(0)), get(made(1)), V128.shuffle(zipped(third, 0))],
      [get(made(2)), V128.shuffle(zipped(third, 1))],
      V128.store(third * VECTOR),
    ]),
  ]
  const oneBlock = [
    [get(cbAt), V128.load64(), set(sixteen), get(sixteen), I16X8.extendLowU, set(blues)],
    [get(crAt), V128.load64(), set(sixteen), get(sixteen), I16X8.extendLowU, set(reds)],
    shadesOf('extendLowU', 0),
    shadesOf('extendHighU', 2),
    oneRow([], []),
    oneRow([get(lumaRow), I32.add], [get(rgbRow), I32.add]),
    advance(lumaAt, BLOCK),
    advance(cbAt, BLOCK / 2),
    advance(crAt, BLOCK / 2),
    advance(rgbAt, RGB_BLOCK),
  ]
  const next = (at: number, row: number, rows = 1) => [
    Array.from({ length: rows }, () => [get(at), get(row), I32.add, set(at)]),
  ]
  const onePair = [
    [
      get(luma),
      set(lumaAt),
      get(cb),
      set(cbAt),
      get(cr),
      set(crAt),
      get(rgb),
      set(rgbAt),
      get(blocks),
      set(left),
    ],
    repeatWhile(oneBlock, [advance(left, -1), get(left)]),
    [next(luma, lumaRow, 2), next(cb, cbRow), next(cr, crRow), next(rgb, rgbRow, 2)],
  ]
  return {
    name: 'convert',
    parameters: new Array<'i32'>(10).fill('i32'),
    locals: [...new Array<'i32'>(5).fill('i32'), ...new Array<'v128'>(31).fill('v128')],
    body: [
      CONSTANTS.map((name, i) => [i32(i * VECTOR), V128.load(), set(constant(name))]),
      repeatWhile(onePair, [advance(pairs, -1), get(pairs)]),
    ],
  }
})()

function wordLanes(words: readonly number[]): number[] {
  return words.flatMap((word) => [0, 1, 2, 3].map((byte) => word * 4 + byte))
}

/** Sixteen of the 48 bytes of sixteen pixels: first red with green, then the result with blue. */
function zipped(third: number, step: 0 | 1): number[] {
  return Array.from({ length: VECTOR }, (_, i) => {
    const [pixel, channel] = [Math.floor((third * VECTOR + i) / 3), (third * VECTOR + i) % 3]
    if (step === 1) return channel === 2 ? VECTOR + pixel : i
    return channel === 1 ? VECTOR + pixel : pixel
  })
}

/**
 * turn(from, right, down, to, toRow, columns, rows): moves four bytes for each pixel. The next pixel overwrites the
 * last byte; at the end of a row, that byte is in the space between the rows.
 */
export const TURN = ((): WasmFunction => {
  const [from, right, down, to, toRow, columns, rows] = [0, 1, 2, 3, 4, 5, 6] as const
  const [at, put, left] = [7, 8, 9] as const
  const onePixel = [
    [get(put), get(at), I32.load(), I32.store()],
    [get(at), get(right), I32.add, set(at)],
    advance(put, 3),
  ]
  return {
    name: 'turn',
    parameters: new Array<'i32'>(7).fill('i32'),
    locals: ['i32', 'i32', 'i32'],
    body: repeatWhile(
      [
        [get(from), set(at), get(to), set(put), get(columns), set(left)],
        repeatWhile(onePixel, [advance(left, -1), get(left)]),
        [get(from), get(down), I32.add, set(from)],
        [get(to), get(toRow), I32.add, set(to)],
      ],
      [advance(rows, -1), get(rows)],
    ),
  }
})()

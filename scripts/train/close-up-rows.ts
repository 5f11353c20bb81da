/**
 * Rows for the head that knows close-ups of hands: pictures of the parts `tuning` and `tuning-faces` of scripts/held-back-collections.ts
 * alone, and pictures joined of two of
 * them: a hand before a face, or before skin, is no close-up of a hand. A hand before things was tried as one: then hands beside persons counted too.
 */
import { readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { Pixels } from '../../src/contracts/content.ts'

/** One square of a picture, in shares of its shorter side and of what is left of each. */
interface Square {
  readonly side: number
  readonly across: number
  readonly down: number
}

export interface Row {
  readonly file: string
  readonly isCloseUp: boolean
  /** The square that is taken; absent: the whole picture. */
  readonly square?: Square
  /** The hand that is laid over it. */
  readonly hand?: {
    readonly file: string
    readonly size: number
    readonly across: number
    readonly down: number
    readonly isTurned: boolean
  }
}

const HANDS = 'tuning-faces/hands, signs of letters'
const BARE = 'tuning-faces/bare faces'
const OTHERS = [
  'a picture a class',
  'another picture a class',
  'groceries',
  'receipts',
  'dogs and cats',
  'drawn characters',
  'clothes, worn and laid out',
  'everyday scenes',
  'faces of any age',
  'people, some with masks',
  'scenes with people',
]
const FACES = [BARE, 'tuning/faces of any age', 'tuning/people, some with masks']
/** Forehead, cheeks and what lies beside: skin without a hand. */
const SKIN: readonly Square[] = [
  { side: 0.35, across: 0.5, down: 0.75 },
  { side: 0.3, across: 0.3, down: 0.6 },
  { side: 0.4, across: 0.7, down: 0.3 },
]
const JOINED = { faces: 220, skin: 120 } as const
const SEED = 7

export function rowsOf(sets: string): Row[] {
  const files = (stratum: string) => picturesBelow(join(sets, stratum))
  const hands = files(HANDS)
  const draw = numbers(SEED)
  const joined = (many: number, grounds: readonly string[], isSkin = false): Row[] =>
    Array.from({ length: many }, (_, at) => {
      const size = 0.4 + 0.55 * draw()
      const file = grounds[Math.floor(draw() * grounds.length)]!
      const hand = {
        file: hands[(at * 7) % hands.length]!,
        size,
        across: draw() * (1 - size),
        down: 1 - size * (0.75 + 0.25 * draw()),
        isTurned: draw() < 0.5,
      }
      const square = isSkin
        ? { side: 0.25 + 0.2 * draw(), across: 0.25 + 0.5 * draw(), down: 0.3 + 0.4 * draw() }
        : { side: 1, across: 0.5, down: 0.5 }
      return { file, isCloseUp: false, square, hand }
    })
  const bare = files(BARE)
  return [
    ...hands.map((file) => ({ file, isCloseUp: true })),
    ...OTHERS.flatMap((stratum) => files(`tuning/${stratum}`).slice(0, 45)).map((file) => ({
      file,
      isCloseUp: false,
    })),
    ...files('tuning-faces/masked faces')
      .slice(0, 40)
      .map((file) => ({ file, isCloseUp: false })),
    ...bare
      .slice(0, 100)
      .flatMap((file) => [
        { file, isCloseUp: false },
        ...SKIN.map((square) => ({ file, isCloseUp: false, square })),
      ]),
    ...joined(JOINED.faces, FACES.flatMap(files)),
    ...joined(JOINED.skin, bare, true),
  ]
}

/** Side of the pictures that are joined. */
const SIDE = 256
/** Least side of a square, in pixels, and least share of the picture that the hand must cover. */
const LEAST = { pixels: 40, share: 0.05 } as const

/** @returns null where too little is left to be a row */
export function pictureOf(row: Row, ground: Pixels, hand: Pixels | null): Pixels | null {
  if (!row.square) return ground
  const side = Math.floor(Math.min(ground.width, ground.height) * row.square.side)
  if (!row.hand && side < LEAST.pixels) return null
  const left = Math.floor((ground.width - side) * row.square.across)
  const top = Math.floor((ground.height - side) * row.square.down)
  const size = row.hand ? SIDE : side
  const rgb = Buffer.alloc(size * size * 3)
  let covered = 0
  const over = row.hand && hand ? overlay(hand, row.hand) : () => null
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const laid = over(x / size, y / size)
      if (laid) covered++
      rgb.set(laid ?? colour(ground, left + (x * side) / size, top + (y * side) / size), (y * size + x) * 3)
    }
  return row.hand && covered < size * size * LEAST.share ? null : { width: size, height: size, rgb }
}

/** The hand without its ground: redder than it by seven levels of Cr, and as red as skin. */
function overlay(hand: Pixels, { size, across, down, isTurned }: NonNullable<Row['hand']>) {
  const top = Array.from({ length: hand.width - 10 }, (_, x) => colour(hand, x + 5, 6))
  const ground = redness(
    [0, 1, 2].map((c) => top.map((one) => one[c]!).sort((a, b) => a - b)[top.length >> 1]!),
  )
  return (x: number, y: number): readonly number[] | null => {
    const [u, v] = [(x - across) / size, (y - down) / size]
    // Some pictures of hands have a frame.
    if (u < 0.04 || u > 0.96 || v < 0.05 || v > 0.97) return null
    const one = colour(hand, (isTurned ? 1 - u : u) * hand.width, v * hand.height)
    const red = redness(one)
    return red - ground > 7 && red > 135 ? one : null
  }
}

/** Cr of ITU-R BT.601, full range. */
function redness([r, g, b]: readonly number[]): number {
  return 128 + 0.5 * r! - 0.418688 * g! - 0.081312 * b!
}

function colour({ width, height, rgb }: Pixels, x: number, y: number): readonly number[] {
  const at = (Math.min(height - 1, Math.floor(y)) * width + Math.min(width - 1, Math.floor(x))) * 3
  return [rgb[at]!, rgb[at + 1]!, rgb[at + 2]!]
}

function picturesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => ['.jpg', '.jpeg', '.png'].includes(extname(name)))
    .sort()
    .map((name) => join(folder, name))
}

/** Numbers from 0 to 1, the same each time. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return state / 0x7fffffff
  }
}

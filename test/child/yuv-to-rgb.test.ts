import { describe, expect, it } from 'vitest'
import { seeded } from '../../fixtures/pictures.ts'
import { kernelMaker } from '../../src/formats/media/heif/yuv-kernel.ts'
import {
  arePlanes,
  blacken,
  factorsOf,
  type Place,
  type Planes,
  plainColourMaker,
} from '../../src/formats/media/heif/yuv-to-rgb.ts'

const COLOURS = [1, 2, 5, 6, 9].flatMap((matrix) => [true, false].map((fullRange) => ({ matrix, fullRange })))

/** Planes of noise, with the extremes, and rows longer than what is shown of them. */
function planes(columns: number, rows: number, seed: number): Planes {
  const random = seeded(seed)
  const noise = (length: number) =>
    Uint8Array.from({ length }, () => [0, 255, Math.floor(random() * 256)][Math.floor(random() * 3)]!)
  const [lumaRow, cbRow, crRow] = [columns + 5, Math.ceil(columns / 2) + 3, Math.ceil(columns / 2) + 8]
  const half = Math.ceil(rows / 2)
  const [luma, cb, cr] = [noise(lumaRow * rows), noise(cbRow * half), noise(crRow * half)]
  return { luma, cb, cr, lumaRow, cbRow, crRow, columns, rows }
}

describe('colours of a HEIC', () => {
  const kernel = kernelMaker()!

  it('are the same bytes from the kernel and from the plain version, for every matrix, range and turn', () => {
    for (const [i, colour] of COLOURS.entries())
      for (const quarterTurns of [0, 1, 2, 3]) {
        const tile = planes(40 + i * 3, 30 + i * 5, i)
        const place = {
          left: 7,
          top: 12,
          width: 7 + tile.columns + 9,
          height: 12 + tile.rows + 4,
          quarterTurns,
        }
        const [fast, slow] = [kernel, plainColourMaker].map((maker) => made(maker, tile, colour, place))
        expect(fast!.equals(slow!), JSON.stringify({ colour, quarterTurns })).toBe(true)
      }
  })

  it('are the same at every width and height, and over several bands', () => {
    const sizes = [
      ...Array.from({ length: 34 }, (_, i) => [i + 1, 34 - i] as const),
      [2000, 421] as const,
      [512, 512] as const,
    ]
    for (const [i, [columns, rows]] of sizes.entries())
      for (const quarterTurns of [0, 1, 2, 3]) {
        const tile = planes(columns, rows, i)
        const place = { left: 0, top: 0, width: columns, height: rows, quarterTurns }
        const [fast, slow] = [kernel, plainColourMaker].map((maker) => made(maker, tile, COLOURS[0]!, place))
        expect(fast!.equals(slow!), `${columns} × ${rows}, ${quarterTurns}`).toBe(true)
      }
  })

  it('are black where there is nothing of a tile, and as they were around it', () => {
    const tile = planes(20, 14, 1)
    const black = { ...tile, luma: tile.luma.fill(0), cb: tile.cb.fill(128), cr: tile.cr.fill(128) }
    for (const quarterTurns of [0, 1, 2, 3]) {
      const place = { left: 6, top: 8, width: 40, height: 30, quarterTurns }
      const [made, none] = [0, 1].map(() => new Uint8ClampedArray(40 * 30 * 3).fill(9))
      plainColourMaker(black, factorsOf({ matrix: 1, fullRange: true })!, place, made!)
      blacken(place, tile, none!)
      expect(none, String(quarterTurns)).toEqual(made)
    }
  })

  it('are not made of planes that are shorter than what is to be shown', () => {
    const whole = planes(33, 21, 1)
    expect(arePlanes(whole)).toBe(true)
    for (const plane of ['luma', 'cb', 'cr'] as const)
      expect(arePlanes({ ...whole, [plane]: whole[plane].subarray(0, whole[plane].length - 9) })).toBe(false)
    expect(arePlanes({ ...whole, lumaRow: 32 })).toBe(false)
  })
})

function made(
  maker: typeof plainColourMaker,
  tile: Planes,
  colour: { readonly matrix: number; readonly fullRange: boolean },
  place: Place,
): Buffer {
  // What lies outside the tile must stay as it was.
  const out = new Uint8ClampedArray(place.width * place.height * 3).fill(77)
  maker(tile, factorsOf(colour)!, place, out)
  return Buffer.from(out.buffer)
}

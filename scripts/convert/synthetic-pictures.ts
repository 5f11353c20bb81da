/**
 * Drawn pictures for golden tests: the same pixels on every machine, from whole-number arithmetic only.
 *
 * They show nothing. They are there to drive every layer of a model with smooth parts, edges, noise and colour.
 */
import type { Pixels } from '../../src/contracts.ts'

export interface SyntheticPicture {
  readonly name: string
  readonly pixels: Pixels
}

export function syntheticPictures(): SyntheticPicture[] {
  return [
    picture('gradient 640x480', 640, 480, (x, y) => [
      (x * 255) / 639,
      (y * 255) / 479,
      ((x + y) * 255) / 1118,
    ]),
    picture('discs 811x1024', 811, 1024, (x, y, noise) => {
      const near = DISCS.find(([cx, cy, r]) => (x - cx) ** 2 + (y - cy) ** 2 < r * r)
      const [r, g, b] = near ? [near[3], near[4], near[5]] : [40 + (y >> 4), 90, 140 - (y >> 4)]
      return [r + (noise & 15), g + (noise & 15), b + (noise & 15)]
    }),
    picture('noise 97x131', 97, 131, (_x, _y, noise) => [
      noise & 255,
      (noise >> 8) & 255,
      (noise >> 16) & 255,
    ]),
    picture('warm blocks 1536x1024', 1536, 1024, (x, y, noise) => {
      const cell = ((x >> 6) * 7 + (y >> 6) * 13) & 31
      return [170 + cell * 2 + (noise & 7), 120 + cell + (noise & 7), 90 + (cell >> 1) + (noise & 7)]
    }),
    picture('checks 224x224', 224, 224, (x, y) =>
      ((x >> 3) + (y >> 3)) & 1 ? [230, 230, 230] : [20, 20, 60],
    ),
  ]
}

const DISCS: readonly (readonly [number, number, number, number, number, number])[] = [
  [400, 380, 190, 205, 160, 130],
  [330, 330, 26, 30, 30, 40],
  [470, 330, 26, 30, 30, 40],
  [400, 800, 260, 120, 30, 40],
]

type Colour = readonly [number, number, number]

function picture(
  name: string,
  width: number,
  height: number,
  colour: (x: number, y: number, noise: number) => Colour | readonly number[],
): SyntheticPicture {
  const rgb = new Uint8Array(width * height * 3)
  let state = 0x9e3779b9
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      // xorshift32: G. Marsaglia, "Xorshift RNGs", 2003
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      const [r, g, b] = colour(x, y, state >>> 0)
      rgb[at] = Math.min(255, Math.floor(r!))
      rgb[at + 1] = Math.min(255, Math.floor(g!))
      rgb[at + 2] = Math.min(255, Math.floor(b!))
    }
  }
  return { name, pixels: { width, height, rgb } }
}

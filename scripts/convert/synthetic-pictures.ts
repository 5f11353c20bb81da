/**
 * Drawn pictures for golden tests: the same pixels on every machine, from whole-number arithmetic only.
 *
 * They show nothing. They are there to drive every layer of a model with smooth parts, edges, noise and colour.
 */
import type { Pixels } from '../../src/contracts/content.ts'

export interface SyntheticPicture {
  readonly name: string
  readonly pixels: Pixels
}

/** Pictures of several shapes, for models whose resizing is part of the test. */
export function syntheticPictures(): SyntheticPicture[] {
  return [
    drawing('gradient', 640, 480),
    drawing('discs', 811, 1024),
    drawing('noise', 97, 131),
    drawing('warm blocks', 1536, 1024),
    drawing('checks', 224, 224),
  ]
}

/** The same drawings at a model's own size, where no resizing takes place. */
export function squarePictures(side: number): SyntheticPicture[] {
  return [...DRAWINGS.keys()].map((name) => drawing(name, side, side))
}

const SAMPLE = 256

/** At most 256 numbers of an output, evenly spread: what a golden file keeps of it. An odd step meets every column. */
export function goldenSample(output: Float32Array): number[] {
  const step = output.length <= SAMPLE ? 1 : Math.ceil(output.length / SAMPLE) | 1
  return [...output].filter((_, i) => i % step === 0)
}

function drawing(name: string, width: number, height: number): SyntheticPicture {
  return picture(`${name} ${width}x${height}`, width, height, DRAWINGS.get(name)!(width, height))
}

const DRAWINGS: ReadonlyMap<string, (width: number, height: number) => Paint> = new Map([
  ['gradient', (w, h) => (x, y) => [(x * 255) / (w - 1), (y * 255) / (h - 1), ((x + y) * 255) / (w + h - 2)]],
  [
    'discs',
    (w, h) => {
      const unit = 1024 / Math.max(w, h)
      return (x, y, noise) => {
        const near = DISCS.find(([cx, cy, r]) => (x * unit - cx) ** 2 + (y * unit - cy) ** 2 < r * r)
        const [r, g, b] = near ? [near[3], near[4], near[5]] : [40 + (y >> 4), 90, 140 - (y >> 4)]
        return [r + (noise & 15), g + (noise & 15), b + (noise & 15)]
      }
    },
  ],
  ['noise', () => (_x, _y, noise) => [noise & 255, (noise >> 8) & 255, (noise >> 16) & 255]],
  [
    'warm blocks',
    () => (x, y, noise) => {
      const cell = ((x >> 6) * 7 + (y >> 6) * 13) & 31
      return [170 + cell * 2 + (noise & 7), 120 + cell + (noise & 7), 90 + (cell >> 1) + (noise & 7)]
    },
  ],
  ['checks', () => (x, y) => (((x >> 3) + (y >> 3)) & 1 ? [230, 230, 230] : [20, 20, 60])],
])

const DISCS: readonly (readonly [number, number, number, number, number, number])[] = [
  [400, 380, 190, 205, 160, 130],
  [330, 330, 26, 30, 30, 40],
  [470, 330, 26, 30, 30, 40],
  [400, 800, 260, 120, 30, 40],
]

type Colour = readonly number[]
type Paint = (x: number, y: number, noise: number) => Colour

function picture(name: string, width: number, height: number, paint: Paint): SyntheticPicture {
  const rgb = new Uint8Array(width * height * 3)
  let state = 0x9e3779b9
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      // xorshift32: G. Marsaglia, "Xorshift RNGs", 2003
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      const [r, g, b] = paint(x, y, state >>> 0)
      rgb[at] = Math.min(255, Math.floor(r!))
      rgb[at + 1] = Math.min(255, Math.floor(g!))
      rgb[at + 2] = Math.min(255, Math.floor(b!))
    }
  }
  return { name, pixels: { width, height, rgb } }
}

import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { seeded } from '../../fixtures/pictures.ts'
import { syntheticPictures } from '../../scripts/convert/synthetic-pictures.ts'
import { kernelArea, points } from '../../src/classify/area-kernel.ts'
import type { ModelInput } from '../../src/classify/model-card.ts'
import { type Box, inputOf } from '../../src/classify/pixels.ts'
import type { Pixels } from '../../src/contracts/content.ts'

const input = (part: Partial<ModelInput> = {}): ModelInput => ({
  name: 'input',
  layout: 'NHWC',
  width: 224,
  height: 224,
  channels: 'RGB',
  mean: [0, 0, 0],
  divisor: [255, 255, 255],
  resize: 'squash',
  sampling: 'bilinear-align-corners',
  ...part,
})

const plain: Pixels = { width: 4, height: 2, rgb: Uint8Array.from({ length: 24 }, (_, i) => i * 10) }
const identity = { mean: [0, 0, 0], divisor: [1, 1, 1] } as const

/** The slow obvious version: one pixel at a time, by the formula. */
function naive(pixels: Pixels, to: ModelInput, box: Box): number[] {
  const read = (x: number, y: number, c: number): number => {
    const px = Math.min(pixels.width - 1, Math.max(0, x))
    const py = Math.min(pixels.height - 1, Math.max(0, y))
    return pixels.rgb[(py * pixels.width + px) * 3 + c]!
  }
  const out: number[] = []
  for (let y = 0; y < to.height; y++) {
    for (let x = 0; x < to.width; x++) {
      const sx = box.x + (x * (box.width - 1)) / (to.width - 1)
      const sy = box.y + (y * (box.height - 1)) / (to.height - 1)
      const inside = sx > -1 && sx < pixels.width && sy > -1 && sy < pixels.height
      for (let c = 0; c < 3; c++) {
        const fx = sx - Math.floor(sx)
        const fy = sy - Math.floor(sy)
        const row = (v: number) => read(Math.floor(sx), v, c) * (1 - fx) + read(Math.ceil(sx), v, c) * fx
        const value = row(Math.floor(sy)) * (1 - fy) + row(Math.ceil(sy)) * fy
        out.push(((inside ? value : 0) - to.mean[c]!) / to.divisor[c]!)
      }
    }
  }
  return out
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  let worst = 0
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i]! - b[i]!))
  return worst
}

describe('inputOf', () => {
  it.each(syntheticPictures())('resizes $name as the original runtime does', ({ pixels }) => {
    for (const side of [224, 299]) {
      const expected = tf.tidy(() => {
        const picture = tf.tensor3d(Int32Array.from(pixels.rgb), [pixels.height, pixels.width, 3], 'int32')
        const scaled = picture.toFloat().div<tf.Tensor3D>(tf.scalar(255))
        return tf.image.resizeBilinear(scaled, [side, side], true).dataSync()
      })
      const got = inputOf(pixels, input({ width: side, height: side }))
      expect(largestDifference(got, expected)).toBeLessThan(1e-5)
    }
  })

  it('agrees with the slow version on parts of a picture that reach over its edges', () => {
    const { pixels } = syntheticPictures()[2]!
    const to = input({ width: 31, height: 17, mean: [104, 117, 124], divisor: [2, 3, 4] })
    for (const box of [
      { x: 3, y: 5, width: 40, height: 40 },
      { x: -20, y: -10, width: 60, height: 60 },
      { x: 80.25, y: 100.5, width: 33.3, height: 44.4 },
    ]) {
      expect(largestDifference(inputOf(pixels, to, box), naive(pixels, to, box))).toBeLessThan(1e-4)
    }
  })

  it('gives the pixels themselves when nothing is to be resized', () => {
    const got = inputOf(plain, input({ width: 4, height: 2, ...identity }))
    expect([...got]).toEqual([...plain.rgb])
  })

  it('turns to planes and to BGR, each channel with its own mean', () => {
    const to = input({
      width: 4,
      height: 2,
      layout: 'NCHW',
      channels: 'BGR',
      mean: [1, 2, 3],
      divisor: [1, 1, 1],
    })
    const got = inputOf(plain, to)
    expect([got[0], got[8], got[16]]).toEqual([20 - 1, 10 - 2, 0 - 3])
    expect([got[7], got[15], got[23]]).toEqual([230 - 1, 220 - 2, 210 - 3])
  })

  it('pads with black at the end or on both sides, and cuts the middle out', () => {
    const row = (resize: ModelInput['resize']) =>
      [...inputOf(plain, input({ width: 4, height: 4, resize, ...identity }))].filter((_, i) => i % 12 === 0)
    expect(row('pad-end')).toEqual([0, 120, 0, 0])
    expect(row('pad-centre')).toEqual([0, 0, 120, 0])
    expect(inputOf(plain, input({ width: 2, height: 2, resize: 'crop-centre', ...identity }))[0]).toBe(30)
  })

  it('averages what a cell covers when the card asks for area sampling', () => {
    const checks: Pixels = {
      width: 4,
      height: 4,
      rgb: Uint8Array.from({ length: 48 }, (_, i) => ((Math.floor(i / 3) + (i >= 24 ? 1 : 0)) % 2) * 200),
    }
    const got = inputOf(checks, input({ width: 2, height: 2, sampling: 'area', ...identity }))
    for (const value of got) expect(value).toBe(100)
  })

  it('gives the same numbers by the kernel (packed) as by the plain version (in planes)', () => {
    const identical = [0, 1, 2].map(() => (sum: number) => sum)
    const [rows, columns] = [points(0, 90, 30, 90, 270), points(0, 90, 30, 90, 3)]
    expect(kernelArea(new Uint8Array(90 * 270), rows, columns, identical, () => {})).toBe(true)
    const random = seeded(3)
    for (const [width, height] of [
      [400, 300],
      [170, 128],
      [120, 90],
      [64, 300],
      [60, 31],
    ] as const) {
      const rgb = Uint8Array.from({ length: width * height * 3 }, () => Math.floor(random() * 256))
      for (const resize of ['pad-end', 'pad-centre', 'squash'] as const) {
        const to = input({
          width: 64,
          height: 64,
          sampling: 'area',
          resize,
          mean: [127.5, 120, 9],
          divisor: [127.5, 3, 7],
        })
        const packed = inputOf({ width, height, rgb }, to)
        const planes = inputOf({ width, height, rgb }, { ...to, layout: 'NCHW' })
        const cells = 64 * 64
        const turned = planes.map((_, i) => planes[(i % 3) * cells + Math.floor(i / 3)]!)
        expect(Buffer.from(packed.buffer).equals(Buffer.from(turned.buffer)), `${width} × ${height}`).toBe(
          true,
        )
      }
    }
  })

  it('takes a picture of one pixel', () => {
    const one: Pixels = { width: 1, height: 1, rgb: Uint8Array.of(10, 20, 30) }
    const got = inputOf(one, input({ width: 3, height: 3, ...identity }))
    expect([...got.subarray(0, 3)]).toEqual([10, 20, 30])
    expect([...got.subarray(24)]).toEqual([10, 20, 30])
  })
})

import { describe, expect, it } from 'vitest'
import { lessRed } from '../../src/classify/covered-face.ts'
import type { Pixels } from '../../src/contracts/content.ts'

const SKIN = [0xd8, 0xa4, 0x7e] as const
const EYES = { right: [80, 80], left: [120, 80] } as const

/** A picture of one colour, with another from the nose downwards. */
function halves(upper: readonly number[], lower: readonly number[]): Pixels {
  const [width, height] = [200, 200]
  const rgb = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rgb.set(y < 112 ? upper : lower, (y * width + x) * 3)
  return { width, height, rgb }
}

describe('a covered lower half of a face', () => {
  it.each([
    ['a mask of paper', [0xa8, 0xcb, 0xe8]],
    ['a white mask', [0xf0, 0xf0, 0xf0]],
    ['a black mask', [0x18, 0x18, 0x18]],
  ])('is told by %s', (_, cloth) => {
    expect(lessRed(halves(SKIN, cloth), EYES)).toBeGreaterThan(6)
  })

  it.each([
    ['bare skin', SKIN, SKIN],
    ['skin in the shade', SKIN, [0x90, 0x68, 0x50]],
    ['dark skin with a lighter chin', [0x5a, 0x3a, 0x2a], [0x7a, 0x52, 0x3c]],
    ['a grey picture', [0xb0, 0xb0, 0xb0], [0xf0, 0xf0, 0xf0]],
  ])('is not told of %s', (_, upper, lower) => {
    expect(lessRed(halves(upper, lower), EYES)).toBeLessThan(6)
  })

  it('is not told where the lower half lies outside of the picture', () => {
    const eyes = { right: [80, 180], left: [120, 180] } as const
    expect(lessRed(halves(SKIN, SKIN), eyes)).toBe(0)
  })

  it('is told of a head on its side too', () => {
    const { width, height, rgb } = halves(SKIN, [0xa8, 0xcb, 0xe8])
    const turned = Buffer.alloc(rgb.length)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        turned.set(rgb.subarray((x * width + y) * 3, (x * width + y) * 3 + 3), (y * width + x) * 3)
    // Down is now right: the person's left eye is above.
    expect(lessRed({ width, height, rgb: turned }, { right: [80, 120], left: [80, 80] })).toBeGreaterThan(6)
  })
})

import { describe, expect, it } from 'vitest'
import { marked, writable } from '../../src/review/mark.ts'

const plain = (level: number) => ({ width: 400, height: 300, pixels: Buffer.alloc(400 * 300, level) })

describe('the mark of a reveal', () => {
  it('is burnt in at 35 % all over the picture, whatever its brightness, and plain below it', () => {
    for (const [level, mark] of [
      [0, 89],
      [100, 154],
      [128, 83],
      [255, 166],
    ] as const) {
      const { width, height, pixels } = marked(plain(level), 1, 'CASE 1 A. EXAMPLE #7')
      expect([width, height]).toEqual([400, 322])
      const inside = pixels.subarray(0, 400 * 300)
      expect(new Set(inside)).toEqual(new Set([level, mark]))
      // No stretch of seventy rows is without it.
      for (let row = 0; row + 70 <= 300; row += 35)
        expect(pixels.subarray(400 * row, 400 * (row + 70)).includes(mark)).toBe(true)
      expect(new Set(pixels.subarray(400 * 300))).toEqual(new Set([0, 235]))
    }
  })

  it('wraps where the picture is narrow, so that all of it stands there', () => {
    const { height } = marked(
      { width: 40, height: 30, pixels: Buffer.alloc(40 * 30 * 3, 9) },
      3,
      'A'.repeat(10),
    )
    expect(height).toBe(30 + 22 * 3)
  })

  it('writes letters that it has no glyph for as their code points, and never leaves one out', () => {
    expect(writable('Žygimantė Ąžuolas')).toBe('ZYGIMANTE AZUOLAS')
    expect(writable('Ж1')).toBe('(416)1')
    expect(writable('a\u202eb')).toBe('A(202E)B')
  })
})

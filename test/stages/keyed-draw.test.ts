import { createCipheriv, randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { KeyedDraw } from '../../src/pipeline/keyed-draw.ts'

it('draws what openssl says of the key, and about as many as were asked for', () => {
  const key = randomBytes(32)
  const draw = new KeyedDraw(key)
  const entries = Array.from({ length: 100_000 }, (_, n) => n)
  const drawn = entries.filter((entry) => draw.isDrawn(entry, 0.01))
  const stream = createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(4 * entries.length))
  expect(drawn).toEqual(entries.filter((entry) => stream.readUInt32BE(4 * entry) < 0.01 * 2 ** 32))
  expect(drawn.length).toBeGreaterThan(700)
  expect(drawn.length).toBeLessThan(1300)
  expect(new KeyedDraw(randomBytes(32)).isDrawn(drawn[0]!, 1)).toBe(true)
  expect(draw.isDrawn(drawn[0]!, 0)).toBe(false)
})

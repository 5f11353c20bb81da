import { createHmac, randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { keyedDigest } from '../../src/lab/work/keyed.ts'

it.each([0, 32, 64, 65, 200])('is HMAC-SHA-256 under a key of %i bytes', (bytes) => {
  const key = randomBytes(bytes)
  const keyed = keyedDigest(key)
  for (const value of [Buffer.alloc(32), randomBytes(32), randomBytes(32)])
    expect(keyed(value)).toEqual(createHmac('sha256', key).update(value).digest())
})

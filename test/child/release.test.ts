import { describe, expect, it } from 'vitest'
import { release } from '../../src/child/picture/release.ts'

const MIB = 1 << 20

describe('memory of pixels', () => {
  it('is given back where a picture has it for itself', () => {
    const pixels = new Uint8Array(MIB)
    release(pixels)
    expect(pixels.length).toBe(0)
  })

  it('stays where something else lies in it, and where it is small', () => {
    const file = Buffer.alloc(2 * MIB + 1, 7)
    const small = new Uint8Array(MIB - 1)
    for (const pixels of [file.subarray(1), file.subarray(0, 2 * MIB), small]) release(pixels)
    expect([file.length, file[2 * MIB], small.length]).toEqual([2 * MIB + 1, 7, MIB - 1])
  })
})

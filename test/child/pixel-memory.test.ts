import { describe, expect, it } from 'vitest'
import { pixelMemory, release } from '../../src/formats/media/pixels/pixel-memory.ts'

const MIB = 1 << 20

describe('memory of pixels', () => {
  it('is given back where a picture has it for itself', () => {
    const pixels = new Uint8Array(MIB)
    release(pixels)
    expect(pixels.length).toBe(0)
  })

  it('stays where something else lies in it, and where it is small', () => {
    const file = Buffer.alloc(2 * MIB + 1, 7)
    const small = new Uint8Array(MIB / 2 - 1)
    for (const pixels of [file.subarray(1), file.subarray(0, 2 * MIB), small]) release(pixels)
    expect([file.length, file[2 * MIB], small.length]).toEqual([2 * MIB + 1, 7, MIB / 2 - 1])
  })

  it('is lent again, of the length that is asked for, to one at a time', () => {
    const first = pixelMemory(2 * MIB).fill(7)
    release(first)
    release(first)
    const second = pixelMemory(2 * MIB - 5)
    expect([second.buffer === first.buffer, second.length, second[0]]).toEqual([true, 2 * MIB - 5, 7])
    const beside = pixelMemory(2 * MIB)
    expect(beside.buffer).not.toBe(second.buffer)
    release(second)
    release(beside)
    expect(pixelMemory(2 * MIB).buffer).toBe(beside.buffer)
  })
})

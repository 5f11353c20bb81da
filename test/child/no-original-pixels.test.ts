/** What a look answers is searched for the picture it looked at: as pixels, re-encoded, and as a thumbnail. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JobPool } from '../../src/host/decoder/job-pool.ts'
import { drawing, HEIGHT, samples, WIDTH } from './draw-picture.ts'
import { look, lookPool } from './look-pool.ts'

let pool: JobPool
beforeAll(() => {
  pool = lookPool()
})
afterAll(() => pool.close())

/** Beginnings of every way to write a picture that a browser or a viewer would show. */
const SIGNATURES = ['ffd8ff', '89504e47', '474946383', '52494646', '49492a00', '4d4d002a', '66747970']

describe('a look', () => {
  it('answers with at most 16 × 16 grey cells and no run of original pixels', async () => {
    const original = Buffer.from(drawing())
    const grey = await sharp(original, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
      .greyscale()
      .raw()
      .toBuffer()
    for (const { mediaType, bytes } of await samples()) {
      const { preview, findings, result } = await look(pool, bytes, mediaType, { gps: true })
      const text = JSON.stringify({ findings, result })
      expect(text.length).toBeLessThan(4000)
      for (const signature of SIGNATURES) expect(text.toLowerCase()).not.toContain(signature)
      if (preview === null) throw new Error(`${mediaType} has no preview`)
      expect(preview.cells.length).toBe(preview.width * preview.height)
      expect(Math.max(preview.width, preview.height)).toBeLessThanOrEqual(16)
      // Six cells in a row that equal six neighbouring pixels would be the picture itself, not a mean of it.
      for (let at = 0; at + 6 <= preview.cells.length; at++) {
        expect(grey.includes(preview.cells.subarray(at, at + 6))).toBe(false)
      }
    }
  })

  it('leaves nothing behind in the folder for temporary files', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'seized-temporary-'))
    const before = process.env.TMPDIR
    process.env.TMPDIR = folder
    const own = lookPool()
    try {
      // Interlaced and over 100 MB of pixels: libvips would go through a temporary file if it were let.
      const large = await sharp({ create: { width: 7000, height: 6000, channels: 3, background: '#204060' } })
        .png({ progressive: true, compressionLevel: 1 })
        .toBuffer()
      const { result } = await look(own, large, 'image/png', { preview: 'never' })
      expect(result).toEqual({ result: 'done' })
      expect(readdirSync(folder)).toEqual([])
    } finally {
      await own.close()
      if (before === undefined) delete process.env.TMPDIR
      else process.env.TMPDIR = before
      rmSync(folder, { recursive: true })
    }
  })
})

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { heicFile } from '../../bench/heic-file.ts'
import { drawRgb, seeded } from '../../fixtures/pictures.ts'
import { decodeByLibheif, heifDecoder } from '../../src/formats/media/heif/decode-heif.ts'
import { decodeHevc } from '../../src/formats/media/heif/decode-hevc.ts'
import { decodePicture } from '../../src/formats/media/picture/decode.ts'
import type { Picture } from '../../src/formats/media/pixels/picture.ts'
import { pixelMemory, release } from '../../src/formats/media/pixels/pixel-memory.ts'
import { pdqFromRgb } from '../../src/hash/pdq.ts'

const LIMITS = { pixels: 1_000_000 }
const fixture = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../fixtures/pictures/${name}`, import.meta.url)))

beforeAll(() => heifDecoder.load())

async function both(file: Buffer): Promise<[Picture, Picture]> {
  const [fast, slow] = [await decodeHevc(file, LIMITS), await decodeByLibheif(file, LIMITS)]
  if (!fast?.ok || !slow.ok) throw new Error('not decoded by both')
  return [fast.picture, slow.picture]
}

function meanDifference(fast: Picture, slow: Picture): number {
  let sum = 0
  for (let pixel = 0; pixel < fast.width * fast.height; pixel++)
    for (let c = 0; c < 3; c++)
      sum += Math.abs((fast.data[pixel * 3 + c] as number) - (slow.data[pixel * slow.channels + c] as number))
  return sum / (fast.width * fast.height * 3)
}

function bitsApart(a: Picture, b: Picture): number {
  const [x, y] = [a, b].map((p) => Buffer.from(pdqFromRgb(p.data, p.width, p.height, p.channels).hex, 'hex'))
  let bits = 0
  for (const [i, byte] of x!.entries()) for (let rest = byte ^ y![i]!; rest !== 0; rest &= rest - 1) bits++
  return bits
}

describe('HEIC through FFmpeg', () => {
  it.each(['libheif.heic', 'libheif-tiles.heic'])('shows %s as libheif does', async (name) => {
    const [fast, slow] = await both(fixture(name))
    expect([fast.width, fast.height, fast.orientation]).toEqual([640, 480, 1])
    expect([slow.width, slow.height]).toEqual([640, 480])
    expect(meanDifference(fast, slow)).toBeLessThan(1)
    expect(bitsApart(fast, slow)).toBeLessThanOrEqual(10)
  })

  it.each([0, 1, 2, 3])('makes %i quarter turns as libheif does', async (quarterTurns) => {
    const drawing = { seed: 5, width: 322, height: 240 }
    const [fast, slow] = await both(await heicFile(drawRgb(drawing), 322, 240, { quarterTurns }))
    expect([fast.width, fast.height]).toEqual([slow.width, slow.height])
    expect(meanDifference(fast, slow)).toBeLessThan(1)
  })

  it('leaves to libheif what is stored in another way', async () => {
    const turned = await heicFile(drawRgb({ seed: 5, width: 64, height: 48 }), 64, 48, { quarterTurns: 1 })
    expect((await decodeHevc(turned, LIMITS))?.ok).toBe(true)
    const mirrored = Buffer.from(turned)
    mirrored.write('imir', turned.indexOf('irot'))
    expect(await decodeHevc(mirrored, LIMITS)).toBeNull()
    expect(await decodeHevc(fixture('libheif.avif'), LIMITS)).toBeNull()
  })

  it('shows the tiles that are left of a file that is cut short, and says how many are not', async () => {
    const whole = fixture('libheif-tiles.heic')
    const cut = whole.subarray(0, Math.floor(whole.length * 0.7))
    const decoded = await decodePicture(cut, 'image/heic', LIMITS)
    if (!decoded.ok) throw new Error(decoded.detail.code)
    expect(decoded.leniently).toMatchObject({ code: 'tiles-missing', params: { of: 20 } })
    const first = (picture: Picture) => picture.data.subarray(0, 128 * picture.channels)
    const reference = await decodeHevc(whole, LIMITS)
    if (!reference?.ok) throw new Error('the whole file was not decoded')
    expect(first(decoded.picture)).toEqual(first(reference.picture))
  })

  it('shows black where a tile is missing, and nothing of the picture before', async () => {
    const whole = fixture('libheif-tiles.heic')
    const at = whole.indexOf('mdat') + 1500
    const damaged = Buffer.from(whole).fill(0, at, at + 700)
    const shown = async () => {
      const decoded = await decodeHevc(damaged, LIMITS)
      if (!decoded?.ok) throw new Error('not decoded')
      expect(decoded.leniently?.code).toBe('tiles-missing')
      return decoded.picture.data
    }
    // What is kept of an earlier picture is taken, and not given back.
    pixelMemory(LIMITS.pixels * 3)
    const inFreshMemory = await shown()
    release(pixelMemory(inFreshMemory.length).fill(255))
    expect(Buffer.from(await shown()).equals(inFreshMemory)).toBe(true)
  })

  it('shows a picture that has more columns of tiles than it is wide', async () => {
    const file = Buffer.from(fixture('libheif-tiles.heic'))
    // Four rows of five columns: 640 × 480, of which the last column is left out.
    const grid = file.indexOf('00000304028001e0', 0, 'hex')
    file.writeUInt16BE(500, grid + 4)
    const [narrow, whole] = [
      await decodeHevc(file, LIMITS),
      await decodeHevc(fixture('libheif-tiles.heic'), LIMITS),
    ]
    if (!narrow?.ok || !whole?.ok) throw new Error('not decoded')
    expect([narrow.picture.width, narrow.picture.height]).toEqual([500, 480])
    for (const row of [0, 479])
      expect(narrow.picture.data.subarray(row * 1500, (row + 1) * 1500)).toEqual(
        whole.picture.data.subarray(row * 1920, row * 1920 + 1500),
      )
  })

  it('says of damage that libheif passes over', async () => {
    for (const [name, words] of [
      ['libheif-tiles.heic', { code: 'tiles-missing', params: { of: 20 } }],
      ['libheif.heic', { code: 'second-decoder' }],
    ] as const) {
      const whole = fixture(name)
      const at = whole.indexOf('mdat') + 1500
      const damaged = Buffer.from(whole).fill(0, at, at + 700)
      expect(await decodeByLibheif(damaged, LIMITS)).toMatchObject({ ok: true, leniently: null })
      const decoded = await decodePicture(damaged, 'image/heic', LIMITS)
      expect(decoded).toMatchObject({ ok: true, leniently: words })
    }
  })

  it('keeps the limit of pixels', async () => {
    expect(await decodeHevc(fixture('libheif-tiles.heic'), { pixels: 640 * 480 - 1 })).toMatchObject({
      ok: false,
      reason: 'over-pixel-limit',
    })
  })

  it('throws at nothing that is damaged, and gives whole pictures only', async () => {
    const random = seeded(7)
    for (const name of ['libheif.heic', 'libheif-tiles.heic']) {
      const whole = fixture(name)
      for (let i = 0; i < 150; i++) {
        const damaged = Buffer.from(whole)
        // Most in the index, which comes first.
        const within = i % 3 === 0 ? whole.length : whole.indexOf('mdat')
        damaged[Math.floor(random() * within)] = Math.floor(random() * 256)
        const decoded = await decodeHevc(damaged, LIMITS)
        if (decoded?.ok) {
          const { width, height, data } = decoded.picture
          expect(data.length).toBe(width * height * 3)
        }
      }
    }
  }, 180_000)
})

/** Files in pieces: how far a JPEG decodes, and a PNG that is put together or not given. */
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { noise } from '../../fixtures/pictures.ts'
import { assembled } from '../../src/formats/image/remains/assemble.ts'
import { FreeClusters } from '../../src/formats/image/remains/free-clusters.ts'
import { JpegStream } from '../../src/formats/image/remains/jpeg/stream.ts'
import { PngWalk } from '../../src/formats/image/remains/png-walk.ts'
import { decodesInPart, isWholeByDecoding } from '../../src/formats/image/remains/whole.ts'

const CLUSTER = 512
const raw = (seed: number, width = 120, height = 90) =>
  sharp(noise(seed, width * height * 3), { raw: { width, height, channels: 3 } })

describe('coded data of a JPEG', () => {
  it.each([
    { what: 'sequential', options: {} },
    { what: 'without subsampling', options: { chromaSubsampling: '4:4:4' } },
    { what: 'with the tables of the standard', options: { optimizeCoding: false } },
    { what: 'progressive', options: { progressive: true } },
    { what: 'progressive by mozjpeg', options: { mozjpeg: true } },
  ])('end where the picture ends, and not before: $what', async ({ options }) => {
    for (const [width, height] of [
      [120, 90],
      [33, 17],
      [8, 8],
      [257, 64],
    ] as const) {
      const bytes = await raw(width, width, height).jpeg(options).toBuffer()
      expect(isWholeByDecoding(bytes)).toBe('decoding')
      const walk = new JpegStream()
      expect(walk.walk(Buffer.concat([bytes, noise(1, 900)]), bytes.length + 900)).toBe('whole')
      expect(walk.at).toBe(bytes.length)
      expect(isWholeByDecoding(Buffer.concat([bytes, Buffer.alloc(1)]))).toBeNull()
      expect(decodesInPart(bytes)).toBeNull()
      const cut = decodesInPart(bytes.subarray(0, bytes.length - 20))
      expect(cut?.ofRows).toBe(height)
    }
  })

  it('say to which row they decode where another picture goes on', async () => {
    const [one, other] = [await raw(1).jpeg().toBuffer(), await raw(2).jpeg().toBuffer()]
    const border = Math.floor(one.length / 2 / CLUSTER) * CLUSTER
    const mixed = Buffer.concat([one.subarray(0, border), other.subarray(border)])
    const first = decodesInPart(one.subarray(0, border))!
    const decoded = decodesInPart(mixed)!
    expect(first.rows).toBeGreaterThan(0)
    expect(decoded.rows).toBeGreaterThanOrEqual(first.rows)
    expect(decoded.rows).toBeLessThan(90)
  })
})

describe('a PNG in pieces', () => {
  const walked = async (order: (pieces: readonly Buffer[]) => readonly Buffer[], clusters = 1 << 16) => {
    const bytes = await raw(5).png().toBuffer()
    const padded = Buffer.concat([bytes, Buffer.alloc(CLUSTER - (bytes.length % CLUSTER))])
    const middle = Math.floor(padded.length / 2 / CLUSTER) * CLUSTER
    const pieces = [padded.subarray(0, middle), padded.subarray(middle)]
    const medium = Buffer.concat(order(pieces))
    const free = new FreeClusters([{ offset: 0, length: medium.length }], CLUSTER)
    const given = assembled(
      new PngWalk(),
      {
        clusterBytes: CLUSTER,
        first: medium.indexOf(bytes.subarray(0, 64)),
        isFree: (cluster) => free.has(cluster),
        behind: (cluster) => free.near(cluster),
        sizeBytes: null,
        read: (into, offset) => void medium.copy(into, 0, offset, offset + into.length),
      },
      { clusters },
    )
    if (given === null) return null
    const together = Buffer.concat(given.clusters.map((at) => medium.subarray(at, at + CLUSTER)))
    return together.subarray(0, given.sizeBytes).equals(bytes)
  }
  const between = noise(9, 10 * CLUSTER)

  it('is put together in order and out of order, and is the file byte by byte', async () => {
    expect(await walked(([a, b]) => [a!, between, b!])).toBe(true)
    expect(await walked(([a, b]) => [b!, between, a!, between])).toBe(true)
  })

  it('is not given without its end, or where the work for it is used up', async () => {
    expect(await walked(([a]) => [a!, between])).toBeNull()
    expect(await walked(([a, b]) => [a!, between, b!], 5)).toBeNull()
  })
})

/** What every member of CARVERS keeps to, run over samples of each kind. */
import { describe, expect, it } from 'vitest'
import { type CarveCounts, carve } from '../../src/formats/image/remains/carve.ts'
import { HEAD_BYTES } from '../../src/formats/image/remains/common/carver.ts'
import { CARVERS } from '../../src/formats/image/remains/index.ts'
import { carverSamples } from './carver-samples.ts'
import { randomBytes, seeded } from './random.ts'
import { memoryMedium } from './volume.ts'

const GRID = 4096
const MOST = { fileBytes: 1 << 26 }
const samples = await carverSamples()
const random = seeded(99)
const carverOf = (name: string) => CARVERS.find((carver) => carver.name === name)!

it('has a sample of each kind, and no kind twice', () => {
  const names = CARVERS.map(({ name }) => name)
  expect([...new Set(samples.map(({ carver }) => carver))].toSorted()).toEqual(names.toSorted())
  expect(new Set(names).size).toBe(names.length)
})

describe.each(samples)('$carver ($what)', ({ carver: name, bytes, hasEarlierEnd = false }) => {
  const carver = carverOf(name)
  /** Some clusters of noise, the file, noise to the end. */
  const around = (content: Buffer) =>
    memoryMedium(
      Buffer.concat([
        randomBytes(random, 2 * GRID),
        content,
        randomBytes(random, GRID - (content.length % GRID) + 3 * GRID),
      ]),
    )

  it('is taken by its own carver, to its last byte, with noise behind it', () => {
    const medium = around(bytes)
    const takers = CARVERS.filter(({ begins }) => begins(bytes.subarray(0, HEAD_BYTES)))
    expect(takers.map((taker) => taker.name)).toEqual([name])
    const found = carver.lengthOf(medium, 2 * GRID, medium.sizeBytes - 2 * GRID, GRID)
    expect(found).toEqual({ length: bytes.length, complete: true })
  })

  it('is taken to its last byte when the room ends there', () => {
    expect(carver.lengthOf(memoryMedium(bytes), 0, bytes.length, GRID)).toEqual({
      length: bytes.length,
      complete: true,
    })
  })

  it('is never called complete when it is cut, and never longer than its room', () => {
    for (let n = 1; n <= 60; n++) {
      const room = Math.floor(((bytes.length - 2) * n) / 60)
      const found = carver.lengthOf(around(bytes), 2 * GRID, room, GRID)
      if (found) {
        if (!hasEarlierEnd) expect(found.complete).toBe(false)
        expect(found.length).toBeLessThanOrEqual(room)
        expect(found.length).toBeGreaterThan(0)
      }
    }
  })

  it('ends on every mutant, within its room', () => {
    for (let n = 0; n < 200; n++) {
      const mutant = Buffer.from(bytes)
      for (let k = 0; k < 1 + random(20); k++)
        mutant[random(random(2) ? 200 : mutant.length) % mutant.length] = random(256)
      const found = carver.lengthOf(memoryMedium(mutant), 0, mutant.length, GRID)
      if (found) expect(found.length >= 1 && found.length <= mutant.length).toBe(true)
    }
  })
})

describe('carving of free ranges', () => {
  it('finds each file at its cluster, in order, once, and steps over what it took', () => {
    const pieces: Buffer[] = []
    const expected: { offset: number; length: number; name: string; complete: boolean }[] = []
    let offset = 0
    const add = (piece: Buffer) => {
      const padded = Buffer.concat([piece, Buffer.alloc((GRID - (piece.length % GRID)) % GRID)])
      pieces.push(padded)
      offset += padded.length
    }
    add(randomBytes(random, GRID))
    for (const { carver, bytes } of samples) {
      expected.push({ offset, length: bytes.length, name: carver, complete: true })
      add(bytes)
      add(randomBytes(random, GRID))
    }
    const medium = memoryMedium(Buffer.concat(pieces))
    const ranges = [{ offset: 0, length: medium.sizeBytes }]
    const found = [...carve(medium, ranges, GRID, CARVERS, MOST)]
    expect(found.map(({ mediaType: _, ...rest }) => rest)).toEqual(expected)
  })

  it('keeps to its ranges: a file that goes on behind the end of one is cut there', () => {
    const { bytes } = samples[0]!
    const medium = memoryMedium(Buffer.concat([bytes, Buffer.alloc(GRID)]))
    const length = Math.floor(bytes.length / 2)
    const [found] = carve(medium, [{ offset: 0, length }], GRID, CARVERS, MOST)
    expect(found).toMatchObject({ offset: 0, length, complete: false, name: 'jpeg', mediaType: 'image/jpeg' })
    expect(found?.decodes?.rows).toBeLessThan(found?.decodes?.ofRows as number)
  })

  it('takes next to nothing out of noise and text', () => {
    const words = Array.from({ length: 400 }, () => randomBytes(random, 1 + random(9)).toString('hex'))
    const text = Buffer.alloc(1 << 20)
    for (let at = 0; at < text.length; )
      at += text.write(`${words[random(words.length)]} `, at) || text.length
    for (const content of [randomBytes(random, 1 << 20), text]) {
      const counts: CarveCounts = { starts: 0, candidates: 0, refused: 0 }
      const ranges = [{ offset: 0, length: content.length }]
      expect([...carve(memoryMedium(content), ranges, 512, CARVERS, MOST, counts)]).toEqual([])
      expect(counts.starts).toBe(content.length / 512)
      expect(counts.candidates).toBeLessThanOrEqual(1)
    }
  })

  it('refuses signatures that nothing follows', () => {
    const medium = memoryMedium(randomBytes(random, 1 << 18))
    const bytes = Buffer.alloc(medium.sizeBytes)
    medium.readInto(bytes, 0)
    for (const [n, { bytes: sample }] of samples.entries()) sample.copy(bytes, n * GRID, 0, 8)
    const found = [...carve(memoryMedium(bytes), [{ offset: 0, length: bytes.length }], GRID, CARVERS, MOST)]
    expect(found.filter(({ complete }) => complete)).toEqual([])
  })
})

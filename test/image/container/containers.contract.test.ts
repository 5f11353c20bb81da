import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Medium, OpenImage } from '../../../src/contracts/image.ts'
import { CONTAINER_FORMATS, openImage } from '../../../src/formats/image/container/index.ts'
import { contentOf } from '../../../src/formats/image/content/content.ts'
import { ImageRefused } from '../../../src/wire/image-refused.ts'
import { bytesMedium, randoms, segmentsInMemory } from './helpers.ts'
import { canMake, made, SAMPLES } from './samples.ts'

const MUTANTS = 500
/** What a mutant is read for at most: a damaged header may state a size that takes hours to read through. */
const READ_BYTES = 2 << 20

it('every container has a sample', () => {
  expect([...new Set(SAMPLES.map(({ format }) => format))].sort()).toEqual(
    CONTAINER_FORMATS.map(({ name }) => name).sort(),
  )
})

for (const sample of SAMPLES) {
  describe.skipIf(!canMake(sample))(`${sample.format} (${sample.label})`, () => {
    it('is the disk that was put into it, read at any place', () => {
      const { disk, paths } = made(sample, 40)
      const image = openImage(segmentsInMemory(paths))
      expect(image.format).toBe(sample.format)
      const medium = sample.disk?.(image) ?? image.medium
      expect(medium.sizeBytes).toBe(disk.length)
      const random = randoms(5)
      for (let count = 0; count < 60; count++) {
        const offset = random() % (disk.length + 2000)
        const length = random() % (count % 3 === 0 ? 300_000 : 5000)
        const target = Buffer.alloc(length, 0xee)
        const got = medium.readInto(target, offset)
        const expected = disk.subarray(offset, offset + length)
        expect(got).toBe(expected.length)
        expect(target.subarray(0, got).equals(expected)).toBe(true)
        expect(target.subarray(got).every((byte) => byte === 0xee)).toBe(true)
      }
      const whole = Buffer.alloc(disk.length)
      medium.readInto(whole, 0)
      expect(whole.equals(disk)).toBe(true)
      expect(medium.damageIn(0, disk.length).filter(({ kind }) => kind === 'damaged')).toEqual([])
      expect(image.remarks).toEqual([])
    })

    it('damaged in any way is read or refused, never more', () => {
      const { disk, paths } = made(sample, 12)
      const files = paths.map((path) => ({ name: basename(path), bytes: readFileSync(path) }))
      const random = randoms(11)
      const sectors = files.map(({ bytes }) => structuredSectors(bytes))
      let refused = 0
      for (let mutant = 0; mutant < MUTANTS; mutant++) {
        const index = random() % files.length
        const { bytes } = files[index]!
        const cut = mutant % 10 === 0 ? random() % bytes.length : bytes.length
        const restore = mutant % 10 === 0 ? [] : mutate(bytes, sectors[index]!, random)
        const segments = files.map((file, at) => ({
          name: file.name,
          medium: bytesMedium(at === index ? file.bytes.subarray(0, cut) : file.bytes),
        }))
        try {
          const image = openImage(segments)
          readMutant(sample.disk?.(image) ?? image.medium, image.remarks, disk, sample.checked === true)
          listMutant(image)
          lackMutant(image)
        } catch (error) {
          if (!(error instanceof ImageRefused)) throw error
          refused++
        }
        for (const { at, held } of restore.reverse()) held.copy(bytes, at)
      }
      expect(refused).toBeLessThan(MUTANTS)
    })
  })
}

/** A list of files ends, and what it lists is read or said to be damaged. */
function listMutant({ logical, medium }: OpenImage): void {
  for (const { place, sizeBytes } of logical?.entries() ?? []) {
    if (place.kind === 'none') continue
    const content = contentOf(medium, place, sizeBytes)
    content.readInto(Buffer.alloc(Math.min(sizeBytes, 65_536)), 0)
    content.damageIn(0, sizeBytes)
  }
  logical?.problems()
  const classes = logical?.classes()
  if (classes) expect(classes.metadata + classes.allocated).toBe(medium.sizeBytes)
}

/** What the tables say that is missing lies on the medium, in order, without overlap. */
function lackMutant({ lacks, medium }: OpenImage): void {
  let at = 0
  for (const { offset, length } of lacks?.() ?? []) {
    expect([offset >= at, length > 0]).toEqual([true, true])
    at = offset + length
  }
  expect(at).toBeLessThanOrEqual(medium.sizeBytes)
}

/** Sectors that are not only zeros: where structures are, and some contents. */
function structuredSectors(bytes: Buffer): number[] {
  const sectors: number[] = []
  for (let at = 0; at < bytes.length; at += 512) {
    if (bytes.subarray(at, at + 512).some((byte) => byte !== 0)) sectors.push(at)
  }
  // Headers and tables are few beside contents: count the first and the last thousands of bytes ten times.
  const edges = sectors.filter((at) => at < 4096 || at > bytes.length - 4096)
  return [...sectors, ...Array.from({ length: 10 }, () => edges).flat()]
}

/** @returns what stood there before, to be put back in reverse order */
function mutate(
  bytes: Buffer,
  sectors: readonly number[],
  random: () => number,
): { at: number; held: Buffer }[] {
  const changed: { at: number; held: Buffer }[] = []
  for (let count = 1 + (random() % 3); count > 0; count--) {
    const at = Math.min(bytes.length - 8, sectors[random() % sectors.length]! + (random() % 512))
    changed.push({ at, held: Buffer.from(bytes.subarray(at, at + 8)) })
    const how = random() % 4
    if (how === 0) bytes[at] = bytes[at]! ^ (1 << (random() % 8))
    else if (how === 1) bytes.writeUInt32LE(random() % 4096, at)
    else if (how === 2) bytes.fill(random() % 2 ? 0xff : 0, at, at + 1 + (random() % 8))
    else {
      const from = sectors[random() % sectors.length]!
      bytes.copy(bytes, at, from, from + 8)
    }
  }
  return changed
}

/** @param checked every byte of the container stands under a checksum, so that bytes are right or said to be damaged */
function readMutant(medium: Medium, remarks: OpenImage['remarks'], disk: Buffer, checked: boolean): void {
  const target = Buffer.alloc(Math.min(READ_BYTES, medium.sizeBytes))
  for (const offset of [0, Math.max(0, medium.sizeBytes - target.length)]) {
    const got = medium.readInto(target, offset)
    expect(got).toBe(Math.min(target.length, medium.sizeBytes - offset))
  }
  const damage = medium.damageIn(0, medium.sizeBytes)
  let before = 0
  for (const { offset, length } of damage) {
    expect(offset).toBeGreaterThanOrEqual(before)
    expect(length).toBeGreaterThan(0)
    before = offset + length
  }
  expect(before).toBeLessThanOrEqual(medium.sizeBytes)
  if (!checked || medium.sizeBytes > READ_BYTES) return
  medium.readInto(target, 0)
  for (const { offset, length } of damage) target.set(disk.subarray(offset, offset + length), offset)
  // Where what states the size is damaged too, whole chunks count: said by a remark, and zeros behind the disk.
  const common = Math.min(target.length, disk.length)
  expect(target.subarray(0, common).equals(disk.subarray(0, common))).toBe(true)
  expect(target.subarray(common).every((byte) => byte === 0)).toBe(true)
  expect(medium.sizeBytes === disk.length || remarks.some(({ code }) => code === 'size-from-chunks')).toBe(
    true,
  )
}

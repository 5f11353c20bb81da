/**
 * The tree that volumes of `compare-images` are filled with: 18,000 files and more than a gigabyte in folders, a folder of 50,000,
 * names of the greatest length. Same seed, same bytes.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { seeded } from '../../fixtures/pictures.ts'

const FILES = 18_000
const FOLDERS = 600
const MANY = 50_000
const BASE = Buffer.alloc(8 * 1024 * 1024)
{
  const random = seeded(2026)
  for (let at = 0; at < BASE.length; at += 4) BASE.writeUInt32LE(Math.floor(random() * 2 ** 32), at)
}

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** Bytes that no other number has. */
export function contentOf(number: number, length: number): Buffer {
  const from = (number * 4099) % (BASE.length / 2)
  const bytes = Buffer.from(BASE.subarray(from, from + Math.min(length, BASE.length / 2)))
  bytes.write(`${number} ${length};`, 0, 'latin1')
  return bytes
}

/** Text that a file system can compress. */
export function textOf(number: number, length: number): Buffer {
  return Buffer.from(
    `line of number ${number}, over and over again\n`.repeat(Math.ceil(length / 40)),
  ).subarray(0, length)
}

/** Sizes as on a device: many small, some of a megabyte and more; 70 KB in the mean. */
function sizeOf(number: number): number {
  const share = (number * 7919) % 100
  const spread = (number * 104_729) % 1000
  if (share < 40) return 16 + spread
  if (share < 80) return 2_000 + spread * 36
  if (share < 98) return 100_000 + spread * 150
  return 1_000_000 + spread * 1_000
}

export const pathOf = (number: number): string => {
  const folder = number % FOLDERS
  return `tree/d${folder % 30}/e${Math.floor(folder / 30)}/f${number}.bin`
}

/** Every hundred-and-fiftieth: what is deleted again. */
export const DELETED_OF_TREE: readonly string[] = Array.from({ length: FILES / 150 }, (_, i) =>
  pathOf(i * 150 + 75),
)

/** Writes it. @returns bytes written */
export function writeTree(root: string): number {
  let total = 0
  for (let folder = 0; folder < FOLDERS; folder++)
    mkdirSync(join(root, pathOf(folder), '..'), { recursive: true })
  for (let number = 0; number < FILES; number++) {
    const bytes = contentOf(number, sizeOf(number))
    writeFileSync(join(root, pathOf(number)), bytes)
    total += bytes.length
  }
  mkdirSync(join(root, 'MANY'))
  for (let number = 0; number < MANY; number++)
    writeFileSync(
      join(root, 'MANY', `F${String(number).padStart(7, '0')}.TXT`),
      `${number} `.repeat(1 + (number % 20)),
    )
  mkdirSync(join(root, 'names'))
  for (let i = 0; i < 20; i++)
    writeFileSync(
      join(root, 'names', `${i} ${'n'.repeat(251 - String(i).length)}.t`),
      contentOf(30_000 + i, 5_000),
    )
  return total
}

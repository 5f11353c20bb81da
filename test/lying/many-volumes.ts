/** A disk of many volumes: each that of a small image, one after the other in an extended partition. */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DiskFile, writeDiskImage } from '../../fixtures/disk-image.ts'

const SECTOR = 512
/** Where the first partition of a small image begins. */
const FIRST_SECTOR = 2048
const EXTENDED = 0x05
const FAT16 = 0x0e

/** @param volumes one array of files a volume; the volumes are numbered in that order, from 1 */
export function writeManyVolumes(file: string, volumes: readonly (readonly DiskFile[])[]): void {
  const contents = volumes.map(volumeOf)
  const stepSectors = FIRST_SECTOR + contents[0]!.length / SECTOR
  const disk = openSync(file, 'w')
  const write = (sector: Buffer, at: number) => writeSync(disk, sector, 0, sector.length, at * SECTOR)
  try {
    write(table([{ type: EXTENDED, at: FIRST_SECTOR, sectors: stepSectors * volumes.length }]), 0)
    contents.forEach((content, i) => {
      const at = FIRST_SECTOR + stepSectors * i
      const own = { type: FAT16, at: FIRST_SECTOR, sectors: content.length / SECTOR }
      // The place of the next one counts from the beginning of the extended partition.
      const next = { type: EXTENDED, at: stepSectors * (i + 1), sectors: stepSectors }
      write(table(i === volumes.length - 1 ? [own] : [own, next]), at)
      write(content, at + FIRST_SECTOR)
    })
  } finally {
    closeSync(disk)
  }
}

function table(
  partitions: readonly { readonly type: number; readonly at: number; readonly sectors: number }[],
): Buffer {
  const sector = Buffer.alloc(SECTOR)
  partitions.forEach(({ type, at, sectors }, i) => {
    const entry = 446 + i * 16
    sector[entry + 4] = type
    sector.writeUInt32LE(at, entry + 8)
    sector.writeUInt32LE(sectors, entry + 12)
  })
  sector.writeUInt16LE(0xaa55, 510)
  return sector
}

function volumeOf(files: readonly DiskFile[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'seized-volume-'))
  try {
    writeDiskImage(join(folder, 'disk.img'), [files])
    return readFileSync(join(folder, 'disk.img')).subarray(FIRST_SECTOR * SECTOR)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeDiskImage } from '../../fixtures/disk-image.ts'
import { randomBytes, seeded } from '../image/random.ts'
import { exported, seized, summaryOf } from './seized.ts'

const SECTOR = 512
const ENTRY = 446
const ROW = 16

const random = seeded(23)
const [FIRST, SECOND] = [randomBytes(random, 5000), randomBytes(random, 7000)]

let folder: string
let picture: Buffer
let list: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'seized-lost-'))
  const pixels = randomBytes(random, 96 * 96 * 3)
  picture = await sharp(pixels, { raw: { width: 96, height: 96, channels: 3 } })
    .jpeg()
    .toBuffer()
  list = join(folder, 'list.txt')
  const digests = [FIRST, SECOND, picture].map((bytes) => createHash('sha256').update(bytes).digest('hex'))
  writeFileSync(list, `sha256\n${digests.join('\n')}\n`)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Two volumes of FAT with a file each. */
function disk(name: string, change: (bytes: Buffer) => Buffer): string {
  const path = join(folder, name)
  writeDiskImage(path, [[{ name: 'FIRST.BIN', bytes: FIRST }], [{ name: 'SECOND.BIN', bytes: SECOND }]])
  writeFileSync(path, change(readFileSync(path)))
  return path
}

function scan(image: string, ledger: string, ...more: string[]) {
  const who = ['--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--progress', 'json']
  const how = ['--phases', 'inventory,known', '--hashset', `illegal:${list}`]
  return seized(['scan', image, ...who, ...how, '--ledger', join(folder, ledger), ...more])
}

function hitsIn(ledger: string): string[] {
  return exported(join(folder, ledger), folder)
    .filter(({ hits }) => hits.length > 0)
    .map(({ path }) => path)
    .sort()
}

const BOTH = ['volume 1 » FIRST.BIN', 'volume 2 » SECOND.BIN']

describe('a disk whose partition table does not tell all', () => {
  it('gives what was on a partition that was deleted, or on all of them', () => {
    const deleted = disk('deleted.img', (bytes) => bytes.fill(0, ENTRY + ROW, ENTRY + 2 * ROW))
    const wiped = disk('wiped.img', (bytes) => bytes.fill(0, 0, SECTOR))
    for (const [image, ledger] of [
      [deleted, 'deleted.sqlite'],
      [wiped, 'wiped.sqlite'],
    ] as const) {
      expect(scan(image, ledger).status).toBe(10)
      expect(hitsIn(ledger)).toEqual(BOTH)
      expect(seized(['verify', join(folder, ledger), '--against', image]).status).toBe(0)
    }
    const report = join(folder, 'report.html')
    expect(
      seized(['report', join(folder, 'deleted.sqlite'), '--format', 'html', '--out', report]).status,
    ).toBe(0)
    expect(readFileSync(report, 'utf8').match(/no partition table names it/g)).toHaveLength(1)
    expect(seized(['image', wiped]).stdout.match(/no partition table names it/g)).toHaveLength(2)
  })

  it('keeps the numbers of the volumes that the table names', () => {
    const swapped = disk('first-deleted.img', (bytes) => bytes.fill(0, ENTRY, ENTRY + ROW))
    expect(scan(swapped, 'first.sqlite', '--workers', '1').status).toBe(10)
    expect(hitsIn('first.sqlite')).toEqual(['volume 1 » SECOND.BIN', 'volume 2 » FIRST.BIN'])
    const two = summaryOf(scan(swapped, 'first-2.sqlite', '--workers', '2'))
    const one = summaryOf(seized(['summary', join(folder, 'first.sqlite'), '--json']))
    expect([two.evidenceDigest, two.analysisDigest]).toEqual([one.evidenceDigest, one.analysisDigest])
  })
})

describe('what lies where nobody lists anything', () => {
  it('is carved out of gaps and out of a volume that no reader reads', () => {
    const image = disk('unread.img', (bytes) => {
      const start = bytes.readUInt32LE(ENTRY + ROW + 8) * SECTOR
      // The second volume is of a kind that nobody knows; there is a picture in it, and one in a gap behind all.
      bytes.fill('neither this nor that, ', start, bytes.length)
      picture.copy(bytes, start + 70 * SECTOR)
      const behind = Buffer.alloc(200 * SECTOR)
      picture.copy(behind, 30 * SECTOR)
      return Buffer.concat([bytes, behind])
    })
    const start = readFileSync(image).length - 200 * SECTOR
    expect(scan(image, 'none.sqlite').status).toBe(13)
    expect(hitsIn('none.sqlite')).toEqual(['volume 1 » FIRST.BIN'])
    expect(scan(image, 'carved.sqlite', '--remains', 'carve', '--workers', '1').status).toBe(13)
    expect(hitsIn('carved.sqlite')).toEqual([
      `unread ${start + 30 * SECTOR}`,
      'volume 1 » FIRST.BIN',
      `volume 2 » unread ${70 * SECTOR}`,
    ])
    const found = exported(join(folder, 'carved.sqlite'), folder).filter(({ path }) => /unread/.test(path))
    expect(found.map(({ onImage }) => [onImage.volume, onImage.status, onImage.basis])).toEqual([
      [0, 'carved', 'signature'],
      [2, 'carved', 'signature'],
    ])
    expect(seized(['verify', join(folder, 'carved.sqlite'), '--against', image]).status).toBe(0)
    const one = summaryOf(seized(['summary', join(folder, 'carved.sqlite'), '--json']))
    process.env.SEIZED_CRASH_AT = 'inventory:before-commit:1'
    try {
      expect(scan(image, 'killed.sqlite', '--remains', 'carve').signal).toBe('SIGKILL')
    } finally {
      delete process.env.SEIZED_CRASH_AT
    }
    const resumed = summaryOf(seized(['resume', join(folder, 'killed.sqlite'), '--progress', 'json']))
    expect([resumed.evidenceDigest, resumed.analysisDigest]).toEqual([one.evidenceDigest, one.analysisDigest])
  })
})

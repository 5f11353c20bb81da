/** Logical volumes on a physical one, plain and inside LUKS: scanned, every byte in a class, compared with another reader. */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DiskFile, writeDiskImage } from '../../fixtures/disk-image.ts'
import { physicalVolume } from '../../fixtures/lvm.ts'
import { exported, seized } from '../e2e/seized.ts'
import { hasTool } from './container/helpers.ts'

const content = (seed: number, length: number) =>
  Buffer.concat(
    Array.from({ length: Math.ceil(length / 32) }, (_, i) =>
      createHash('sha256').update(`lvm ${seed} ${i}`).digest(),
    ),
  ).subarray(0, length)
const ROOT: readonly DiskFile[] = [
  { name: 'HOME/BIG.BIN', bytes: content(1, 3_000_000) },
  { name: 'HOME/GONE.BIN', bytes: content(2, 900_000), state: 'deleted' },
]
const DATA: readonly DiskFile[] = [{ name: 'NOTE.BIN', bytes: content(3, 70_000) }]

let folder: string
let disk: string
let list: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'seized-lvm-'))
  const volumes = [ROOT, DATA].map((files, i) => {
    const file = join(folder, `${i}.img`)
    writeDiskImage(file, [files])
    const bytes = readFileSync(file)
    const at = bytes.readUInt32LE(454) * 512
    return bytes.subarray(at, at + bytes.readUInt32LE(458) * 512)
  })
  disk = join(folder, 'pv.img')
  writeFileSync(
    disk,
    physicalVolume('vg0', [
      { name: 'root', bytes: volumes[0]! },
      { name: 'home', bytes: volumes[1]! },
      { name: 'swap_1', bytes: Buffer.alloc(1 << 20) },
    ]),
  )
  list = join(folder, 'list.txt')
  const digests = [...ROOT, ...DATA].map(({ bytes }) => createHash('sha256').update(bytes).digest('hex'))
  writeFileSync(list, `${digests.join('\n')}\n`)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function hitsOf(image: string, ledger: string, ...more: string[]): string[] {
  const path = join(folder, ledger)
  const who = ['--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--ledger', path]
  const ran = seized([
    'scan',
    image,
    ...who,
    '--hashset',
    `illegal:${list}`,
    '--phases',
    'inventory,known',
    ...more,
  ])
  // Complete it is not: a logical volume without a file system is named.
  expect([ran.status, ran.stderr]).toEqual([13, expect.any(String)])
  expect(seized(['verify', path]).status).toBe(0)
  return exported(path, folder)
    .filter(({ hits }) => hits.length > 0)
    .map(({ path: of }) => of.replace(/ » record.*/, ' (deleted)'))
}

const EXPECTED = [
  'volume 1 » home/NOTE.BIN',
  'volume 1 » root/HOME/BIG.BIN',
  'volume 1 » root/HOME/_ONE.BIN (deleted)',
]

describe('logical volumes', { timeout: 180_000 }, () => {
  it('are folders of their physical volume: files in pieces over it, and deleted ones', () => {
    expect(hitsOf(disk, 'plain.sqlite').sort()).toEqual(EXPECTED)
  })

  it.skipIf(!hasTool('vslvminfo'))(
    'are of a group that another reader of the metadata counts the same',
    () => {
      // Of a volume in several segments on one disk it says the group and ends with an error of its own.
      const { stdout } = spawnSync('vslvminfo', [disk], { encoding: 'utf8' })
      expect(stdout).toMatch(/Name:\s+vg0\s+Identifier:\s+64dnoL-X9xA-Bsbh-ycTm-l2RB-VRBY-ejNy1b/)
      expect(stdout).toMatch(/Number of logical volumes:\s+3/)
    },
  )

  it.skipIf(!hasTool('qemu-img'))(
    'inside LUKS, the usual installation of Linux, open with its passphrase',
    () => {
      const locked = join(folder, 'locked.luks')
      const object = ['--object', 'secret,id=s,data=correct horse']
      execFileSync('qemu-img', [
        'convert',
        '-O',
        'luks',
        ...object,
        '-o',
        'key-secret=s,iter-time=50',
        disk,
        locked,
      ])
      const keys = join(folder, 'keys.txt')
      writeFileSync(keys, 'password: correct horse\n')
      expect(hitsOf(locked, 'locked.sqlite', '--keys', keys, '--basis', 'a test').sort()).toEqual(EXPECTED)
    },
  )
})

import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DiskFile, writeDiskImage } from '../../fixtures/disk-image.ts'
import { png } from '../../fixtures/pictures.ts'
import { exported, processesNaming, seized, summaryOf, temporaryFolder } from './seized.ts'

/** A cluster of the fixture holds 64 names of a folder, two of which are `.` and `..`. */
const FILES_A_FOLDER = 62
const FOLDERS = 20

const text = (n: number): Buffer => Buffer.from(`number ${n}\n`)

/** Two partitions with 1,240 files each, of which every ninth is deleted: three commits in each stage. */
function volume(from: number): readonly DiskFile[] {
  return Array.from({ length: FILES_A_FOLDER * FOLDERS }, (_, i) => ({
    name: `F${Math.floor(i / FILES_A_FOLDER)}/N${from + i}.TXT`,
    bytes: text(from + i),
    ...(i % 9 === 0 ? { state: 'deleted' as const } : {}),
  }))
}

let folder: string
let image: string
let list: string
let whole: { readonly digests: unknown; readonly lines: unknown }
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'seized-image-crash-'))
  image = join(folder, 'disk.img')
  const picture = await png({ seed: 5, width: 32, height: 24 })
  writeDiskImage(image, [volume(0), [...volume(5000), { name: 'A.PNG', bytes: picture }]])
  list = join(folder, 'list.txt')
  const listed = [text(4), text(9), text(5100)].map((bytes) =>
    createHash('sha256').update(bytes).digest('hex'),
  )
  writeFileSync(list, `${listed.join('\n')}\n`)
  const ledger = join(folder, 'whole.sqlite')
  const summary = summaryOf(seized(scanArgs(ledger, 1)))
  expect(summary.hits).toBe(3)
  whole = { digests: digestsOf(summary), lines: exported(ledger, folder) }
}, 180_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function scanArgs(ledger: string, workers: number): string[] {
  const who = ['--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--ledger', ledger]
  const how = ['--progress', 'json', '--stages', 'inventory,known', '--workers', `${workers}`]
  return ['scan', image, ...who, ...how, '--remains', 'carve', '--hashset', `illegal:${list}`]
}

const digestsOf = (summary: { evidenceDigest: string; analysisDigest: string }) => [
  summary.evidenceDigest,
  summary.analysisDigest,
]

/** The third commit of the inventory is the one that says that it is whole, with what the medium holds. */
const POINTS = [
  'inventory:after-commit:1',
  'inventory:before-commit:3',
  'inventory:after-commit:3',
  'known:before-commit:1',
  'known:after-commit:2',
  'seal:before-commit:1',
].flatMap((point, i) => [{ point, workers: 1 + (i % 2) }])

describe('the scan of an image, killed at any instant', () => {
  it.each(POINTS)(
    'resumes after SIGKILL at $point to the same digests, with $workers workers',
    async ({ point, workers }) => {
      const out = temporaryFolder()
      const ledger = join(out, 'case.sqlite')
      expect(seized(scanArgs(ledger, workers), { SEIZED_CRASH_AT: point }).signal).toBe('SIGKILL')
      await expect.poll(() => processesNaming(image), { timeout: 60_000 }).toEqual([])
      expect(existsSync(ledger)).toBe(true)
      const resumed = seized(['resume', ledger, '--progress', 'json', '--workers', `${workers}`])
      expect(digestsOf(summaryOf(resumed))).toEqual(whole.digests)
      expect(exported(ledger, out)).toEqual(whole.lines)
      expect(seized(['verify', ledger]).status).toBe(0)
    },
  )
})

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DiskFile, writeDiskImage } from '../../fixtures/disk-image.ts'
import { png } from '../../fixtures/pictures.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { exported, processesNaming, seized, start, summaryOf, temporaryFolder } from './seized.ts'

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

describe('an image that is written to while its run is stopped', () => {
  const files = Array.from({ length: 40 }, (_, i) => ({ name: `N${i}.TXT`, bytes: text(1000 + i) }))
  const DIFFERS = /written to after the run began/

  function stopped(...more: string[]) {
    const out = temporaryFolder()
    const disk = join(out, 'disk.img')
    const ledger = join(out, 'case.sqlite')
    writeDiskImage(disk, [files])
    const who = ['--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--ledger', ledger]
    const how = ['--progress', 'json', '--stages', 'inventory,known', '--workers', '1', ...more]
    const killed = seized(['scan', disk, ...who, ...how], { SEIZED_CRASH_AT: 'inventory:after-commit:2' })
    expect(killed.signal).toBe('SIGKILL')
    const change = () => {
      const bytes = readFileSync(disk)
      bytes.write('NUMBER 1033', bytes.indexOf('number 1033'))
      writeFileSync(disk, bytes)
    }
    return { disk, ledger, change, resume: () => seized(['resume', ledger, '--progress', 'json']) }
  }

  it('is refused where the run had hashed it: the hash of the ledger is not that of what would be read', () => {
    const { ledger, change, resume } = stopped('--verify-image')
    change()
    const resumed = resume()
    expect([resumed.status, resumed.stderr]).toEqual([2, expect.stringMatching(DIFFERS)])
    expect(resumed.stdout).toContain('"code":"exhibit-differs"')
    expect(seized(['summary', ledger]).status).toBe(130)
  })

  it('is no other image where it was only copied: its hash is the same', () => {
    const { disk, resume } = stopped('--verify-image')
    copyFileSync(disk, `${disk}.copy`)
    writeFileSync(disk, readFileSync(`${disk}.copy`))
    const resumed = resume()
    expect(summaryOf(resumed).image.state).toBe('nothing-to-compare')
    expect(resumed.stdout).not.toMatch(DIFFERS)
  })

  it('is said in a warning and in the ledger where no hash was made', () => {
    const { ledger, change, resume } = stopped()
    change()
    const resumed = resume()
    summaryOf(resumed)
    expect(resumed.stdout).toMatch(DIFFERS)
    const opened = openLedger(ledger)
    const said = opened.events().filter(({ event }) => event === 'image-changed')
    opened.close()
    expect(said.map(({ detail }) => detail)).toEqual([{ files: 'disk.img' }])
  })

  it('is said also where the run was paused after the change, and not killed', async () => {
    const out = temporaryFolder()
    const disk = join(out, 'disk.img')
    const ledger = join(out, 'case.sqlite')
    writeDiskImage(disk, [files])
    const who = ['--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--ledger', ledger]
    const child = start(['scan', disk, ...who, '--progress', 'json'], {
      SEIZED_STOP_AT: 'inventory:after-commit:1',
    })
    const ended = new Promise((resolve) => child.on('exit', resolve))
    const stopped = () => {
      const { stdout } = spawnSync('ps', ['-eo', 'pid=,stat=,args='], { encoding: 'utf8' })
      const [line] = stdout.split('\n').filter((one) => one.includes(disk) && /^ *\d+ T/.test(one))
      return line === undefined ? null : Number.parseInt(line, 10)
    }
    await expect.poll(stopped, { timeout: 60_000 }).not.toBeNull()
    const pid = stopped()!
    const bytes = readFileSync(disk)
    bytes.write('NUMBER 1033', bytes.indexOf('number 1033'))
    writeFileSync(disk, bytes)
    process.kill(pid, 'SIGINT')
    process.kill(pid, 'SIGCONT')
    expect(await ended).toBe(130)
    const opened = openLedger(ledger)
    const said = opened.events().map(({ event }) => event)
    opened.close()
    expect(said.slice(-2)).toEqual(['image-changed', 'paused'])
  })
})

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { beforeAll, describe, expect, it } from 'vitest'
import { permitted } from '../../src/base/file-modes.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { temporaryFolder, temporaryFolderForFile, verifyAlone } from './temporary.ts'

const PROGRAM = fileURLToPath(new URL('../../dist/fixtures/ledgers/run.js', import.meta.url))
const BATCH = '9'

function runProgram(path: string, crashAt?: string) {
  const env = { ...process.env, SEIZED_CRASH_AT: crashAt ?? '' }
  return spawnSync(process.execPath, [PROGRAM, path, BATCH], { env, encoding: 'utf8' })
}

/** As the program, but no file may grow over `blocks` of 512 bytes: what a full disk does to a write. */
function runProgramWithin(path: string, blocks: number) {
  return spawnSync(
    'sh',
    ['-c', `ulimit -f ${blocks}; exec "$0" "$@"`, process.execPath, PROGRAM, path, BATCH],
    {
      encoding: 'utf8',
    },
  )
}

const folder = temporaryFolderForFile()
let undisturbed: string
beforeAll(() => {
  undisturbed = runProgram(join(folder, 'undisturbed.sqlite')).stdout
})

describe('a ledger whose writer is killed', () => {
  it.each([
    'inventory:before-commit:2',
    'inventory:after-commit:2',
    'known:before-commit:1',
    'known:after-commit:2',
    'unknown:before-commit:1',
    'unknown:after-commit:1',
    'unknown:after-commit:3',
    'seal:before-commit:1',
    'seal:after-commit:1',
    'seal:before-protection:1',
  ])('at %s is intact, unsealed, and ends with the same digests', (crashAt) => {
    const path = join(temporaryFolder(), 'case.sqlite')
    const killed = runProgram(path, crashAt)
    expect(killed.signal).toBe('SIGKILL')
    const after = verifyAlone(path)
    expect(after.problems).toEqual([])
    const protection = crashAt.startsWith('seal:before-protection')
    expect(after.sealed).toBe(protection)
    if (protection) return
    const reader = openLedger(path)
    expect(reader.seal).toBe(null)
    expect([...reader.entries()].length).toBe(reader.summary().entries)
    reader.close()
    expect(runProgram(path).stdout).toBe(undisturbed)
    expect(verifyAlone(path)).toMatchObject({ ok: true, sealed: true })
    expect(existsSync(`${path}-wal`)).toBe(false)
    expect(statSync(path).mode & 0o777).toBe(permitted(0o444))
  })

  it('again and again loses nothing and records nothing twice', () => {
    const path = join(temporaryFolder(), 'case.sqlite')
    let runs = 0
    // Each run gets one transaction further before it is killed at the next.
    while (!runProgram(path, `known:before-commit:2`).stdout && runs < 20) runs += 1
    expect(runs).toBeGreaterThan(1)
    expect(verifyAlone(path)).toMatchObject({ ok: true, sealed: true })
    const db = new Database(path, { readonly: true })
    expect(
      db
        .prepare("SELECT count(*) - count(DISTINCT above || ' ' || step || ' ' || hex(name)) FROM entry")
        .pluck()
        .get(),
    ).toBe(0)
    db.close()
    expect(JSON.parse(undisturbed).evidenceDigest).toBe(verifyAlone(path).evidenceDigest)
  })

  it('leaves nothing under the ledger’s name when it is killed before the first transaction', () => {
    const path = join(temporaryFolder(), 'case.sqlite')
    expect(runProgram(path, 'start:before-commit:1').signal).toBe('SIGKILL')
    expect(existsSync(path)).toBe(false)
    expect(readdirSync(dirname(path))).not.toEqual([])
    expect(runProgram(path).stdout).toBe(undisturbed)
    // The next run takes away what the killed one left.
    expect(readdirSync(dirname(path))).toEqual([basename(path)])
  })
})

describe('a ledger on a full disk', () => {
  it.each([620, 700, 800])(
    'says so, keeps what was recorded, and goes on when there is room (%i blocks)',
    (blocks) => {
      const path = join(temporaryFolder(), 'case.sqlite')
      const full = runProgramWithin(path, blocks)
      expect(full.status).not.toBe(0)
      expect(full.stderr).toMatch(/nothing that was recorded is lost: make room/)
      expect(verifyAlone(path).problems).toEqual([])
      expect(runProgram(path).stdout).toBe(undisturbed)
      expect(verifyAlone(path)).toMatchObject({ ok: true, sealed: true })
    },
  )

  it('does so when a small file system runs full', ({ skip }) => {
    const mount = join(temporaryFolder(), 'small')
    mkdirSync(mount)
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'tmpfs', mount])
    if (mounted.status !== 0) skip('needs the right to mount')
    try {
      const path = join(mount, 'case.sqlite')
      const full = runProgram(path)
      expect(full.stderr).toMatch(/the disk is full/)
      expect(verifyAlone(path).problems).toEqual([])
      spawnSync('mount', ['-o', 'remount,size=8m', mount])
      expect(runProgram(path).stdout).toBe(undisturbed)
    } finally {
      spawnSync('umount', [mount])
    }
  })
})

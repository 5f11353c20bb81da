/** Real exhibits for the tests of source/: folders, loop mounts and FUSE mounts that are gone when the test file ends. */

import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { walk } from '../../src/confined/walker/walk.ts'
import type { ReadOutcome } from '../../src/contracts/content.ts'
import type { Entry } from '../../src/contracts/entry.ts'
import type { PendingRead, WalkedEntry } from '../../src/contracts/ledger.ts'
import { ReaderPool } from '../../src/host/reader/reader-pool.ts'
import type { ReaderPoolOptions } from '../../src/host/reader/reader-pool-options.ts'
import { walkInProcess } from '../../src/host/walker/walk-in-process.ts'
import { ENGLISH } from '../../src/report/texts/index.ts'
import { atFileEnd } from '../at-file-end.ts'

export const LIMITS = { sparseLogicalBytes: 16 * 1024 ** 3, readStallMs: 20_000 }

export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'seized-source-'))
  // rm(1), not Node's: it walks by descriptors and so removes paths longer than 4,096 bytes.
  atFileEnd(() => spawnSync('rm', ['-rf', folder]))
  return folder
}

export function has(...tools: string[]): boolean {
  return tools.every((tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0)
}

export function sh(command: string, ...args: (string | Buffer)[]): string {
  return execFileSync('sh', ['-ec', command, 'sh', ...args.map(String)], {
    encoding: 'latin1',
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Mounting needs root and loop devices: where they are missing, tests that need them are skipped by name. */
export const CAN_MOUNT = process.getuid?.() === 0 && has('mkfs.ext4', 'losetup', 'mount') && tryMount()
export const CAN_FUSE = CAN_MOUNT && has('fuse2fs') && existsSync('/dev/fuse')
export const IS_ROOT = process.getuid?.() === 0

export interface Ext4 {
  readonly image: string
  readonly mountPoint: string
}

/** An ext4 image filled from a folder, not mounted. */
export function ext4Image(from: string, megabytes = 16, options = ''): string {
  const image = join(tempFolder(), 'image.dd')
  sh(`truncate -s ${megabytes}M "$1"; mkfs.ext4 -q -F ${options} -d "$2" "$1"`, image, from)
  return image
}

export function mountLoop(image: string, options = 'loop,ro'): string {
  const mountPoint = tempFolder()
  sh(`mount -o ${options} "$1" "$2"`, image, mountPoint)
  atFileEnd(() => spawnSync('umount', ['-l', mountPoint]))
  return mountPoint
}

function tryMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'seized-mount-'))
  try {
    mkdirSync(join(folder, 'm'))
    sh('truncate -s 2M "$1/i"; mkfs.ext4 -q -F "$1/i"; mount -o loop,ro "$1/i" "$1/m"; umount "$1/m"', folder)
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export function fill(folder: string, files: Readonly<Record<string, string | Buffer>>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

/** A chain of folders with the files `leaf` and `z` in each. One level at a time: no path may exceed 4,096 bytes. */
export function deepFolder(root: string, levels: number): void {
  let fd = openSync(root, 'r')
  for (let i = 0; i < levels; i++) {
    const at = `/proc/self/fd/${fd}/level-${i}-with-a-name-of-some-length`
    mkdirSync(at)
    const below = openSync(at, 'r')
    closeSync(fd)
    fd = below
    writeFileSync(`/proc/self/fd/${fd}/leaf`, `leaf ${i}`)
    writeFileSync(`/proc/self/fd/${fd}/z`, 'x')
  }
  closeSync(fd)
}

export function walkAll(
  root: string | Buffer,
  options: Partial<Parameters<typeof walk>[1]> = {},
): WalkedEntry[] {
  return [...walk(root, { ...LIMITS, ...options })]
}

export function byPath(walked: readonly WalkedEntry[]): ReadonlyMap<string, WalkedEntry> {
  return new Map(walked.map((item) => [item.entry.path.bytes.toString('latin1'), item]))
}

function pendingOf(entry: Entry, entryId: number): PendingRead {
  const { path, sizeBytes, times, device, inode, allocatedBytes } = entry
  return { entryId, path, sizeBytes, modifiedNs: times.modified?.ns ?? null, device, inode, allocatedBytes }
}

export function jobsOf(walked: readonly WalkedEntry[]): PendingRead[] {
  return walked.flatMap((item, i) => (item.read === null ? [pendingOf(item.entry, i)] : []))
}

/** Reads everything and closes the pool. @returns outcomes by path (latin1) */
export async function readAll(
  root: string,
  jobs: readonly PendingRead[],
  options: Partial<ReaderPoolOptions> = {},
): Promise<Map<string, ReadOutcome>> {
  const pool = new ReaderPool({ root, workers: 2, limits: LIMITS, ...options })
  try {
    return await collect(pool, jobs)
  } finally {
    await pool.close()
  }
}

export async function collect(
  pool: ReaderPool,
  jobs: readonly PendingRead[],
): Promise<Map<string, ReadOutcome>> {
  const outcomes = new Map<string, ReadOutcome>()
  for await (const items of pool.readAll(jobs))
    for (const { job, outcome } of items) {
      const path = job.path.bytes.toString('latin1')
      if (outcomes.has(path)) throw new Error(`two outcomes for ${path}`)
      outcomes.set(path, outcome)
    }
  return outcomes
}

export function why(outcome: ReadOutcome | undefined): string {
  if (!outcome) return 'no outcome'
  const { result } = outcome
  if (result.result === 'done') return 'done'
  return `${result.reason}: ${result.detail ? ENGLISH.detail(result.detail) : ''}`
}

/** Entries of a walk in a confined process. */
export async function walkAside(root: string): Promise<readonly WalkedEntry[]> {
  const all: WalkedEntry[] = []
  for await (const batch of walkInProcess(root, LIMITS)) all.push(...batch)
  return all
}

/** Ends the read or look that a stopped daemon holds up, when the test file ends. @returns the daemon */
export async function fuseMount(image: string, point: string): Promise<ChildProcess> {
  const daemon = spawn('fuse2fs', ['-f', '-o', 'ro', image, point], { stdio: 'ignore' })
  atFileEnd(() => {
    daemon.kill('SIGCONT')
    spawnSync('umount', ['-l', point])
    daemon.kill('SIGKILL')
  })
  for (let i = 0; i < 3000 && readdirSync(point).length === 0; i++)
    await new Promise((resolve) => setTimeout(resolve, 20))
  return daemon
}

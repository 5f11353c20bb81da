import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { UsageError } from '../../src/base/errors.ts'
import type { WalkedEntry } from '../../src/contracts/ledger.ts'
import { walkInProcess } from '../../src/host/walker/walk-in-process.ts'
import {
  byPath,
  CAN_FUSE,
  deepFolder,
  ext4Image,
  fill,
  fuseMount,
  LIMITS,
  sh,
  tempFolder,
  walkAll,
} from './helpers.ts'

async function aside(root: string, options: Partial<Parameters<typeof walkInProcess>[1]> = {}) {
  const all: WalkedEntry[] = []
  for await (const batch of walkInProcess(root, { ...LIMITS, ...options })) all.push(...batch)
  return all
}

const paths = (walked: readonly WalkedEntry[]) =>
  walked.map(({ entry }) => entry.path.bytes.toString('latin1'))

describe('a walk in a process of its own', () => {
  it('gives what a walk in this one gives, entry for entry', async () => {
    const root = fill(tempFolder(), { 'a/x': '1', 'a.txt': '22', 'b/c/d': '', 'ü/ñ': 'x' })
    deepFolder(root, 50)
    symlinkSync('/etc/passwd', join(root, 'link'))
    sh(
      'cd "$1" && mkfifo fifo && truncate -s 1T sparse && touch "$(printf \'caf\\351\')" "$(printf \'new\\nline\')"',
      root,
    )
    for (let i = 0; i < 1500; i++) fill(root, { [`many/file-${i}`]: `${i}` })
    const walked = await aside(root)
    expect(walked).toHaveLength(sh('find "$1" -printf x', root).length)
    // Listing a folder moves its access time on a writable mount.
    expect(walked.map(withoutAccessTime)).toEqual(walkAll(root).map(withoutAccessTime))
  })

  it('goes on behind any entry as if it had given those before', () => {
    const root = fill(tempFolder(), {
      'a/b/c': '1',
      'a/b.txt': '1',
      'a/b0': '1',
      'a.txt': '1',
      'a0/x': '1',
      'a!/y/z': '1',
      b: '1',
    })
    const all = walkAll(root)
    for (const [i, { entry }] of all.entries())
      expect(paths(walkAll(root, { after: entry.path.bytes.toString('latin1') }))).toEqual(
        paths(all).slice(i + 1),
      )
  })

  it('says in a sentence that the root is no folder', async () => {
    const root = fill(tempFolder(), { file: 'x' })
    await expect(aside(join(root, 'file'))).rejects.toThrow(UsageError)
    rmSync(root, { recursive: true })
    await expect(aside(root)).rejects.toThrow('could not be found (ENOENT)')
  })

  it('leaves no process when the run stops asking', async () => {
    const root = tempFolder()
    for (let i = 0; i < 3000; i++) fill(root, { [`f${i}`]: '' })
    for await (const batch of walkInProcess(root, LIMITS)) if (batch.length > 0) break
    await expect.poll(walkers).toBe(0)
  })

  it.skipIf(!CAN_FUSE)('passes over what does not answer, says so, and gives the rest', async () => {
    const { root, answerAgain } = await withSilentMount()
    const walked = await aside(root, { readStallMs: 1000 })
    answerAgain()
    expect(paths(walked)).toEqual(['', 'a', 'a/one', 'fuse', 'z', 'z/two'])
    expect(byPath(walked).get('fuse')!.read).toMatchObject({ result: 'not-done', reason: 'read-stalled' })
    expect(byPath(walked).get('z/two')!.read).toBe(null)
  })

  it.skipIf(!CAN_FUSE)('passes over a place at which its process ends again and again', async () => {
    const { root, answerAgain } = await withSilentMount()
    // Whatever waits for the stopped daemon is killed there.
    const killer = setInterval(() => {
      for (const pid of walkerPids()) if (waitsForFuse(pid)) process.kill(pid, 'SIGKILL')
    }, 50)
    const walked = await aside(root)
    clearInterval(killer)
    answerAgain()
    expect(paths(walked)).toEqual(['', 'a', 'a/one', 'fuse', 'z', 'z/two'])
    expect(byPath(walked).get('fuse')!.read).toMatchObject({ result: 'not-done', reason: 'walk-crashed' })
    expect(byPath(walked).get('z/two')!.read).toBe(null)
  })
})

function withoutAccessTime({ entry, read }: WalkedEntry) {
  return { read, entry: { ...entry, times: { ...entry.times, accessed: null } } }
}

/** A folder with a FUSE mount in it that has stopped to answer. */
async function withSilentMount(): Promise<{ root: string; answerAgain: () => void }> {
  const point = tempFolder()
  const daemon = await fuseMount(ext4Image(fill(tempFolder(), { 'inside/file': 'x' }), 16), point)
  const root = fill(tempFolder(), { 'a/one': '1', 'z/two': '2' })
  mkdirSync(join(root, 'fuse'))
  sh('mount --bind "$1" "$2"', point, join(root, 'fuse'))
  process.kill(daemon.pid!, 'SIGSTOP')
  // Attributes that the kernel keeps are answered for a second.
  await new Promise((resolve) => setTimeout(resolve, 1500))
  const answerAgain = () => {
    process.kill(daemon.pid!, 'SIGCONT')
    sh('umount -l "$1"', join(root, 'fuse'))
  }
  return { root, answerAgain }
}

/** Children of this process that walk. */
function walkers(): number {
  return walkerPids().length
}

function walkerPids(): number[] {
  const { stdout } = spawnSync('pgrep', ['-P', String(process.pid), '-f', 'walk-child'], { encoding: 'utf8' })
  return stdout.split('\n').filter(Boolean).map(Number)
}

function waitsForFuse(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stack`, 'utf8').includes('fuse')
  } catch {
    return false
  }
}

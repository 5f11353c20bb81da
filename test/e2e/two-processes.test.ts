/** Two real processes on one ledger: the second waits or is refused, and the record of the first is whole. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { scanArgs, seized, start, temporaryFolder } from './seized.ts'

function exhibit(folder: string): string {
  const mount = join(folder, 'mount')
  mkdirSync(mount)
  for (let i = 0; i < 20; i++) writeFileSync(join(mount, `file-${i}.txt`), `content ${i}\n`)
  return mount
}

/** @returns arguments of a scan that finds nothing, and says so with exit code 0 */
function scanOf(folder: string, mount: string, ledger: string): string[] {
  const list = join(folder, 'list.txt')
  writeFileSync(list, `${'ab'.repeat(32)}\n`)
  return scanArgs(mount, ledger, [`illegal:${list}`], '--phases', 'inventory,known', '--workers', '1')
}

/** State of a process by the kernel: T is stopped. */
function stateOf(pid: number): string {
  return /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1] ?? ''
}

async function stopped(pid: number): Promise<void> {
  while (stateOf(pid) !== 'T') await wait(20)
}

function ended(run: ReturnType<typeof start>): Promise<{ code: number | null; stderr: string }> {
  let stderr = ''
  run.stderr.on('data', (text) => {
    stderr += text
  })
  run.stdout.resume()
  return new Promise((resolve) => run.on('close', (code) => resolve({ code, stderr })))
}

it('a resume between naming and locking of a new ledger is refused as busy, and the scan ends with a record that verifies', async () => {
  const folder = temporaryFolder()
  const [mount, ledger] = [exhibit(folder), join(folder, 'case.sqlite')]
  const scan = start(scanOf(folder, mount, ledger), { SEIZED_STOP_AT: 'named:1' })
  const scanned = ended(scan)
  await stopped(scan.pid!)
  expect(existsSync(ledger)).toBe(true)
  const resumed = seized(['resume', ledger, '--allow-writable-mount', '--progress', 'json'])
  scan.kill('SIGCONT')
  const { code, stderr } = await scanned
  expect([resumed.status, code], resumed.stderr + stderr).toEqual([75, 0])
  const verified = seized(['verify', ledger])
  expect(verified.status, verified.stdout).toBe(0)
})

it('of a scan and a resume that waits for the name of its ledger one alone writes, again and again', async () => {
  for (const heldMs of [0, 100, 400, 900]) {
    const folder = temporaryFolder()
    const [mount, ledger] = [exhibit(folder), join(folder, 'case.sqlite')]
    // As near to the naming as a process can be: it is up, and asks for the file until it is there.
    const racer = spawn(process.execPath, [join(import.meta.dirname, 'race-for-ledger.ts'), ledger], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const raced: string[] = []
    racer.stdout.setEncoding('utf8').on('data', (text: string) => raced.push(text))
    const over = new Promise((resolve) => racer.on('close', resolve))
    while (!raced.join('').includes('ready')) await wait(10)
    const scan = start(scanOf(folder, mount, ledger), { SEIZED_STOP_AT: 'named:1' })
    const scanned = ended(scan)
    await stopped(scan.pid!)
    await wait(heldMs)
    scan.kill('SIGCONT')
    const { code, stderr } = await scanned
    await over
    // The scan holds it; a racer that never pauses may outlast it, and then the scan is refused. Never do both write.
    const ends = [
      [0, 'ready\nsealed\n'],
      [75, 'ready\nwritten\n'],
    ]
    expect(ends, stderr).toContainEqual([code, raced.join('')])
    const verified = seized(['verify', ledger])
    expect(verified.status, verified.stdout).toBe(0)
  }
})

it('a ledger that another process sealed between looking at it and locking it is not touched by a resume', async () => {
  const folder = temporaryFolder()
  const [mount, ledger] = [exhibit(folder), join(folder, 'case.sqlite')]
  // Broken off, so that there is something to go on with.
  seized(scanOf(folder, mount, ledger), { SEIZED_CRASH_AT: 'known:after-commit:1' })
  const resume = ['resume', ledger, '--allow-writable-mount', '--progress', 'json']
  const slow = start(resume, { SEIZED_STOP_AT: 'to-be-locked:1' })
  const gone = ended(slow)
  await stopped(slow.pid!)
  expect(seized(resume).status).toBe(0)
  const before = readFileSync(ledger)
  slow.kill('SIGCONT')
  const { code, stderr } = await gone
  expect([code, stderr]).toEqual([2, expect.stringContaining('is sealed')])
  expect(readFileSync(ledger).equals(before)).toBe(true)
  const verified = seized(['verify', ledger])
  expect(verified.status, verified.stdout).toBe(0)
})

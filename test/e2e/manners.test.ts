/** A program that others drive: what it says and how it ends when something is in its way. */
import { spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { newLedger } from '../ledger/temporary.ts'
import { BIN, type Result, scanArgs, seized, start, summaryOf, temporaryFolder } from './seized.ts'

const IS_ROOT = process.getuid?.() === 0
const KNOWN_ONLY = ['--phases', 'inventory,known', '--workers', '1']

function lastObject({ stdout }: Pick<Result, 'stdout'>) {
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}

function exhibitOf(files: number): string {
  const exhibit = join(temporaryFolder(), 'exhibit')
  mkdirSync(exhibit)
  for (let i = 0; i < files; i++) writeFileSync(join(exhibit, `${i}-${'name'.repeat(20)}`), `content ${i}`)
  return exhibit
}

/** A disk of that size, gone when the test ends. */
function smallDisk(size: string): string {
  const disk = temporaryFolder()
  spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'none', disk])
  onTestFinished(() => void spawnSync('umount', ['-l', disk]))
  return disk
}

describe('12 D16: ends that programs tell apart', () => {
  it('sealed already, exists, missing: each with its code', () => {
    const exhibit = exhibitOf(3)
    const ledger = join(temporaryFolder(), 'ledger')
    const args = scanArgs(exhibit, ledger, [], ...KNOWN_ONLY)
    const first = seized(args)
    expect(summaryOf(first)).toMatchObject({
      case: 'T-1',
      exhibit: 'E-1',
      examiner: 'Test Examiner',
      ledger,
      hitsByMeaning: { illegal: 0, interest: 0, known: 0 },
    })
    expect(lastObject(seized(args))).toMatchObject({ event: 'error', code: 'ledger-exists', exitCode: 2 })
    const sealed = ['resume', ledger, '--progress', 'json']
    expect(lastObject(seized(sealed))).toMatchObject({ event: 'error', code: 'ledger-sealed', exitCode: 2 })
    expect(summaryOf(seized([...sealed, '--if-sealed', 'ok']))).toEqual(summaryOf(first))
    expect(JSON.parse(seized(['summary', ledger, '--json']).stdout)).toEqual(summaryOf(first))
    expect(seized(['summary', ledger]).stdout).toMatch(/case +T-1\nexhibit +E-1\n[\s\S]*Next: seized report/)
  })

  it('a mount that is away is tried again, a list that cannot be read is not', () => {
    const folder = temporaryFolder()
    const away = seized(scanArgs(join(folder, 'away'), join(folder, 'ledger'), []))
    expect(lastObject(away)).toMatchObject({ event: 'error', code: 'exhibit-missing', exitCode: 75 })
    for (const list of [join(folder, 'no-list'), '/dev/null']) {
      const run = seized(scanArgs(exhibitOf(1), join(folder, 'ledger'), [`illegal:${list}`]))
      expect(lastObject(run)).toMatchObject({ event: 'error', code: 'list-unreadable', exitCode: 2 })
    }
    expect(readdirSync(folder)).toEqual([])
  })

  it.each(['start:after-commit:1', 'event:before-commit:1', 'event:after-commit:1'])(
    'killed at %s, while the ledger is made: none is left that resume could not go on with',
    (point) => {
      const [exhibit, folder] = [exhibitOf(2), temporaryFolder()]
      const ledger = join(folder, 'ledger')
      const args = scanArgs(exhibit, ledger, [], ...KNOWN_ONLY)
      expect(seized(args, { SEIZED_CRASH_AT: point }).signal).toBe('SIGKILL')
      expect(existsSync(ledger)).toBe(false)
      expect(summaryOf(seized(args))).toMatchObject({ entries: 3 })
      expect(readdirSync(folder).filter((name) => name.includes('creating'))).toEqual([])
    },
  )

  it('a ledger of which nothing but its making is there has a code of its own', () => {
    const session = newLedger()
    session.close()
    const run = seized(['resume', session.path, '--progress', 'json'])
    expect(lastObject(run)).toMatchObject({ event: 'error', code: 'ledger-not-begun', exitCode: 2 })
    expect(run.stderr).toContain('stopped before the run began. Delete it and scan again.')
  })

  it.skipIf(!IS_ROOT)(
    'a disk that is full before anything is begun: nothing is left, no resume is advised',
    () => {
      for (const size of ['8k', '240k']) {
        const disk = smallDisk(size)
        const run = seized(scanArgs(exhibitOf(3), join(disk, 'ledger'), [], ...KNOWN_ONLY))
        expect(lastObject(run), size).toMatchObject({ event: 'error', code: 'disk-full', exitCode: 75 })
        expect(run.stderr).toContain('Nothing was begun')
        expect(run.stderr).not.toContain('resume')
        expect(readdirSync(disk)).toEqual([])
      }
    },
  )

  it.skipIf(!IS_ROOT)('a disk that fills up in a run: 75, and what is there is gone on with', () => {
    const disk = smallDisk('900k')
    const ledger = join(disk, 'ledger')
    const run = seized(scanArgs(exhibitOf(1500), ledger, [], ...KNOWN_ONLY))
    expect(lastObject(run)).toMatchObject({ event: 'error', code: 'disk-full', exitCode: 75 })
    expect(run.stderr).toContain('seized resume')
    spawnSync('mount', ['-o', 'remount,size=20m', disk])
    const args = ['resume', ledger, '--progress', 'json', '--allow-writable-mount']
    expect(summaryOf(seized(args))).toMatchObject({ entries: 1501, contents: 1500 })
  })
})

describe('12 D17: sentences, not bugs', () => {
  it('a report into a folder that is not there, and onto a disk that is full', () => {
    const ledger = join(temporaryFolder(), 'ledger')
    seized(scanArgs(exhibitOf(2), ledger, [], ...KNOWN_ONLY))
    const nowhere = seized(['report', ledger, '--format', 'csv', '--out', '/nodir/x'])
    expect(nowhere.status).toBe(2)
    expect(nowhere.stderr).toMatch(/^seized: \/nodir\/x cannot be used \(there is no such file or folder\)/)
    for (const verb of [
      ['report', ledger, '--format', 'csv'],
      ['summary', ledger],
      ['verify', ledger],
      ['search', ledger, 'content'],
    ]) {
      const run = spawnSync(process.execPath, [BIN, ...verb], {
        encoding: 'utf8',
        stdio: ['ignore', fullDevice(), 'pipe'],
      })
      expect(run.status, run.stderr).toBe(75)
      expect(run.stderr).toMatch(/^seized: Standard output could not be written \(ENOSPC\)/m)
    }
  })

  it('a reader that has had enough: nothing is said but the head of what was logged', () => {
    const ledger = join(temporaryFolder(), 'ledger')
    seized(scanArgs(exhibitOf(3000), ledger, [], ...KNOWN_ONLY))
    const run = spawnSync(
      'sh',
      [
        '-c',
        '"$@" | head -c 10 >/dev/null',
        'sh',
        process.execPath,
        BIN,
        'report',
        ledger,
        '--format',
        'jsonl',
      ],
      { encoding: 'utf8' },
    )
    // That it broke off is a custody event, and every event says its head.
    expect(run.stderr).toMatch(/^custody head +[0-9a-f]{64}\n$/)
  })

  it.skipIf(!IS_ROOT || !existsSync('/usr/bin/setpriv'))('an account without a name', () => {
    const folder = temporaryFolder()
    const exhibit = exhibitOf(2)
    spawnSync('chmod', ['-R', '777', folder, join(exhibit, '..')])
    const run = spawnSync(
      'setpriv',
      [
        ...['--reuid=54321', '--regid=54321', '--clear-groups', process.execPath, BIN],
        ...scanArgs(exhibit, join(folder, 'ledger'), [], ...KNOWN_ONLY),
      ],
      { encoding: 'utf8', env: { ...process.env, HOME: folder } },
    )
    expect(lastObject(run), run.stderr).toMatchObject({ event: 'summary', entries: 3 })
  })

  it.each([
    ['SIGHUP', 'hung-up'],
    ['SIGTERM', 'terminated'],
    ['SIGINT', 'interrupted'],
  ] as const)('%s pauses, and says why', async (signal, reason) => {
    const exhibit = exhibitOf(4000)
    const ledger = join(temporaryFolder(), 'ledger')
    // It stands still before most files are recorded, so that the scan is never over before the signal.
    const run = start(scanArgs(exhibit, ledger, [], ...KNOWN_ONLY), {
      SEIZED_STOP_AT: 'inventory:after-commit:1',
    })
    let stdout = ''
    run.stdout.on('data', (text: Buffer) => {
      stdout += text
    })
    const ended = new Promise((resolve) => run.on('close', resolve))
    await expect.poll(() => stateOf(run.pid!), { timeout: 60_000 }).toBe('T')
    run.kill(signal)
    run.kill('SIGCONT')
    const status = await ended
    expect(lastObject({ stdout })).toMatchObject({ event: 'paused', reason, ledger, exitCode: 130 })
    expect(status).toBe(130)
    expect(seized(['summary', ledger]).stdout).toContain('PARTIAL')
  })

  it('a signal before the examination begins, while an image is hashed, ends with an object and leaves nothing', async () => {
    const folder = temporaryFolder()
    const image = join(folder, 'disk.img')
    writeFileSync(image, '')
    // Hashing it takes minutes.
    truncateSync(image, 300e9)
    const ledger = join(folder, 'ledger')
    const run = start(scanArgs(image, ledger, [], ...KNOWN_ONLY, '--verify-image'))
    let stdout = ''
    run.stdout.on('data', (text: Buffer) => {
      stdout += text
    })
    const ended = new Promise((resolve) => run.on('close', resolve))
    while (!hasChild(run.pid!)) await new Promise((resolve) => setTimeout(resolve, 50))
    run.kill('SIGINT')
    expect(await ended).toBe(130)
    expect(lastObject({ stdout })).toMatchObject({ event: 'error', code: 'interrupted', exitCode: 130 })
    expect(readdirSync(folder)).toEqual(['disk.img'])
  })
})

function hasChild(pid: number): boolean {
  return readdirSync(`/proc/${pid}/task`).some(
    (task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8') !== '',
  )
}

function fullDevice(): number {
  const fd = openSync('/dev/full', 'w')
  onTestFinished(() => closeSync(fd))
  return fd
}

/** State of a process by the kernel: T is stopped. */
function stateOf(pid: number): string {
  return /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1] ?? ''
}

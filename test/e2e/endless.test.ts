/** Exhibits that have no end: what a run is at is said, and it pauses without waiting for what never comes. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { openLedger } from '../../src/ledger/read/read.ts'
import { scanArgs, seized, start, temporaryFolder } from './seized.ts'

const CAN_MOUNT =
  process.getuid?.() === 0 &&
  spawnSync('sh', ['-c', 'test -c /dev/fuse && command -v gcc && pkg-config --exists fuse3']).status === 0
const KNOWN_ONLY = ['--phases', 'inventory,known', '--workers', '1']

/** @returns the folder that it is mounted at */
async function mounted(...more: string[]): Promise<string> {
  const folder = temporaryFolder()
  const [program, point] = [join(folder, 'endless'), join(folder, 'mount')]
  const source = join(import.meta.dirname, 'endless.c')
  const made = spawnSync('sh', [
    '-c',
    'gcc -O1 -o "$1" "$2" $(pkg-config --cflags --libs fuse3)',
    'sh',
    program,
    source,
  ])
  expect(made.status, String(made.stderr)).toBe(0)
  mkdirSync(point)
  const served = spawn(program, [point, ...more], { stdio: 'ignore' })
  const ended = new Promise((resolve) => served.on('close', resolve))
  onTestFinished(async () => {
    spawnSync('umount', ['-l', point])
    served.kill('SIGKILL')
    await ended
  })
  while (statSync(point).dev === statSync(folder).dev) await wait(20)
  return point
}

interface Line {
  readonly event: string
  readonly reason?: string
  readonly listing?: number
  readonly reading?: { readonly path: string; readonly bytesDone: number; readonly bytesTotal: number }
}

/** A run that is interrupted once what it has said satisfies. @returns its lines and exit code, without a wait for what it was at */
async function interruptedOnce(
  args: readonly string[],
  satisfied: (lines: readonly Line[], pid: number) => boolean,
) {
  const run = start(args)
  const lines: Line[] = []
  let rest = ''
  let asked = false
  run.stdout.on('data', (text: Buffer) => {
    const whole = (rest + text).split('\n')
    rest = whole.pop()!
    lines.push(...whole.map((line) => JSON.parse(line) as Line))
  })
  const looking = setInterval(() => {
    if (asked || !satisfied(lines, run.pid!)) return
    asked = true
    run.kill('SIGINT')
  }, 50)
  const status = await new Promise((resolve) => run.on('close', resolve))
  clearInterval(looking)
  return { status, lines }
}

const readings = (lines: readonly Line[]) => lines.flatMap(({ reading }) => reading ?? [])

it.skipIf(!CAN_MOUNT)(
  '12 D17: of one huge file it is said how far it is, and Ctrl-C does not wait for its end',
  async () => {
    const [point, ledger] = [await mounted(), join(temporaryFolder(), 'ledger')]
    const { status, lines } = await interruptedOnce(
      scanArgs(point, ledger, [], ...KNOWN_ONLY),
      (said) => readings(said).filter(({ bytesDone }) => bytesDone > 0).length > 2,
    )
    expect([status, lines.at(-1)]).toMatchObject([130, { event: 'paused', reason: 'interrupted' }])
    const said = readings(lines)
    expect(said.every(({ path, bytesTotal }) => path === 'huge' && bytesTotal === 2 ** 40)).toBe(true)
    const done = said.map(({ bytesDone }) => bytesDone)
    expect(done).toEqual([...done].sort((a, b) => a - b))
    expect(done.at(-1)).toBeGreaterThan(done[0]!)
    // What was at work is left for the run that goes on.
    const reader = openLedger(ledger)
    const pending = [...reader.places()].filter(({ entry, content }) => entry.kind === 'file' && !content)
    reader.close()
    expect(pending).toHaveLength(1)
  },
)

it.skipIf(!CAN_MOUNT)('12 D17: Ctrl-C is answered while a folder is listed that never ends', async () => {
  const [point, ledger] = [await mounted('endless'), join(temporaryFolder(), 'ledger')]
  const { status, lines } = await interruptedOnce(
    scanArgs(point, ledger, [], ...KNOWN_ONLY),
    (said) => said.filter(({ listing = 0 }) => listing > 0).length > 1,
  )
  expect([status, lines.at(-1)]).toMatchObject([130, { event: 'paused', reason: 'interrupted' }])
})

it('12 D17: Ctrl-C does not wait for a text that takes long to read', async () => {
  const folder = temporaryFolder()
  const [exhibit, ledger] = [join(folder, 'exhibit'), join(folder, 'ledger')]
  mkdirSync(exhibit)
  writeFileSync(
    join(exhibit, 'long.txt'),
    'The train leaves at nine, and the ferry at ten.\n'.repeat(1_200_000),
  )
  const args = scanArgs(exhibit, ledger, [], '--workers', '1', '--text', '--basis', 'test')
  const run = start(args, { SEIZED_TRACE: 'child' })
  let [out, trace, asked] = ['', '', false]
  run.stdout.on('data', (text: Buffer) => (out += text))
  run.stderr.on('data', (text: Buffer) => {
    trace += text
    if (asked || !/text \S+ attempt 1: begins/.test(trace)) return
    asked = true
    run.kill('SIGINT')
  })
  expect(await new Promise((resolve) => run.on('close', resolve))).toBe(130)
  expect(JSON.parse(out.trim().split('\n').at(-1)!)).toMatchObject({ event: 'paused', reason: 'interrupted' })
  expect(trace).not.toMatch(/text \S+ attempt 1: reply/)
  expect(seized(['summary', ledger]).status).not.toBe(1)
}, 120_000)

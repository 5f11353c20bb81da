/** Outputs that cannot be written: custody holds no event that did not happen, and says what a reader may have seen. */
import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openLedger } from '../../src/ledger/read/read.ts'
import { sealedWithLog } from '../ledger/temporary.ts'
import { BIN, seized, temporaryFolder } from './seized.ts'

const LEDGER_VERBS: readonly (readonly [string, (ledger: string) => string[], string])[] = [
  ['report', (ledger) => ['report', ledger, '--format', 'csv'], 'reported'],
  ['timeline', (ledger) => ['timeline', ledger, '--format', 'jsonl'], 'reported'],
  ['search', (ledger) => ['search', ledger, 'name:e', '--format', 'csv'], 'searched'],
]

it.each(LEDGER_VERBS)('12 D17: %s to a full device is no event that it was written', (_, verb, of) => {
  const ledger = sealedWithLog()
  const full = openSync('/dev/full', 'w')
  onTestFinished(() => closeSync(full))
  const before = eventsOf(ledger).length
  const { status } = spawnSync(process.execPath, [BIN, ...verb(ledger)], { stdio: ['ignore', full, 'pipe'] })
  const made = eventsOf(ledger).slice(before)
  expect(status).toBe(75)
  expect(made.at(-1)).toMatchObject({ event: 'output-broken-off', detail: { of, errno: 'ENOSPC' } })
  expect(made.filter(({ event }) => event === 'reported')).toEqual([])
})

it('12 D17: a reader that had enough of a report has seen a part of it, and the log says so', () => {
  const ledger = sealedWithLog()
  // The reader is gone long before the program has begun.
  const script = `"$1" "$2" report "$3" --format jsonl --recipient 'the court' | :`
  spawnSync('sh', ['-c', script, 'sh', process.execPath, BIN, ledger])
  expect(eventsOf(ledger).at(-1)).toMatchObject({
    event: 'output-broken-off',
    detail: { of: 'reported', errno: 'EPIPE', recipient: 'the court' },
  })
})

it.each(['report', 'timeline'])('12 D17: %s --out replaces no device and no folder', (verb) => {
  const [ledger, folder] = [sealedWithLog(), temporaryFolder()]
  mkdirSync(join(folder, 'folder'))
  spawnSync('mknod', [join(folder, 'device'), 'c', '1', '7'])
  const before = eventsOf(ledger).length
  for (const name of readdirSync(folder)) {
    const out = join(folder, name)
    const { status, stderr } = seized([verb, ledger, '--format', 'jsonl', '--out', out, '--overwrite'])
    expect([status, stderr]).toEqual([2, expect.stringContaining('is no regular file')])
    expect(statSync(out).isFile()).toBe(false)
  }
  expect(eventsOf(ledger)).toHaveLength(before)
})

it.skipIf(process.getuid?.() !== 0)(
  '12 D17: a pack that the disk has no room for is said to have failed',
  () => {
    const [ledger, disk] = [sealedWithLog(), temporaryFolder()]
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'none', disk])
    onTestFinished(() => void spawnSync('umount', ['-l', disk]))
    const { status } = seized(['pack', ledger, '--out', join(disk, 'case.zip'), '--operator', 'A. Example'])
    expect(status).toBe(75)
    expect(readdirSync(disk)).toEqual([])
    expect(eventsOf(ledger).slice(-2)).toMatchObject([
      { event: 'packed' },
      { event: 'pack-failed', detail: { out: 'case.zip', errno: 'ENOSPC' } },
    ])
  },
)

function eventsOf(ledger: string) {
  const reader = openLedger(ledger)
  try {
    return reader.custody()
  } finally {
    reader.close()
  }
}

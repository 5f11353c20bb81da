/** Whatever number stands in a row, verify and every reader come to an end. */
import { spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { TABLES } from '../../src/ledger/format/tables.ts'
import { BIN } from '../e2e/seized.ts'
import { WHOLE } from '../whole.ts'
import { behindTriggers, copyOf } from './tamper.ts'
import { sealedLedger, temporaryFolder } from './temporary.ts'

/** Of a ledger of 35 entries: a step takes some 20 ms, one that never ends is waited for so long. */
const SILENT_MS = 60_000

interface Line {
  readonly at?: string
  readonly ok?: boolean
  readonly read?: string
  readonly columns?: number
}

it('a negative, huge or foreign value in any integer column of any table is found quickly', async () => {
  const folder = temporaryFolder()
  const program = spawn(
    process.execPath,
    [new URL('each-integer.ts', import.meta.url).pathname, sealedLedger(50, folder), folder],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let at = 'the start'
  let isStuck = false
  const stop = () => {
    isStuck = true
    program.kill('SIGKILL')
  }
  let timer = setTimeout(stop, SILENT_MS)
  const missed: string[] = []
  const odd: string[] = []
  let asked = 0
  let columns = 0
  for await (const text of createInterface({ input: program.stdout })) {
    clearTimeout(timer)
    timer = setTimeout(stop, SILENT_MS)
    const line = JSON.parse(text) as Line
    if (line.at !== undefined) at = line.at
    if (line.columns !== undefined) columns = line.columns
    if (line.ok === undefined) continue
    asked++
    if (line.ok) missed.push(at)
    if (line.read !== 'whole' && line.read !== 'damaged') odd.push(`${at}: ${line.read}`)
  }
  clearTimeout(timer)
  expect([isStuck, at]).toEqual([false, at])
  expect(missed).toEqual([])
  expect(odd).toEqual([])
  const integers = Object.values(TABLES).flatMap((table) =>
    table.columns.filter(({ type }) => type === 'int'),
  )
  expect(columns).toBe(integers.length + Object.keys(TABLES).length * 2 + 2)
  expect(asked).toBeGreaterThan(columns * (WHOLE ? 4 : 2))
})

it('a negative id is exit code 4 of verify and of report, and a search despite the damage comes to an end', () => {
  const path = copyOf(sealedLedger(), 'negative')
  behindTriggers(path, (db) =>
    db.exec(
      'UPDATE reading SET content = -1 WHERE rowid = (SELECT max(rowid) FROM reading WHERE content > 0)',
    ),
  )
  const run = (...args: string[]) => {
    const { status, signal } = spawnSync(process.execPath, [BIN, ...args], {
      timeout: SILENT_MS,
      killSignal: 'SIGKILL',
    })
    return signal ?? status
  }
  expect(run('verify', path)).toBe(4)
  expect(run('report', path, '--format', 'jsonl', '--out', `${path}.jsonl`)).toBe(4)
  // What it finds by names is shown, marked as of a damaged ledger.
  expect(run('search', path, 'dcim', '--despite-damage')).not.toBe('SIGKILL')
})

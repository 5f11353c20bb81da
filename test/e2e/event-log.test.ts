/** A Windows event log on an exhibit: its events are rows of the timeline on a legal basis, and none without one. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { eventLogFile, sampleEvents } from '../../fixtures/device/event-log.ts'
import { scanArgs, seized, summaryOf, temporaryFolder } from './seized.ts'

const AT = 1_600_000_000_000
const TEXT = ['--text', '--basis', 'warrant 12/2026']

function scanned(log: Buffer, ...more: string[]): readonly Record<string, string>[] {
  const folder = temporaryFolder()
  const logs = join(folder, 'exhibit/Windows/System32/winevt/Logs')
  mkdirSync(logs, { recursive: true })
  writeFileSync(join(logs, 'Security.evtx'), log)
  const list = join(folder, 'none.txt')
  writeFileSync(list, `${'ab'.repeat(32)}\n`)
  const ledger = join(folder, 'a.sqlite')
  const scan = seized(
    scanArgs(join(folder, 'exhibit'), ledger, [`illegal:${list}`], '--workers', '1', ...more),
  )
  expect(summaryOf(scan).exitCode).toBeTypeOf('number')
  expect(seized(['verify', ledger]).status).toBe(0)
  const { stdout } = seized(['timeline', ledger, '--format', 'jsonl'])
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

it('gives logons, disks and cleared logs to the timeline, with account, address and number of the record', () => {
  const log = eventLogFile({ chunks: [sampleEvents(AT)] })
  const rows = scanned(log, ...TEXT).filter(({ record }) => record === 'windows-event')
  expect(
    rows.map(({ datetime, person, recordStatus }) => [datetime!.slice(0, 19), person, recordStatus]),
  ).toEqual([
    ['2020-09-13T12:26:40', 'LAKE-PC\\\\ilse', 'live'],
    ['2020-09-13T12:26:42', null, 'live'],
    ['2020-09-13T12:26:43', 'LAKE-PC\\\\ilse', 'live'],
    ['2020-09-13T12:26:44', 'LAKE-PC\\\\ilse', 'live'],
    ['2020-09-13T12:26:45', null, 'live'],
  ])
  expect(rows[0]!.says).toContain(
    'logon, S-1-5-21-1-2-3-1001, by remote desktop, machine HILL, address 192.0.2.7 (Windows log Security, event 4624, record 1, computer LAKE-PC)',
  )
  expect(rows[1]!.says).toContain('a disk connected, Made Stick, serial number 0042')
})

it('gives nothing of it without a legal basis for text, and a broken one costs only itself', () => {
  expect(scanned(eventLogFile({ chunks: [sampleEvents(AT)] }))).toEqual([])
  const broken = eventLogFile({ chunks: [sampleEvents(AT)] })
  broken.fill(0xee, 4096, 69_000)
  expect(scanned(broken, ...TEXT)).toEqual([])
})

/** Windows event logs: the events that become records, damaged chunks, free space, loops of templates, and libevtx beside. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  eventLogFile,
  type LoggedEvent,
  SECURITY,
  sampleEvents,
  sealedChunk,
  sidOf,
} from '../../../../fixtures/device/event-log.ts'
import { checkedRecord, mutant, recordsOf } from '../records-of.ts'

const EVTX = 'application/x-ms-event-log'
const AT = 1_600_000_000_000
const FIRST_RECORD = 4096 + 512
const HAS_EXPORT = spawnSync('evtxexport', ['-V']).status === 0

const ns = (ms: number) => ({ ns: `${ms}000000`, resolution: '100ns', zone: 'utc' })
const logon = (record: number, user = 'ilse'): LoggedEvent => ({
  ...{ provider: SECURITY, channel: 'Security', number: 4624, record, ms: AT + record * 1000 },
  data: { TargetUserSid: sidOf(21, 1, 2, 3, 1001), TargetUserName: user, LogonType: '2' },
})
const read = (bytes: Buffer) => recordsOf(EVTX, bytes)
const numbersIn = (bytes: Buffer) =>
  read(bytes).records.map(({ what, status }) => [(what.params as { record: number }).record, status])

describe('a Windows event log', () => {
  it('says who logged on, the disk on USB, the remote user, the cleared log and the changed clock', () => {
    const { records, result } = read(eventLogFile({ chunks: [sampleEvents(AT)] }))
    expect(result).toEqual({ result: 'done' })
    const security = { channel: 'Security', computer: 'LAKE-PC' }
    const ilse = { sid: 'S-1-5-21-1-2-3-1001' }
    const address = '192.0.2.7'
    expect(records.map(({ what, when, person }) => [what.params, when, person])).toEqual([
      [
        {
          ...{ ...security, ...ilse, event: 'logon', number: 4624, record: 1 },
          ...{ logonType: 10, address, machine: 'HILL' },
        },
        ns(AT),
        'LAKE-PC\\ilse',
      ],
      [
        {
          ...{ event: 'disk-seen', number: 1006, record: 3, computer: 'LAKE-PC' },
          ...{ channel: 'Microsoft-Windows-Partition/Diagnostic', model: 'Made Stick', serial: '0042' },
          ...{ sizeBytes: 64_023_257_088, device: 'USB\\VID_0000&PID_0001\\0042' },
        },
        ns(AT + 2000),
        null,
      ],
      [
        {
          ...{ event: 'remote-user', number: 1149, record: 4, computer: 'LAKE-PC', address },
          channel: 'Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational',
        },
        ns(AT + 3000),
        'LAKE-PC\\ilse',
      ],
      [
        { ...security, ...ilse, event: 'log-cleared', number: 1102, record: 5 },
        ns(AT + 4000),
        'LAKE-PC\\ilse',
      ],
      [
        {
          ...{ event: 'clock-changed', number: 1, record: 6, channel: 'System', computer: 'LAKE-PC' },
          ...{ before: '2020-09-13T12:26:45.000Z', after: '2020-09-12T12:26:40.000Z' },
        },
        ns(AT + 5000),
        null,
      ],
    ])
  })

  it('that is cut between two chunks, or inside the head of one, is damaged where it ends', () => {
    for (const isDirty of [false, true]) {
      const log = eventLogFile({ chunks: [[logon(1)], [logon(2)], [logon(3)]], isDirty })
      for (const length of [4096, 4096 + 65_536, 4096 + 2 * 65_536 + 300]) {
        const { result, records } = read(log.subarray(0, length))
        expect(result).toMatchObject({ result: 'done-with-warnings', detail: { params: { offset: length } } })
        expect(records.length).toBe(Math.floor(length / 65_536))
      }
    }
  })

  it('whose clock moved by less than a minute, or on which a machine or a service logged on, has no record', () => {
    const moved = new Date(AT + 30_000).toISOString()
    const clock: LoggedEvent = {
      ...{ provider: 'Microsoft-Windows-Kernel-General', number: 1, record: 1, channel: 'System', ms: AT },
      data: { OldTime: new Date(AT).toISOString(), NewTime: moved },
    }
    const service: LoggedEvent = { ...logon(3), data: { TargetUserSid: sidOf(19), TargetUserName: 'L' } }
    const log = eventLogFile({ chunks: [[clock, logon(2, 'LAKE-PC$'), service, logon(4)]] })
    expect(numbersIn(log)).toEqual([[4, 'live']])
  })

  it('gives records in the free space of a chunk, and chunks behind the last of a closed log, as deleted', () => {
    const chunks = [[logon(1)], [logon(2)]]
    const free = eventLogFile({ chunks, removed: [logon(9), logon(10)] })
    expect(numbersIn(free)).toEqual([
      [1, 'live'],
      [2, 'live'],
      [9, 'deleted'],
      [10, 'deleted'],
    ])
    const behind = eventLogFile({ chunks: [[logon(1)]] })
    const stale = eventLogFile({ chunks: [[logon(7)]] }).subarray(4096)
    expect(numbersIn(Buffer.concat([behind, stale]))).toEqual([
      [1, 'live'],
      [7, 'deleted'],
    ])
    const open = eventLogFile({ chunks: [[logon(1)]], isDirty: true })
    expect(numbersIn(Buffer.concat([open, stale]))).toEqual([
      [1, 'live'],
      [7, 'live'],
    ])
  })

  it('exported in part keeps the number of each event', () => {
    const log = eventLogFile({ chunks: [[logon(111)]] })
    log.writeBigUInt64LE(1n, FIRST_RECORD + 8)
    sealedChunk(log.subarray(4096))
    expect(numbersIn(log)).toEqual([[111, 'live']])
  })

  it('believes no record in free space whose template was overwritten by another', () => {
    const log = eventLogFile({ chunks: [[logon(1)]], removed: [logon(9)] })
    const removed = log.indexOf('**\0\0', FIRST_RECORD + 4, 'latin1')
    // The first four bytes of the GUID of its template.
    log.writeUInt32LE(77, removed + 24 + 18)
    expect(numbersIn(log)).toEqual([[1, 'live']])
  })

  it('with damaged chunks and records says so, and gives the others', () => {
    const chunks = [[logon(1), logon(2)], [logon(3)], [logon(4)]]
    const damaged = (change: (log: Buffer) => void) => {
      const log = eventLogFile({ chunks })
      change(log)
      const { records, result } = read(log)
      const detail = 'detail' in result ? result.detail : null
      return [records.length, detail]
    }
    const said = (records: number, offset: number) => ({
      code: 'device-records-damaged',
      params: { records, offset },
    })
    const second = 4096 + 65_536
    expect(damaged((log) => log.fill(0xee, second, second + 600))).toEqual([3, said(1, second)])
    expect(damaged((log) => log.write('x', log.indexOf('ilse', second, 'utf16le')))).toEqual([
      4,
      said(1, second),
    ])
    // A record whose size is wrong hides those behind it: they are found by their marks, as deleted.
    expect(damaged((log) => log.writeUInt32LE(0, FIRST_RECORD + 4))).toEqual([3, said(2, 4096)])
    const unknownToken = (log: Buffer) => {
      log[FIRST_RECORD + 24] = 0x3f
      sealedChunk(log.subarray(4096, second))
    }
    expect(damaged(unknownToken)).toEqual([3, said(1, FIRST_RECORD + 24)])
    expect(read(eventLogFile({ chunks }).subarray(0, second + 1500)).records.length).toBe(2)
  })

  it('whose template names itself ends, as damaged', () => {
    const log = eventLogFile({ chunks: [[logon(1)]] })
    const template = FIRST_RECORD + 24 + 14 + 24
    const inner = Buffer.alloc(24)
    Buffer.from([0x0f, 1, 1, 0, 0x0c, 1]).copy(inner)
    inner.writeUInt32LE(1, 6)
    inner.writeUInt32LE(512 + 24 + 14, 10)
    inner.copy(log, template)
    const { records, result } = read(log)
    expect(records).toEqual([])
    expect(result).toMatchObject({ result: 'done-with-warnings', detail: { code: 'device-records-damaged' } })
  })

  it('is read in 300 mutants of its records without an exception', () => {
    const log = eventLogFile({ chunks: [sampleEvents(AT)], removed: [logon(9)] })
    const used = log.indexOf(Buffer.alloc(64), FIRST_RECORD)
    for (let i = 0; i < 300; i++) {
      const changed = mutant(log.subarray(4096 + 512, used), i)
      const one = Buffer.from(log)
      changed.copy(one, 4096 + 512, 0, Math.min(changed.length, used - 4096 - 512))
      for (const record of read(one).records) checkedRecord(record)
    }
  })

  it('of which free space held one chunk alone gives its records as deleted', () => {
    const log = eventLogFile({ chunks: [[logon(1)], [logon(2), logon(3)]] })
    expect(numbersIn(log.subarray(4096 + 65_536))).toEqual([
      [2, 'deleted'],
      [3, 'deleted'],
    ])
    expect(read(log.subarray(4096 + 65_536, 4096 + 65_536 + 600)).result.result).toBe('done-with-warnings')
  })

  it.skipIf(!HAS_EXPORT)(
    'as it is written here is read by evtxexport too (Debian package libevtx-utils)',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'seized-evtx-'))
      try {
        writeFileSync(join(folder, 'a.evtx'), eventLogFile({ chunks: [sampleEvents(AT), [logon(7)]] }))
        const { stdout } = spawnSync('evtxexport', ['-f', 'xml', join(folder, 'a.evtx')], {
          encoding: 'utf8',
        })
        expect(stdout.match(/<EventRecordID>\d+/g)).toEqual(
          [1, 2, 3, 4, 5, 6, 7].map((record) => `<EventRecordID>${record}`),
        )
        expect(stdout).toContain('<Data Name="TargetUserSid">S-1-5-21-1-2-3-1001</Data>')
        expect(stdout).toContain('<Param1>ilse</Param1>')
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
  )
})

/** Hives that were not closed: completed from their logs as far as hashes and sequence hold, and never called whole otherwise. */
import { describe, expect, it } from 'vitest'
import { below, registryHive, userHive, wide } from '../../../../fixtures/device/registry.ts'
import { dirty, logEntry, newLog, oldLog, sealEntry } from '../../../../fixtures/device/registry-log.ts'
import { marvin32 } from '../../../../src/formats/bytes/marvin32.ts'
import { replayed } from '../../../../src/formats/stores/registry-log.ts'
import { checkedRecord, mutant, recordsOf } from '../records-of.ts'

const HIVE = 'application/x-ft-windows-registry-hive'
const SECTOR = 512

function typed(...words: readonly string[]): Buffer {
  const values = words.map((word, i) => ({
    ...{ name: `url${i + 1}`, type: 1 },
    bytes: wide(`https://${word}.example/`),
  }))
  const key = { name: 'TypedURLs', writtenMs: 1_600_000_000_000, values }
  return registryHive({ name: 'ROOT', keys: [below(['Internet Explorer'], key)] })
}

/** More addresses than a page has room for. */
const many = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => `page-${from + i}-of-many-with-a-long-name`)

const HIVE_1 = typed('lake')
const HIVE_2 = typed('lake', 'pond')
const HIVE_3 = typed('lake', ...many(0, 60))
const HIVE_4 = typed('lake', ...many(0, 61))

const codes = (read: ReturnType<typeof recordsOf>) =>
  read.findings.flatMap((one) => (one.kind === 'attribute' && one.code.startsWith('hive') ? [one] : []))
const said = (read: ReturnType<typeof recordsOf>) =>
  read.records.map(({ what, status }) => {
    const { url, fromLog } = what.params as { readonly url?: string; readonly fromLog?: boolean }
    return [/\/\/([^.]+)/.exec(url!)![1], status, fromLog ?? false]
  })

const NOT_WHOLE = {
  result: 'done-with-warnings',
  reason: 'partly-examined',
  detail: { code: 'hive-not-whole', params: {} },
}

const read = (log: Buffer | null, second: Buffer | null = null, hive = dirty(HIVE_1)) =>
  recordsOf(HIVE, hive, 10_000, log, second)

describe('Marvin32', () => {
  it('is that of an entry that Windows wrote (msuhanov/yarp, NewDirtyHive.LOG1)', () => {
    const head = Buffer.from('48764c45005e000000000000020000000050000001000000' + '31e40718666c8667', 'hex')
    expect(marvin32(head, Buffer.from('c5554e7a884def82', 'hex'))).toBe(0xcd44f3cfa7657f02n)
  })
})

describe('a hive', () => {
  it('that was closed needs no log, and takes none', () => {
    const answer = recordsOf(HIVE, HIVE_1, 10_000, newLog([HIVE_1, HIVE_2]))
    expect(answer.result).toEqual({ result: 'done' })
    expect(codes(answer)).toMatchObject([{ code: 'hive-clean' }])
    expect(said(answer)).toEqual([['lake', 'live', false]])
  })

  it('that was not closed is completed from its log, and says what stands there alone', () => {
    const answer = read(newLog([HIVE_1, HIVE_2]))
    expect(answer.result).toEqual({ result: 'done' })
    expect(codes(answer)).toMatchObject([{ code: 'hive-log-applied', params: { entries: 1, pages: 1 } }])
    expect(said(answer)).toEqual([
      ['lake', 'live', false],
      ['pond', 'live', true],
    ])
    for (const record of answer.records) checkedRecord(record)
  })

  it('gives what the log replaced as deleted', () => {
    expect(said(read(newLog([HIVE_1, typed('pond')])))).toEqual([
      ['pond', 'live', true],
      ['lake', 'deleted', false],
    ])
  })

  it('takes both logs in the order of their numbers, whichever name they have, and grows', () => {
    const [earlier, later] = [newLog([HIVE_1, HIVE_2, HIVE_3], 2), newLog([HIVE_3, HIVE_4], 4)]
    for (const logs of [
      [earlier, later],
      [later, earlier],
    ]) {
      const answer = read(logs[0]!, logs[1]!)
      expect(answer.result).toEqual({ result: 'done' })
      expect(codes(answer)).toMatchObject([{ code: 'hive-log-applied', params: { entries: 3 } }])
      expect(answer.records.filter(({ status }) => status === 'live').length).toBe(62)
    }
    const { bytes } = replayed(dirty(HIVE_1), [earlier, later])
    expect(bytes.subarray(4096).equals(HIVE_4.subarray(4096))).toBe(true)
  })

  it('leaves entries of an earlier time behind the last one', () => {
    const log = Buffer.concat([newLog([HIVE_1, HIVE_2]), logEntry(HIVE_2, HIVE_3, 1)])
    const answer = read(log)
    expect(answer.result).toEqual({ result: 'done' })
    expect(said(answer).length).toBe(2)
  })

  it('without a log, or with empty ones, is not whole', () => {
    for (const log of [null, Buffer.alloc(SECTOR)]) {
      const answer = read(log)
      expect(answer.result).toEqual(NOT_WHOLE)
      expect(codes(answer)).toMatchObject([{ code: 'hive-log-missing' }])
      expect(said(answer)).toEqual([['lake', 'live', false]])
    }
  })

  it.each<[string, string, (log: Buffer) => Buffer]>([
    ['a changed page', 'hash', (log) => set(log, log.length - 1, 1)],
    ['a changed head', 'hash', (log) => set(log, SECTOR + 8, 1)],
    ['a cut entry', 'cut', (log) => log.subarray(0, -SECTOR)],
    ['a cut head', 'cut', (log) => log.subarray(0, SECTOR)],
    ['no length', 'size', (log) => number(log, SECTOR + 4, 0)],
    ['a length beyond all', 'cut', (log) => number(log, SECTOR + 4, 0xfffffe00)],
    ['more pages than it has', 'size', (log) => sealed(number(log, SECTOR + 20, 0xffffffff))],
    ['a page outside the hive', 'size', (log) => sealed(number(log, SECTOR + 40, 0xfffff000))],
    ['a hive of four gigabytes', 'size', (log) => sealed(number(log, SECTOR + 16, 0xfffff000))],
    ['a number that is not the next', 'sequence', (log) => sealed(number(log, SECTOR + 12, 3))],
    ['a damaged header', 'header', (log) => set(log, 20, 9)],
  ])('with %s in the log is not whole, and nothing of the entry is taken', (_, why, change) => {
    const answer = read(change(Buffer.from(newLog([HIVE_1, HIVE_2]))))
    expect(answer.result).toEqual(NOT_WHOLE)
    expect(codes(answer)).toMatchObject([{ code: 'hive-log-not-applied', params: { why } }])
    expect(said(answer)).toEqual([['lake', 'live', false]])
  })

  it('takes the entries before a wrong one, and says why it stopped', () => {
    const log = newLog([HIVE_1, HIVE_2, HIVE_3])
    const answer = read(set(log, log.length - 1, 1))
    expect(answer.result).toEqual(NOT_WHOLE)
    expect(codes(answer)).toMatchObject([
      { code: 'hive-log-applied', params: { entries: 1, stopped: 'hash' } },
    ])
    expect(said(answer)).toContainEqual(['pond', 'live', true])
  })

  it('does not step over a number that is missing between two logs', () => {
    const answer = read(newLog([HIVE_1, HIVE_2], 2), newLog([HIVE_3, HIVE_4], 4))
    expect(answer.result).toEqual(NOT_WHOLE)
    expect(codes(answer)).toMatchObject([{ params: { entries: 1, stopped: 'sequence' } }])
  })

  it('takes no log whose entries it has', () => {
    const answer = read(newLog([HIVE_1, HIVE_2], 2), null, dirty(HIVE_3, 9))
    expect(answer.result).toEqual(NOT_WHOLE)
    expect(codes(answer)).toMatchObject([{ code: 'hive-log-not-applied', params: { why: 'other-state' } }])
  })

  it('with a damaged first block takes that of the log', () => {
    const hive = dirty(HIVE_1)
    hive.writeUInt32LE(0x7777, 36)
    const answer = read(newLog([HIVE_1, HIVE_2]), null, hive)
    expect(said(answer).map(([word]) => word)).toEqual(['lake', 'pond'])
    expect(codes(answer)).toMatchObject([{ code: 'hive-log-applied' }])
  })

  it('is completed from a log of the old form', () => {
    const answer = read(oldLog(HIVE_1, HIVE_3))
    expect(answer.result).toEqual({ result: 'done' })
    expect(codes(answer)).toMatchObject([{ code: 'hive-log-applied', params: { entries: 1 } }])
    expect(said(answer).filter(([, , fromLog]) => fromLog).length).toBe(60)
  })

  it('takes no log of the old form that was written with another state, and of a cut one what is there', () => {
    const hive = dirty(HIVE_1)
    const other = Buffer.from(HIVE_1)
    other.writeBigUInt64LE(7n, 12)
    expect(codes(read(oldLog(other, HIVE_3), null, hive))).toMatchObject([{ params: { why: 'other-state' } }])
    const cut = read(oldLog(HIVE_1, HIVE_3).subarray(0, -1), null, hive)
    expect(cut.result.result).toBe('done-with-warnings')
    expect(codes(cut)).toMatchObject([{ code: 'hive-log-applied', params: { stopped: 'cut' } }])
  })

  it('that is a log itself is read with its hive, and not alone', () => {
    for (const log of [newLog([HIVE_1, HIVE_3]), oldLog(HIVE_1, HIVE_3)]) {
      const answer = recordsOf(HIVE, log)
      expect(answer).toMatchObject({ result: { result: 'not-done', reason: 'not-built' }, records: [] })
      expect(codes(answer)).toMatchObject([{ code: 'hive-log' }])
    }
    const empty = Buffer.concat([newLog([HIVE_1]), Buffer.alloc(8192)])
    expect(recordsOf(HIVE, empty).result).toEqual({ result: 'done' })
  })

  it('ends with every mutant of its logs', () => {
    const hive = dirty(userHive(1_600_000_000_000))
    const after = Buffer.concat([userHive(1_600_000_500_000), Buffer.alloc(4096)])
    for (const log of [newLog([hive, after, hive]), oldLog(hive, after)])
      for (let i = 0; i < 300; i++) {
        for (const record of read(mutant(log, i), null, hive).records) checkedRecord(record)
        for (const record of read(log, null, mutant(hive, i)).records) checkedRecord(record)
      }
  })
})

function set(bytes: Buffer, at: number, by: number): Buffer {
  bytes[at]! ^= by
  return bytes
}

function number(bytes: Buffer, at: number, value: number): Buffer {
  bytes.writeUInt32LE(value, at)
  return bytes
}

function sealed(log: Buffer): Buffer {
  sealEntry(log.subarray(SECTOR))
  return log
}

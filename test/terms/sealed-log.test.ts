import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SealedLog } from '../../src/terms/sealed-log.ts'
import { temporaryFolder } from '../e2e/seized.ts'

const PASSPHRASE = 'a passphrase of a test'
const RECORDS = ['one', '', 'three'.repeat(1000)]

function written(): string {
  const path = join(temporaryFolder(), 'log')
  const log = SealedLog.create(path, PASSPHRASE)
  for (const record of RECORDS) log.append(Buffer.from(record))
  log.close()
  return path
}

function read(path: string, passphrase = PASSPHRASE): string[] {
  const found: string[] = []
  SealedLog.open(path, passphrase, (record) => found.push(record.toString())).close()
  return found
}

describe('a sealed log', () => {
  it('gives back its records, grows after it was opened again, and shows nothing without the passphrase', () => {
    const path = written()
    expect(read(path)).toEqual(RECORDS)
    const again = SealedLog.open(path, PASSPHRASE, () => {})
    again.append(Buffer.from('four'))
    again.close()
    expect(read(path)).toEqual([...RECORDS, 'four'])
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readFileSync(path, 'latin1')).not.toContain('three')
    expect(() => read(path, 'another passphrase')).toThrow('the passphrase is another')
    expect(() => SealedLog.create(path, PASSPHRASE)).toThrow('EEXIST')
  })

  it('loses the record alone in which its writer was killed, and goes on behind the one before', () => {
    const path = written()
    const whole = readFileSync(path)
    const [header, first, second] = [27, 27 + 4 + 28 + 3, 27 + 4 + 28 + 3 + 4 + 28]
    for (const [bytes, left] of [
      [whole.length - 1, 2],
      [second + 3, 2],
      [first, 1],
    ] as const) {
      writeFileSync(path, whole)
      truncateSync(path, bytes)
      expect([bytes, read(path)]).toEqual([bytes, RECORDS.slice(0, left)])
      const log = SealedLog.open(path, PASSPHRASE, () => {})
      log.append(Buffer.from('next'))
      log.close()
      expect(read(path)).toEqual([...RECORDS.slice(0, left), 'next'])
    }
    truncateSync(path, header - 1)
    expect(() => read(path)).toThrow('is not a sealed file')
  })

  it('refuses a changed byte of any part, records that changed places, and one that was taken out', () => {
    const path = written()
    const whole = readFileSync(path)
    // The four bytes of a length can only make the rest unreadable: that is a cut, which the test above has.
    for (const at of [7, 12, 31, 45, whole.length - 1]) {
      const changed = Buffer.from(whole)
      changed[at]! ^= 1
      writeFileSync(path, changed)
      expect(() => read(path), String(at)).toThrow(/sealed file|could not be opened/)
    }
    const [first, second] = [27 + 4 + 28 + 3, 27 + 4 + 28 + 3 + 4 + 28]
    const parts = [whole.subarray(27, first), whole.subarray(first, second), whole.subarray(second)]
    for (const order of [
      [1, 0, 2],
      [1, 2],
    ]) {
      writeFileSync(path, Buffer.concat([whole.subarray(0, 27), ...order.map((i) => parts[i]!)]))
      expect(() => read(path)).toThrow('could not be opened')
    }
  })
})

/** Reads records as a child does, and makes mutants of a sample. */
import type { DeviceRecord } from '../../../src/contracts/record.ts'
import { readRecords } from '../../../src/formats/artefacts/read-records.ts'
import { recordOf } from '../../../src/host/decoder/records-request.ts'
import { type ReadRecordsReply, recordsPart, type WireRecord } from '../../../src/wire/records-reply.ts'

export interface Read extends ReadRecordsReply {
  readonly records: readonly WireRecord[]
}

/** A record as the main process takes it from a child. @throws ImplausibleReply */
export function checkedRecord(record: WireRecord): DeviceRecord {
  const [checked] = recordsPart(JSON.parse(JSON.stringify({ records: [record] }))).records
  return recordOf(checked!)
}

export function recordsOf(
  mediaType: string,
  bytes: Buffer,
  mostRecords = 10_000,
  log: Buffer | null = null,
  journal: Buffer | null = null,
  companion: Buffer | null = null,
): Read {
  const records: WireRecord[] = []
  const reply = readRecords(
    {
      mediaType,
      mostRecords,
      logBytes: log?.length ?? 0,
      journalBytes: journal?.length ?? 0,
      companionBytes: companion?.length ?? 0,
    },
    Buffer.concat([bytes, ...[log, journal, companion].filter((one) => one !== null)]),
    (part) => records.push(...part.records),
  )
  return { ...reply, records }
}

/** Flipped bits, bytes set, cuts, stretches doubled: the same for the same number. */
export function mutant(bytes: Buffer, number: number): Buffer {
  let state = (number * 2_654_435_761 + 12_345) >>> 0
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const changed = Buffer.from(bytes)
  for (let i = 0; i <= number % 8; i++) {
    const at = random(changed.length)
    changed[at] = number % 3 === 0 ? 0xff : number % 3 === 1 ? 0 : changed[at]! ^ (1 << random(8))
  }
  if (number % 5 === 0) return changed.subarray(0, 1 + random(changed.length))
  if (number % 7 === 0) {
    const [from, length] = [random(changed.length), random(64)]
    return Buffer.concat([changed, changed.subarray(from, from + length)])
  }
  return changed
}

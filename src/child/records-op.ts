/** Wires the `records` operation. */

import type { ReadRecordsHeader } from '../wire/records.ts'
import { readRecords } from './artefacts/read-records.ts'
import type { OpRun } from './op.ts'

export async function prepareRecordsOp(): Promise<OpRun> {
  return async ({ header, bytes, emit }) => {
    const reply = readRecords(header as ReadRecordsHeader, bytes, (part) => emit(part, NOTHING))
    return { header: reply, bytes: NOTHING }
  }
}

const NOTHING = Buffer.alloc(0)

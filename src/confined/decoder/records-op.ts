/** Wires the `records` operation. */

import { readRecords } from '../../formats/artefacts/read-records.ts'
import type { ReadRecordsHeader } from '../../wire/records.ts'
import { MODEL_HEAD_BYTES } from '../../wire/records.ts'
import type { OpRun } from './op.ts'

export async function prepareRecordsOp(): Promise<OpRun> {
  return async ({ header, bytes, lent, emit }) => {
    // A descriptor is passed only for files whose header contains all facts.
    const given = lent === null ? bytes : lent.read(0, Math.min(lent.sizeBytes, MODEL_HEAD_BYTES))
    const reply = readRecords(header as ReadRecordsHeader, given, (part) => emit(part, NOTHING))
    return { header: reply, bytes: NOTHING }
  }
}

const NOTHING = Buffer.alloc(0)

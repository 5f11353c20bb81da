/** Wires the `look` operation: decoders of extract/, the hash of hash/, the classifiers of classify/. */
import { type LookParts, prepareLook } from '../extract/look.ts'
import type { LookHeader } from '../extract/look-request.ts'
import { pdqFromRgb } from '../hash/pdq.ts'
import type { OpRun } from './ops.ts'

export async function prepareLookOp(_config: unknown): Promise<OpRun> {
  const parts: LookParts = { pdq: pdqFromRgb, classify: null }
  const look = await prepareLook(parts)
  return async ({ header, bytes }) => {
    const { reply, cells } = await look(header as LookHeader, bytes)
    return { header: reply, bytes: cells }
  }
}

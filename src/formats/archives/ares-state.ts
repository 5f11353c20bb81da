/**
 * Lists the state block at the end of a partial Ares download as a member. The records of the state are parsed from
 * that member; the downloaded file itself is analysed as usual.
 */

import { ARES_STATE_BYTES, hasAresState } from '../artefacts/ares/signature.ts'
import { type ByteSource, sliceOf } from '../bytes/byte-source.ts'
import { type Budget, type Member, wholeOf } from './common/container.ts'
import type { Appended } from './program-archive.ts'

/** @returns null when the content has no state block */
export function aresState(whole: ByteSource): Appended | null {
  const { sizeBytes } = whole
  const startsAt = Math.max(0, sizeBytes - ARES_STATE_BYTES)
  if (!hasAresState(whole.read(startsAt, ARES_STATE_BYTES), sizeBytes)) return null
  return {
    startsAt,
    endsAt: sizeBytes,
    source: sliceOf(whole, startsAt, sizeBytes),
    members: state,
    isArchive: false,
  }
}

async function* state(source: ByteSource, budget: Budget): AsyncGenerator<Member> {
  budget.entry()
  yield {
    kind: 'embedded',
    name: Buffer.from('ARESTRA'),
    entryKind: 'file',
    sizeBytes: BigInt(source.sizeBytes),
    modified: null,
    linkTarget: null,
    read: async () => {
      budget.charge(source.sizeBytes)
      return wholeOf(source)
    },
  }
}

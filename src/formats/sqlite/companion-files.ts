/** Splits the bytes that a child process received into the content and the companion files of a database. */

import type { CompanionFiles, CompanionSizes } from '../../wire/companion-files.ts'

export function parted(
  joined: Buffer,
  { logBytes = 0, journalBytes = 0, companionBytes = 0 }: CompanionSizes,
): { readonly bytes: Buffer; readonly logs: CompanionFiles } {
  const own = joined.length - logBytes - journalBytes - companionBytes
  const journalAt = own + logBytes
  const companionAt = journalAt + journalBytes
  return {
    bytes: joined.subarray(0, own),
    logs: {
      log: logBytes === 0 ? null : joined.subarray(own, journalAt),
      journal: journalBytes === 0 ? null : joined.subarray(journalAt, companionAt),
      companion: companionBytes === 0 ? null : joined.subarray(companionAt),
    },
  }
}

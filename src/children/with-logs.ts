/** A content as it travels to a child, with what lies beside it where it is a database. */
import type { Content } from '../contracts/content.ts'
import type { LogsBeside } from '../sqlite-file/database-state.ts'
import type { LogSizes } from '../wire/logs.ts'

export function withLogs(
  content: Content,
  bytes: Buffer,
  { log, journal }: LogsBeside,
): { readonly sizes: LogSizes; readonly bytes: Buffer; readonly sha256: string | null } {
  const beside = [log, journal].filter((one) => one !== null)
  return {
    sizes: { logBytes: log?.length ?? 0, journalBytes: journal?.length ?? 0 },
    bytes: beside.length === 0 ? bytes : Buffer.concat([bytes, ...beside]),
    // Of several contents the digest is that of none: each was checked when it was read.
    sha256: beside.length === 0 ? content.digests.sha256 : null,
  }
}

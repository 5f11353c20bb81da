/** The write-ahead log of a database on the exhibit. No stage itself: those that read databases ask. */
import type { PendingContent } from '../contracts/ledger.ts'
import { type StageResult, withWarnings } from '../contracts/stage.ts'
import { besideOf, leftBeside } from './beside.ts'
import type { ContentReader } from './parts.ts'
import type { Run } from './run.ts'

const DATABASE = 'application/x-sqlite3'

/** A database's write-ahead log, where it lies beside it on the exhibit; `unread`: it is there, and could not be read or was not to be. */
export async function logBeside(
  run: Run,
  readers: Pick<ContentReader, 'bytes'>,
  pending: PendingContent,
): Promise<Buffer | 'unread' | null> {
  if (pending.content.mediaType !== DATABASE) return null
  const read = await besideOf(run, readers, pending, run.session.plan.limits.lookBytes)
  return read[0]?.bytes ?? (leftBeside(run, pending, read) ? 'unread' : null)
}

/** Of a database that was read without its log: what the log would have changed is missing. */
export function withoutLog(result: StageResult): StageResult {
  return result.result === 'done'
    ? withWarnings('partly-examined', { code: 'log-not-read', params: {} })
    : result
}

/** @param read what was laid over it */
export function lacksLog(run: Run, pending: PendingContent, read: Parameters<typeof leftBeside>[2]): boolean {
  return pending.content.mediaType === DATABASE && leftBeside(run, pending, read)
}

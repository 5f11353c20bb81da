/** The logs of a database on the exhibit. No stage itself: those that read databases ask. */
import type { PendingContent } from '../contracts/ledger.ts'
import { type StageResult, withWarnings } from '../contracts/stage.ts'
import { type LogsBeside, NO_LOGS } from '../sqlite-file/database-state.ts'
import { logsIn } from '../sqlite-file/logs-by-name.ts'
import { besideOf, leftBeside } from './beside.ts'
import type { ContentReader } from './parts.ts'
import type { Run } from './run.ts'

const DATABASE = 'application/x-sqlite3'

/** `unread`: something of it is there, and could not be read or was not to be. */
export interface LogsFound {
  readonly logs: LogsBeside
  readonly unread: boolean
}

/** A database's write-ahead log and rollback journal, where they lie beside it on the exhibit. */
export async function logsBeside(
  run: Run,
  readers: Pick<ContentReader, 'bytes'>,
  pending: PendingContent,
): Promise<LogsFound> {
  if (pending.content.mediaType !== DATABASE) return { logs: NO_LOGS, unread: false }
  const read = await besideOf(run, readers, pending, run.session.plan.limits.lookBytes, isLog)
  return { logs: logsIn(read), unread: leftBeside(run, pending, read).some(isLog) }
}

/** Of a database that was read without its log: what the log would have changed is missing. */
export function withoutLog(result: StageResult): StageResult {
  return result.result === 'done'
    ? withWarnings('partly-examined', { code: 'log-not-read', params: {} })
    : result
}

/** @param read what was laid over it, and what else belongs to it and was read */
export function lacksBeside(
  run: Run,
  pending: PendingContent,
  read: Parameters<typeof leftBeside>[2],
  result: StageResult,
): StageResult {
  const left = pending.content.mediaType === DATABASE ? leftBeside(run, pending, read) : []
  if (left.length === 0 || result.result !== 'done') return result
  const other = left.find((name) => !isLog(name))
  if (left.some(isLog)) return withoutLog(result)
  return withWarnings('partly-examined', { code: 'beside-not-read', params: { name: other! } })
}

function isLog(name: string): boolean {
  return /-(wal|journal)$/.test(name)
}

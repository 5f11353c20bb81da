/** The write-ahead log of a database on the exhibit. No stage itself: two of them ask. */
import { depthOf, parseEvidencePath } from '../base/evidence-path.ts'
import type { PendingContent } from '../contracts/ledger.ts'
import type { ContentReader } from './parts.ts'
import { quarantined, type Run } from './run.ts'

/** A database's write-ahead log, where it lies beside it on the exhibit; `unread`: it is there, and could not be read or was not to be. */
export async function logBeside(
  run: Run,
  readers: Pick<ContentReader, 'bytes'>,
  { path, content }: PendingContent,
): Promise<Buffer | 'unread' | null> {
  if (content.mediaType !== 'application/x-sqlite3') return null
  const at = parseEvidencePath(Buffer.concat([path.bytes, LOG]))
  if (!run.session.hasEntry(at)) return null
  const beside = run.session.named.at(at)
  if (beside === null || depthOf(path) > 1 || quarantined(run, beside)) return 'unread'
  const read = await readers.bytes(beside, run.session.plan.limits.lookBytes)
  return 'result' in read ? 'unread' : read.bytes
}

const LOG = Buffer.from('-wal')

import type { PendingRead, ReadRecord } from '../contracts/ledger.ts'
import type { Parts, Readers, Stretch } from './parts.ts'
import { Meter, type Run } from './run.ts'

const PAGE_ENTRIES = 2048
/** A batch is committed when it is this large or this old: the first hit shows at once, a kill loses little. */
const COMMIT_ENTRIES = 768
const COMMIT_MS = 250

export const known: Stretch = { phase: 'known', stages: ['read', 'matched'], run: readAndMatch }

async function readAndMatch(run: Run, { readers, match }: Parts): Promise<void> {
  const { session, emit } = run
  const meter = new Meter(run, 'known')
  let records: ReadRecord[] = []
  let lastCommitMs = performance.now()

  const commit = () => {
    if (records.length === 0) return
    session.recordReads(records)
    records = []
    lastCommitMs = performance.now()
    const { counts } = session
    meter.update({
      entries: counts.read,
      entriesTotal: counts.files,
      bytes: counts.bytesRead,
      bytesTotal: counts.bytes,
    })
  }
  for await (const results of readers.readAll(pendingPages(run))) {
    for (const { job, outcome } of results) {
      const matched = outcome.content ? match(outcome.content) : null
      records.push({ entryId: job.entryId, outcome, match: matched })
      for (const hit of matched?.hits ?? [])
        if (hit.meaning !== 'known') emit({ event: 'hit', path: job.path, hit })
    }
    if (records.length >= COMMIT_ENTRIES || performance.now() - lastCommitMs > COMMIT_MS) commit()
  }
  commit()
  noteTraces(run, readers)
}

/** What reading did to the exhibit, and what the exhibit did to the readers. */
function noteTraces({ session, emit }: Run, { atimeTouched, givenUp }: Readers): void {
  if (atimeTouched) {
    session.recordEvent('access-times-touched', { why: 'the system refused O_NOATIME to this account' })
    emit({
      event: 'warning',
      message:
        'Reading may have changed access times on the exhibit: the system refused this account to read without (O_NOATIME). Mount with noatime, or run as root.',
    })
  }
  if (givenUp > 0) session.recordEvent('readers-given-up', { processes: String(givenUp) })
}

async function* pendingPages(run: Run): AsyncGenerator<readonly PendingRead[]> {
  let cursor: PendingRead | null = null
  while (!run.signal.aborted) {
    const page: readonly PendingRead[] = run.session.pendingReads(cursor, PAGE_ENTRIES)
    if (page.length === 0) return
    yield page
    cursor = page.at(-1)!
  }
}

import { type Attribute, attribute } from '../contracts/attribute.ts'
import type { ReadOutcome } from '../contracts/content.ts'
import type { PendingRead, ReadRecord } from '../contracts/ledger.ts'
import type { Reading } from '../contracts/progress.ts'
import { notDone } from '../contracts/stage.ts'
import { lockedPlace, mayBeTold, withPlace } from '../source/locked-places.ts'
import type { Parts, PipelineStep, Readers } from './parts.ts'
import { eachUntilPaused, Meter, type Run, SAY_MS } from './run.ts'
import { besideStated } from './stated-digests.ts'

const PAGE_ENTRIES = 2048
/** So that a quick look ends soon after its minutes. */
const QUICK_PAGE_ENTRIES = 128
/** A batch is committed when it is this large or this old: the first hit shows at once, a kill loses little. */
const COMMIT_ENTRIES = 768
const COMMIT_MS = 250

export const known: PipelineStep = { phase: 'known', stages: ['read', 'matched'], run: readAndMatch }

async function readAndMatch(run: Run, { readers, match, named }: Parts): Promise<void> {
  const { session, emit } = run
  const meter = new Meter(run, 'known')
  let records: ReadRecord[] = []
  let lastCommitMs = performance.now()

  const commit = () => {
    if (records.length === 0) return
    session.recordReads(records)
    records = []
    lastCommitMs = performance.now()
    tell(null)
  }
  const tell = (reading: Reading | null) => {
    const { read, files, bytesRead, bytes } = session.counts
    meter.update({ entries: read, entriesTotal: files, bytes: bytesRead, bytesTotal: bytes, reading })
  }
  const saying = setInterval(() => tell(readers.reading), SAY_MS)
  try {
    // Those first whose place tells: the order of readers, which is none, would decide whether a copy elsewhere is marked.
    const told: Results[number][] = []
    for await (const results of eachUntilPaused(run, readers.readAll(tellingPages(run))))
      told.push(...results)
    // In their own order: of two names for one content the first says what it is.
    take(told.sort((one, other) => one.job.entryId - other.job.entryId))
    commit()
    for await (const results of eachUntilPaused(run, readers.readAll(pendingPages(run)))) take(results)
    commit()
  } finally {
    clearInterval(saying)
  }
  if (isOver(run)) leaveRest(run)
  noteTraces(run, readers)

  function take(results: Results): void {
    for (const { job, outcome: read } of results) {
      const outcome = withPlace(job.path, read)
      const matched = outcome.content ? match(outcome.content) : null
      const stated = job.onImage?.place.stated
      const said = [
        ...(stated
          ? besideStated(stated, outcome.content, { ...job, image: run.exhibit.image ?? null }, named)
          : []),
        ...lockedAt(run, job, outcome),
      ]
      records.push({ entryId: job.entryId, outcome, match: matched, ...(said.length > 0 && { named: said }) })
      for (const hit of matched?.hits ?? [])
        if (hit.meaning !== 'known') emit({ event: 'hit', path: job.path, hit })
    }
    if (records.length >= COMMIT_ENTRIES || performance.now() - lastCommitMs > COMMIT_MS) commit()
  }
}

type Results = readonly { readonly job: PendingRead; readonly outcome: ReadOutcome }[]

/** An encrypted database, by its place alone. */
function lockedAt(
  { privileged }: Run,
  { path }: PendingRead,
  { content }: ReadOutcome,
): readonly Attribute[] {
  const program = content === null ? null : lockedPlace(path, content)
  return program === null || privileged?.covers(path, content!.digests)
    ? []
    : [attribute('locked-store', { program, form: 'database' })]
}

/** Of a quick look: its minutes count from the start of this process. */
function isOver({ session }: Run): boolean {
  const { quickMinutes } = session.plan.options
  return quickMinutes !== undefined && performance.now() > quickMinutes * 60_000
}

/** What a quick look did not come to is said of each entry. */
function leaveRest({ session, signal }: Run): void {
  const outcome: ReadOutcome = { result: notDone('not-in-time'), content: null, bytesRead: 0n }
  while (!signal.aborted) {
    const page = session.pendingReads(null, PAGE_ENTRIES)
    if (page.length === 0) return
    session.recordReads(page.map(({ entryId }) => ({ entryId, outcome, match: null })))
  }
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

async function* tellingPages(run: Run): AsyncGenerator<readonly PendingRead[]> {
  for (let cursor: PendingRead | null = null; !run.signal.aborted && !isOver(run); ) {
    const named: readonly PendingRead[] = run.session.pendingReads(cursor, PAGE_ENTRIES, 'of-places')
    const page = named.filter(({ path }) => mayBeTold(path))
    if (page.length > 0) yield page
    if (named.length < PAGE_ENTRIES) return
    cursor = named.at(-1)!
  }
}

async function* pendingPages(run: Run): AsyncGenerator<readonly PendingRead[]> {
  let cursor: PendingRead | null = null
  const entries = run.session.plan.options.quickMinutes === undefined ? PAGE_ENTRIES : QUICK_PAGE_ENTRIES
  while (!run.signal.aborted && !isOver(run)) {
    const page: readonly PendingRead[] = run.session.pendingReads(cursor, entries)
    if (page.length === 0) return
    yield page
    cursor = page.at(-1)!
  }
}

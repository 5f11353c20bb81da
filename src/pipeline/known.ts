import { type Attribute, attribute } from '../contracts/attribute.ts'
import type { ReadOutcome } from '../contracts/content.ts'
import type { PendingRead, ReadRecord } from '../contracts/ledger.ts'
import type { Reading } from '../contracts/progress.ts'
import { READ_AGAIN } from '../contracts/read-again.ts'
import { notDone } from '../contracts/stage.ts'
import { lockedPlace, mayBeTold, withPlace } from '../source/locked-places.ts'
import { Asking } from './asking.ts'
import type { Parts, PipelineStep, Readers } from './parts.ts'
import { type Answered, type Held, Readings } from './readings.ts'
import { eachUntilPaused, Meter, type Run, SAY_MS } from './run.ts'
import { besideStated } from './stated-digests.ts'

const PAGE_ENTRIES = 2048
/** Small pages, so a quick run ends soon after its time limit. */
const QUICK_PAGE_ENTRIES = 128
/** A batch is committed at this size or age: the first hit appears at once, and a kill loses little work. */
const COMMIT_ENTRIES = 768
const COMMIT_MS = 250

export const known: PipelineStep = { phase: 'known', stages: ['read', 'matched'], run: readAndMatch }

async function readAndMatch(run: Run, { readers, match, named }: Parts): Promise<void> {
  const { session, emit } = run
  const { files, bytes } = session.counts
  const meter = new Meter(run, 'known')
  const readings = new Readings({ readers, match, share: session.plan.options.readAgain, files, bytes })
  const asking = new Asking(run, readings)
  let records: Record[] = []
  let lastCommitMs = performance.now()
  let distrusted = 0

  const commit = () => {
    if (records.length === 0) return
    session.recordReads(records.map(({ record }) => record))
    for (const { reading } of records) readings.written(reading)
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
    // First the files whose path identifies the type. Otherwise the random order of the readers would decide whether
    // a copy in another folder is marked.
    const told: Answered[] = []
    for await (const results of eachUntilPaused(run, readers.readAll(tellingPages(run))))
      told.push(...results)
    // In entry order: of two names for one content, the first name decides the type.
    for (const one of told.sort((one, other) => one.job.entryId - other.job.entryId)) {
      take(one)
      await asking.all()
    }
    commit()
    for await (const results of eachUntilPaused(run, readers.readAll(pendingPages(run)))) {
      results.forEach(take)
      await asking.room()
    }
    await asking.all()
    commit()
    for await (const _page of readings.askWritten(session, () => run.signal.aborted)) tell(null)
  } finally {
    clearInterval(saying)
    asking.end()
  }
  if (isOver(run)) leaveRest(run)
  noteTraces(run, readers, readings)

  function take(answered: Answered): void {
    const { content } = answered.outcome
    const matched = content && match(content)
    const why = readings.why(answered, matched)
    if (why === null) put({ reading: answered, match: matched })
    else asking.ask({ reading: answered, match: matched, why }, putAsked)
  }

  function putAsked(held: Held): void {
    if (readings.distrusted > distrusted) {
      distrusted = readings.distrusted
      emit({ event: 'warning', message: LIED })
      const doubted = records.filter(({ reading }) => readings.isDistrusted(reading))
      records = records.filter(({ reading }) => !readings.isDistrusted(reading))
      for (const { reading, match } of doubted) asking.ask({ reading, match, why: 'doubted' }, putAsked)
    }
    put(held)
  }

  function put({ reading, match: matched }: Held): void {
    const { job } = reading
    const outcome = withPlace(job.path, reading.outcome)
    const stated = job.onImage?.place.stated
    const said = [
      ...(stated
        ? besideStated(stated, outcome.content, { ...job, image: run.exhibit.image ?? null }, named)
        : []),
      ...lockedAt(run, job, outcome),
    ]
    const more = said.length > 0 && { named: said }
    records.push({
      reading,
      match: matched,
      record: { entryId: job.entryId, outcome, match: matched, ...more },
    })
    for (const hit of matched?.hits ?? [])
      if (hit.meaning !== 'known') emit({ event: 'hit', path: job.path, hit })
    if (records.length >= COMMIT_ENTRIES || performance.now() - lastCommitMs > COMMIT_MS) commit()
  }
}

interface Record extends Held {
  readonly record: ReadRecord
}

const LIED =
  'A process that reads said something else of a content than one that read it again. It was ended; what it had said is asked again, and what was false is said of each entry.'

/** An encrypted database, recognised only by its path. */
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

/** Whether the time of a quick run is over. It counts from the start of this process. */
function isOver({ session }: Run): boolean {
  const { quickMinutes } = session.plan.options
  return quickMinutes !== undefined && performance.now() > quickMinutes * 60_000
}

/** Records `not-in-time` for each entry that a quick run did not reach. */
function leaveRest({ session, signal }: Run): void {
  const outcome: ReadOutcome = { result: notDone('not-in-time'), content: null, bytesRead: 0n }
  while (!signal.aborted) {
    const page = session.pendingReads(null, PAGE_ENTRIES)
    if (page.length === 0) return
    session.recordReads(page.map(({ entryId }) => ({ entryId, outcome, match: null })))
  }
}

/** Records side effects of reading: second readings, changed access times, and readers that were ended. */
function noteTraces({ session, emit }: Run, { atimeTouched, givenUp }: Readers, readings: Readings): void {
  if (readings.any) session.recordEvent(READ_AGAIN, readings.inWords())
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

/**
 * Inventory: every name and its metadata, before any content is read. Everything later reconciles with this count.
 *
 * An interrupted inventory is walked again from the start and skips what is recorded: a walk is cheap beside a read,
 * and a cursor into a directory tree would have to be believed.
 */
import type { WalkedEntry } from '../contracts/ledger.ts'
import { scopeResult } from '../source/scope.ts'
import type { Parts, PipelineStep } from './parts.ts'
import { breathe, eachUntilPaused, Meter, namedBy, type Run, SAY_MS } from './run.ts'
import { besideStated } from './stated-digests.ts'

const BATCH_ENTRIES = 1024

export const inventory: PipelineStep = { phase: 'inventory', stages: [], run: takeInventory }

async function takeInventory(run: Run, { named }: Parts): Promise<void> {
  const { session, source, exhibit, signal } = run
  if (session.inventoryDone) return
  const again = session.counts.entries > 0
  const meter = new Meter(run, 'inventory')
  let batch: WalkedEntry[] = []

  const tell = (listing = 0) => {
    const { entries, bytes } = session.counts
    meter.update({ entries, entriesTotal: null, bytes, bytesTotal: null, listing })
  }
  const record = () => {
    const entries = batch
    batch = []
    twice ||= !recordOnce(session, entries)
    tell()
  }
  const commit = async () => {
    record()
    await breathe()
  }
  let twice = false
  const listed = source.list(session.plan, {
    image: exhibit.image ?? null,
    beginnings: run.beginnings ?? null,
    isListed: (path) => {
      if (batch.length > 0) record()
      return session.hasEntry(path)
    },
    refusal: () => {
      const refused = twice
      twice = false
      return refused ? 'an entry for a second time' : null
    },
  })
  const saying = setInterval(() => tell(source.listing()), SAY_MS)
  try {
    for await (const entries of eachUntilPaused(run, listed)) {
      if (signal.aborted) break
      for (const walked of entries)
        if (!again || !session.hasEntry(walked.entry.path))
          batch.push(withNames({ ...walked, ...scoped(walked, run) }, run, named))
      if (batch.length >= BATCH_ENTRIES) await commit()
    }
  } finally {
    clearInterval(saying)
  }
  if (batch.length > 0) await commit()
  if (signal.aborted) return
  session.recordInventoryDone(source.medium())
}

/**
 * Nothing in this process keeps what was listed: that an entry was given twice shows when it is recorded.
 * @returns whether none was
 */
function recordOnce(session: Run['session'], entries: readonly WalkedEntry[]): boolean {
  try {
    session.recordEntries(entries)
    return true
  } catch (error) {
    const seen = new Set<string>()
    const once = entries.filter(({ entry: { path } }) => {
      const key = path.bytes.toString('latin1')
      const isNew = !seen.has(key) && !session.hasEntry(path)
      seen.add(key)
      return isNew
    })
    if (once.length === entries.length) throw error
    if (once.length > 0) session.recordEntries(once)
    return false
  }
}

/** What is privileged is not described either. */
function withNames(
  { entry, read, named = [] }: WalkedEntry,
  run: Run,
  lists: Parts['named'],
): Required<WalkedEntry> {
  if (run.privileged?.covers(entry.path, null)) return { entry, read, named: [] }
  const stated = read === null ? undefined : entry.onImage?.place.stated
  const listed = stated
    ? besideStated(stated, null, { ...entry, image: run.exhibit.image ?? null }, lists)
    : []
  return { entry, read, named: [...named, ...listed, ...namedBy(run, entry.path)] }
}

/** Scope leaves out contents, never names: what would not have been read anyway is out of scope first. */
function scoped(walked: WalkedEntry, run: Run): WalkedEntry {
  if (walked.entry.kind !== 'file') return walked
  return { entry: walked.entry, read: scopeResult(walked.entry, run.session.plan.scope) ?? walked.read }
}

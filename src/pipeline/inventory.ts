/**
 * Inventory: lists every name and its metadata before any content is read. All later counts reconcile with this count.
 *
 * An interrupted inventory walks again from the start and skips recorded entries. A walk is cheap compared with
 * reading, and a stored cursor into a directory tree could not be verified.
 */
import type { WalkedEntry } from '../contracts/ledger.ts'
import { newOf } from '../host/walker/unlisted-rest.ts'
import { scopeResult } from '../source/scope.ts'
import type { Parts, PipelineStep } from './parts.ts'
import { breathe, eachUntilPaused, Meter, namedBy, type Run, SAY_MS } from './run.ts'
import { besideStated } from './stated-digests.ts'

const BATCH_ENTRIES = 1024

export const inventory: PipelineStep = { phase: 'inventory', stages: [], run: takeInventory }

async function takeInventory(run: Run, { named, readers }: Parts): Promise<void> {
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
    readers.expect(session.counts.files)
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
      for (const given of entries) {
        const walked = again ? newOf(given, (path) => session.hasEntry(path)) : given
        if (walked) batch.push(withNames({ ...walked, ...scoped(walked, run) }, run, named))
      }
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
 * Records each entry once. This process keeps no list of entries, so only the recording detects a duplicate.
 * @returns false if a listed entry was a duplicate
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

/** Adds findings about the name. Privileged entries get no findings. */
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

/** Scope excludes contents, never names. `out-of-scope` replaces another reason for not reading. */
function scoped(walked: WalkedEntry, run: Run): WalkedEntry {
  if (walked.entry.kind !== 'file') return walked
  return { entry: walked.entry, read: scopeResult(walked.entry, run.session.plan.scope) ?? walked.read }
}

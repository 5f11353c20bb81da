/**
 * Compares a ledger with an exhibit that is read again, and names changed, missing and new entries.
 *
 * Ledger and walk both come in evidence-path order and are read in parallel, so memory holds only the differences.
 */

import { depthOf, printName, printPath } from '../../base/evidence-path.ts'
import type { Plan } from '../../contracts/case.ts'
import type { Entry } from '../../contracts/entry.ts'
import type { PendingRead } from '../../contracts/ledger.ts'
import type { EntryView } from '../../contracts/view.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { pendingOf } from '../../source/pending-read.ts'
import { inPathOrder } from './in-path-order.ts'
import type { OpenExhibit } from './open-exhibit.ts'

export interface Comparison {
  /** One sentence for each entry that no longer matches, in path order; empty when all do. */
  readonly problems: readonly string[]
  /** Files whose content was read again. */
  readonly read: number
  /** Number of entries without a digest in the ledger: compared by kind, size and link target. */
  readonly byName: number
}

export async function compareWithExhibit(
  ledgerPath: string,
  { exhibit, source, startReaders }: OpenExhibit,
  tell: (step: string) => void = () => {},
): Promise<Comparison> {
  const ledger = openLedger(ledgerPath)
  const { limits } = ledger.plan
  const readers = startReaders(2, limits, false)
  const problems: string[] = []
  const note = (entry: Entry, what: string) => problems.push(`${printPath(entry.path)}: ${what}`)
  const digests = new Map<number, string>()
  let read = 0
  let byName = 0

  async function* filesToRead(): AsyncGenerator<readonly PendingRead[]> {
    const recorded = walkedEntries(ledger.entries())
    let then = recorded.next()
    const image = ledger.exhibit.image ?? null
    const listed = source().list(withoutRemains(ledger.plan), { image, beginnings: null })
    for await (const batch of exhibit.image ? inPathOrder(listed) : listed) {
      const page: PendingRead[] = []
      for (const { entry } of batch) {
        while (!then.done && Buffer.compare(then.value.entry.path.bytes, entry.path.bytes) < 0) {
          note(then.value.entry, GONE)
          then = recorded.next()
        }
        if (then.done || !then.value.entry.path.bytes.equals(entry.path.bytes)) {
          note(entry, 'on the exhibit now, not in the ledger')
          continue
        }
        const difference = differenceOf(then.value.entry, entry)
        const { content } = then.value
        if (difference !== null) note(entry, difference)
        else if (content) {
          digests.set(++read, content.digests.sha256)
          page.push(pendingOf(entry, read))
        } else byName++
        then = recorded.next()
      }
      yield page
    }
    for (; !then.done; then = recorded.next()) note(then.value.entry, GONE)
    for (const { entry, content } of ledger.entries())
      if (isRemains(entry) && content) {
        digests.set(++read, content.digests.sha256)
        yield [pendingOf(entry, read)]
      }
  }

  try {
    for await (const results of readers.readAll(filesToRead())) {
      tell(`the exhibit: ${read - digests.size} contents read again`)
      for (const { job, outcome } of results) {
        const now = outcome.content?.digests.sha256
        if (!now) {
          const reason = 'reason' in outcome.result ? outcome.result.reason : ''
          problems.push(`${printPath(job.path)}: could be read then, cannot be read now (${reason})`)
        } else if (now !== digests.get(job.entryId))
          problems.push(`${printPath(job.path)}: the content is not what it was (SHA-256 ${now})`)
        digests.delete(job.entryId)
      }
    }
  } finally {
    await readers.close()
    ledger.close()
  }
  return { problems: problems.sort(), read, byName }
}

const GONE = 'in the ledger, no longer on the exhibit'

function* walkedEntries(views: Iterable<EntryView>): Generator<EntryView, void, undefined> {
  for (const view of views) if (depthOf(view.entry.path) === 1 && !isRemains(view.entry)) yield view
}

/**
 * Whether an entry is a range without a name (unallocated, slack, unread). It is not searched again: it is read at the
 * offset that the ledger stores.
 */
function isRemains({ path }: Entry): boolean {
  const kind = path.steps.at(-1)?.kind
  return kind === 'unallocated' || kind === 'slack' || kind === 'unread'
}

function withoutRemains({ limits, scope, options }: Plan): Pick<Plan, 'limits' | 'scope' | 'options'> {
  const { remains: _remains, sample: _sample, ...others } = options
  return { limits, scope, options: others }
}

/**
 * The difference that inventory data alone shows. A different size needs no read; the size of a folder depends on the
 * file system.
 */
function differenceOf(then: Entry, now: Entry): string | null {
  if (then.kind !== now.kind) return `was a ${then.kind}, is a ${now.kind}`
  if (then.kind === 'file' && then.sizeBytes !== now.sizeBytes)
    return `the content is not what it was: ${then.sizeBytes} bytes then, ${now.sizeBytes} now`
  if (!sameTarget(then.linkTarget, now.linkTarget))
    return `pointed to ${targetOf(then)}, points to ${targetOf(now)}`
  return null
}

function sameTarget(then: Buffer | null, now: Buffer | null): boolean {
  return then === null || now === null ? then === now : then.equals(now)
}

function targetOf({ linkTarget }: Entry): string {
  return linkTarget === null ? 'nothing that could be read' : printName(linkTarget)
}

/** Compares a ledger with an exhibit read again: names what changed, vanished or is new. */
import type { Exhibit, PendingRead } from '../contracts.ts'
import { printPath } from '../evidence-path.ts'
import { openLedger } from '../ledger/read.ts'
import { ReaderPool } from '../source/reader-pool.ts'
import { walk } from '../source/walk.ts'

/** @returns one sentence for each file that no longer matches; empty when all do */
export async function compareWithExhibit(ledgerPath: string, exhibit: Exhibit): Promise<string[]> {
  const ledger = openLedger(ledgerPath)
  const problems: string[] = []
  const expected = new Map<string, { sha256: string | null; kind: string }>()
  for (const view of ledger.entries())
    if (view.entry.path.steps.length === 1)
      expected.set(view.entry.path.bytes.toString('latin1'), {
        sha256: view.content?.digests.sha256 ?? null,
        kind: view.entry.kind,
      })
  const limits = ledger.plan.limits
  ledger.close()
  const readers = new ReaderPool({ root: exhibit.root, workers: 2, limits, ed2k: false })

  async function* filesToRead(): AsyncGenerator<readonly PendingRead[]> {
    let page: PendingRead[] = []
    let id = 0
    for (const { entry } of walk(exhibit.root, limits)) {
      const key = entry.path.bytes.toString('latin1')
      const known = expected.get(key)
      expected.delete(key)
      if (!known) problems.push(`${printPath(entry.path)}: on the exhibit now, not in the ledger`)
      else if (known.kind !== entry.kind)
        problems.push(`${printPath(entry.path)}: was a ${known.kind}, is a ${entry.kind}`)
      else if (known.sha256) {
        digests.set(++id, known.sha256)
        page.push(pendingOf(id, entry))
      }
      if (page.length < 1024) continue
      yield page
      page = []
    }
    if (page.length > 0) yield page
  }

  const digests = new Map<number, string>()
  try {
    for await (const results of readers.readAll(filesToRead()))
      for (const { job, outcome } of results) {
        const now = outcome.content?.digests.sha256
        if (!now)
          problems.push(
            `${printPath(job.path)}: could be read then, cannot be read now (${'reason' in outcome.result ? outcome.result.reason : ''})`,
          )
        else if (now !== digests.get(job.entryId))
          problems.push(`${printPath(job.path)}: the content is not what it was (SHA-256 ${now})`)
      }
  } finally {
    await readers.close()
  }
  for (const key of expected.keys())
    problems.push(
      `${printPath({ bytes: Buffer.from(key, 'latin1'), steps: [{ kind: 'file', name: Buffer.from(key, 'latin1') }] })}: in the ledger, no longer on the exhibit`,
    )
  return problems.sort()
}

function pendingOf(entryId: number, entry: import('../contracts.ts').Entry): PendingRead {
  return {
    entryId,
    path: entry.path,
    sizeBytes: entry.sizeBytes,
    modifiedNs: entry.times.modified?.ns ?? null,
    device: entry.device,
    inode: entry.inode,
    allocatedBytes: entry.allocatedBytes,
  }
}

import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { makeReviewLedger } from '../../fixtures/ledgers/review.ts'
import { openForReading } from '../../src/ledger/format/open-readonly.ts'
import { prioritiesOf } from '../../src/ledger/read/priorities.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { sealedLedger, temporaryFolder } from './temporary.ts'

const RELEASED = [1, 2, 3].map((version) =>
  fileURLToPath(new URL(`../../fixtures/ledgers/v${version}.sqlite`, import.meta.url)),
)

/** The slow and obvious way: the strongest of all views, at places that follow from copies too. */
function bySlowViews(path: string): Map<string, number> {
  const ledger = openLedger(path)
  const found = new Map<string, number>()
  for (const { content, ranked } of ledger.places())
    if (content && ranked.priority !== null)
      found.set(content.digests.sha256, Math.min(ranked.priority, found.get(content.digests.sha256) ?? 9))
  ledger.close()
  return found
}

function quickly(path: string): Map<string, number> {
  const ledger = openLedger(path)
  const { db, close } = openForReading(path)
  const digest = db.prepare<[number], Buffer>('SELECT sha256 FROM content WHERE id = ?').pluck()
  const found = new Map(
    [...prioritiesOf(db, ledger.plan)].map(({ content, priority }) => [
      digest.get(content)!.toString('hex'),
      priority as number,
    ]),
  )
  close()
  ledger.close()
  return found
}

const sorted = (found: Map<string, number>) => [...found].sort(([a], [b]) => (a < b ? -1 : 1))

it.each([...RELEASED, 'synthetic', 'review'])('priorities without views are those of views (%s)', (name) => {
  const folder = temporaryFolder()
  let path = name
  if (name === 'synthetic') path = sealedLedger(50, folder)
  if (name === 'review') {
    path = join(folder, 'review.sqlite')
    makeReviewLedger({ path, contents: 100, stackOf: 4, seal: true })
  }
  const found = quickly(path)
  expect(found.size).toBeGreaterThan(2)
  expect(sorted(found)).toEqual(sorted(bySlowViews(path)))
})

/** Ledgers in memory that persons have decided on: two agree, two differ, one withdrew, one stands alone. */
import { createHash } from 'node:crypto'
import type { CustodyEvent, DecisionFact } from '../../../src/contracts/custody.ts'
import type { LedgerReader } from '../../../src/contracts/ledger-reader.ts'
import type { EntryView } from '../../../src/contracts/view.ts'
import { caseViews } from '../ledgers.ts'
import { syntheticLedger } from '../synthetic-ledger.ts'

type Made = readonly [
  path: string,
  operator: string,
  act: DecisionFact['act'],
  category: string | null,
  scale?: string,
]

const MADE: readonly Made[] = [
  ['DCIM/IMG_0001.jpg', 'A. Example', 'decided', '2'],
  ['DCIM/IMG_0001.jpg', 'A. Example', 'decided', '1'],
  ['DCIM/IMG_0001.jpg', 'B. Example', 'decided', '1'],
  ['DCIM/IMG_0004.jpg', 'A. Example', 'decided', '0'],
  ['DCIM/IMG_0004.jpg', 'B. Example', 'decided', '3'],
  ['DCIM/IMG_0005.jpg', 'A. Example', 'decided', '2'],
  ['DCIM/IMG_0005.jpg', 'A. Example', 'withdrawn', null],
  ['DCIM/IMG_0006.jpg', 'Ž. Pavyzdys', 'decided', '0'],
  ['DCIM/IMG_0006.jpg', 'Ž. Pavyzdys', 'decided', 'C', 'agency'],
  // Nothing was found in it by lists or models.
  ['DCIM/IMG_0007.jpg', 'A. Example', 'decided', '0'],
]

export function decidedLedger(views = caseViews, made: readonly Made[] = MADE): LedgerReader {
  const all = [...views()]
  return syntheticLedger({ views, reader: { custody: () => eventsOf(all, made) } })
}

export function eventsOf(views: readonly EntryView[], made: readonly Made[]): CustodyEvent[] {
  const digests = new Map(views.map((one) => [one.entry.path.bytes.toString(), one.content?.digests.sha256]))
  return made.map(([path, operator, act, category, scale = 'vics-us'], i) => ({
    number: i + 1,
    utc: `2026-11-24T12:00:${String(i % 60).padStart(2, '0')}.000Z`,
    account: 'examiner',
    operator,
    event: act,
    detail: {},
    fact: {
      kind: 'decision',
      sha256: digests.get(path)!,
      scale,
      act,
      category,
      note: i === 0 ? 'seen "twice", =1+1' : '',
      pass: 'second',
      session: null,
    },
    head: createHash('sha256').update(`decided ${i}`).digest('hex'),
  }))
}

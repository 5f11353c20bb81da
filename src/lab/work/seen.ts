/** Contents with a finding, as keys that nobody can try digests against without the laboratory's key. */
import { createHmac } from 'node:crypto'
import { openLedger } from '../../ledger/read/read.ts'
import type { Result } from '../queue/finish.ts'

/** In this order a content is named after the first that it has. */
const MEANINGS = ['illegal', 'interest', 'conflict', 'near', 'reference', 'lead'] as const

/** @param key of the laboratory, the same on every host */
export function seenIn(ledgerPath: string, key: Buffer): Result['seen'] {
  const ledger = openLedger(ledgerPath)
  try {
    const found = new Map<string, { entries: number; meaning: number }>()
    for (const view of ledger.findings()) {
      if (view.content === null) continue
      const kinds: readonly (readonly [boolean, number])[] = [
        [view.hits.some(({ meaning }) => meaning === 'illegal'), 0],
        [view.hits.some(({ meaning }) => meaning === 'interest'), 1],
        [view.conflicts.length > 0, 2],
        [view.near.length > 0, 3],
        [view.references.length > 0, 4],
        [view.leads.length > 0, 5],
      ]
      const meaning = kinds.find(([has]) => has)?.[1]
      if (meaning === undefined) continue
      const { sha256 } = view.content.digests
      const one = found.get(sha256)
      found.set(sha256, {
        entries: (one?.entries ?? 0) + 1,
        meaning: Math.min(one?.meaning ?? MEANINGS.length, meaning),
      })
    }
    return [...found]
      .map(([sha256, { entries, meaning }]) => ({
        key: createHmac('sha256', key).update(sha256, 'hex').digest(),
        entries,
        meaning: MEANINGS[meaning]!,
      }))
      .sort((a, b) => Buffer.compare(a.key, b.key))
  } finally {
    ledger.close()
  }
}

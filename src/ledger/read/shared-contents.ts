/**
 * Counts contents that lie on more than one exhibit. The ledgers are read in parallel in order of SHA-256, with one
 * row of each in memory.
 */
import { createHash } from 'node:crypto'
import { openForReading } from '../format/open-readonly.ts'

export interface SharedContents {
  /** Number of distinct contents that more than one of the ledgers contains, without the empty content. */
  readonly contents: number
  /** Pairs of ledgers with contents in common, as places in the order of the ledgers; most contents first. */
  readonly pairs: readonly { readonly of: readonly [number, number]; readonly contents: number }[]
}

/** @throws LedgerDamaged */
export function sharedContents(paths: readonly string[]): SharedContents {
  const files = paths.map(openForReading)
  let sides: IterableIterator<Buffer>[] = []
  try {
    sides = files.map(({ db }) =>
      db.prepare('SELECT sha256 FROM content WHERE sha256 IS NOT NULL ORDER BY sha256').pluck().iterate(),
    ) as IterableIterator<Buffer>[]
    const at = sides.map((side) => side.next())
    let contents = 0
    const pairs = new Map<string, { readonly of: readonly [number, number]; contents: number }>()
    for (;;) {
      const open = at.flatMap((one) => (one.done ? [] : [one.value]))
      if (open.length === 0) return { contents, pairs: [...pairs.values()].sort(mostFirst) }
      const least = open.reduce((a, b) => (Buffer.compare(a, b) <= 0 ? a : b))
      const holders: number[] = []
      for (const [i, one] of at.entries())
        if (!one.done && one.value.equals(least)) {
          holders.push(i)
          at[i] = sides[i]!.next()
        }
      if (holders.length < 2 || least.equals(EMPTY)) continue
      contents++
      for (const [i, first] of holders.entries())
        for (const second of holders.slice(i + 1)) {
          const key = `${first} ${second}`
          const pair = pairs.get(key) ?? { of: [first, second], contents: 0 }
          pairs.set(key, pair)
          pair.contents++
        }
    }
  } finally {
    for (const side of sides) side.return?.()
    for (const file of files) file.close()
  }
}

function mostFirst(a: SharedContents['pairs'][number], b: SharedContents['pairs'][number]): number {
  return b.contents - a.contents || a.of[0] - b.of[0] || a.of[1] - b.of[1]
}

const EMPTY = createHash('sha256').digest()

/**
 * Counts contents that lie on more than one exhibit. The ledgers are read in parallel in order of SHA-256, with one
 * row of each in memory.
 */
import { createHash } from 'node:crypto'
import { openForReading } from '../format/open-readonly.ts'

/**
 * @returns number of distinct contents that more than one of these ledgers contains, without the empty content
 * @throws LedgerDamaged
 */
export function countShared(paths: readonly string[]): number {
  const files = paths.map(openForReading)
  let sides: IterableIterator<Buffer>[] = []
  try {
    sides = files.map(({ db }) =>
      db.prepare('SELECT sha256 FROM content WHERE sha256 IS NOT NULL ORDER BY sha256').pluck().iterate(),
    ) as IterableIterator<Buffer>[]
    const at = sides.map((side) => side.next())
    let shared = 0
    for (;;) {
      const open = at.flatMap((one) => (one.done ? [] : [one.value]))
      if (open.length === 0) return shared
      const least = open.reduce((a, b) => (Buffer.compare(a, b) <= 0 ? a : b))
      let holders = 0
      for (const [i, one] of at.entries())
        if (!one.done && one.value.equals(least)) {
          holders++
          at[i] = sides[i]!.next()
        }
      if (holders > 1 && !least.equals(EMPTY)) shared++
    }
  } finally {
    for (const side of sides) side.return?.()
    for (const file of files) file.close()
  }
}

const EMPTY = createHash('sha256').digest()

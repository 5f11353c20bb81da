/** Figures of the court's edition: bytes of the image by class, and listed contents by month of their last change. */
import type { EntryViews, MediumFacts } from '../../contracts/ledger-reader.ts'
import type { CourtTexts } from './texts.ts'
import { coded } from './words.ts'

export interface Bar {
  readonly label: string
  readonly value: string
  /** Of the longest bar, or of the whole: 0 to 1. */
  readonly share: number
}

export interface CourtCharts {
  /** Empty without an image. */
  readonly bytes: readonly Bar[]
  /** Listed contents by month; empty where no time is known. */
  readonly months: readonly Bar[]
}

const MOST_BARS = 24

export function chartsOf(ledgers: readonly (MediumFacts & EntryViews)[], texts: CourtTexts): CourtCharts {
  const bytes = new Map<string, number>()
  for (const one of ledgers.flatMap((ledger) => ledger.byteClasses()))
    bytes.set(one.class, (bytes.get(one.class) ?? 0) + one.bytes)
  const whole = [...bytes.values()].reduce((sum, one) => sum + one, 0)
  return {
    bytes: [...bytes]
      .filter(([, count]) => count > 0)
      .sort(([, a], [, b]) => b - a)
      .map(([name, count]) => ({
        label: coded(texts, 'bytes', name),
        value: texts.custom.bytes(count),
        share: count / whole,
      })),
    months: bars(
      [...monthsOf(ledgers)].sort(([a], [b]) => (a < b ? -1 : 1)),
      texts,
    ),
  }
}

/** The newest of them. */
function bars(counts: readonly (readonly [string, number])[], { custom }: CourtTexts): readonly Bar[] {
  const most = Math.max(1, ...counts.map(([, count]) => count))
  return counts.slice(-MOST_BARS).map(([month, count]) => ({
    label: custom.month(month),
    value: custom.count(count),
    share: count / most,
  }))
}

function monthsOf(ledgers: readonly EntryViews[]): Map<string, number> {
  const months = new Map<string, number>()
  for (const ledger of ledgers)
    for (const { hits, entry, copyOf } of ledger.findings()) {
      const modified = entry.times.modified
      if (copyOf !== null || !modified || !hits.some(({ meaning }) => meaning !== 'known')) continue
      const ms = Number(modified.ns / 1_000_000n)
      if (Math.abs(ms) > 8.64e15) continue
      const month = new Date(ms).toISOString().slice(0, 7)
      months.set(month, (months.get(month) ?? 0) + 1)
    }
  return months
}

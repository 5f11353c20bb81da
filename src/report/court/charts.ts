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
    months: bars(monthsOf(ledgers), texts),
  }
}

/** The newest of them, and last the contents without a time, which no month counts. */
function bars(
  { months, timeless }: { readonly months: ReadonlyMap<string, number>; readonly timeless: number },
  texts: CourtTexts,
): readonly Bar[] {
  if (months.size === 0) return []
  const newest = [...months].sort(([a], [b]) => (a < b ? -1 : 1)).slice(-MOST_BARS)
  const most = Math.max(timeless, ...months.values())
  const bar = (label: string, count: number): Bar => ({
    label,
    value: texts.custom.count(count),
    share: count / most,
  })
  return [
    ...newest.map(([month, count]) => bar(texts.custom.month(month), count)),
    ...(timeless === 0 ? [] : [bar(texts.say('no-month'), timeless)]),
  ]
}

/** Each listed content once. */
function monthsOf(ledgers: readonly EntryViews[]): { months: Map<string, number>; timeless: number } {
  const months = new Map<string, number>()
  let timeless = 0
  for (const ledger of ledgers)
    for (const { hits, entry, copyOf } of ledger.findings()) {
      if (copyOf !== null || !hits.some(({ meaning }) => meaning !== 'known')) continue
      const { modified } = entry.times
      const ms = modified ? Number(modified.ns / 1_000_000n) : Number.NaN
      if (!(Math.abs(ms) <= 8.64e15)) {
        timeless++
        continue
      }
      const month = new Date(ms).toISOString().slice(0, 7)
      months.set(month, (months.get(month) ?? 0) + 1)
    }
  return { months, timeless }
}

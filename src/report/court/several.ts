/** Exhibits of one case beside each other: what each holds, and pairs of exhibits with contents in common. */

import type { SharedContents } from '../../ledger/read/shared-contents.ts'
import { ledgerState } from '../model/values.ts'
import type { Counts } from './counts.ts'
import type { CourtExhibit } from './exhibits.ts'
import { unseenBytes } from './record.ts'
import type { Row } from './row.ts'
import type { CourtTexts } from './texts.ts'

/** Examined entries of each exhibit, in one table. Empty for one exhibit, because page one gives its numbers. */
export function exhibitRows(
  exhibits: readonly CourtExhibit[],
  decided: readonly number[],
  { listedOn }: Pick<Counts, 'listedOn'>,
  texts: CourtTexts,
): readonly Row[] {
  if (exhibits.length === 1) return []
  const count = (value: number) => texts.custom.count(value)
  return exhibits.map(({ ledger }, i) => {
    const { stages } = ledger.summary()
    const bytes = ledger.byteClasses()
    return [
      ledger.case.exhibitId,
      texts.say(`record-${ledgerState(ledger)}`),
      count(stages.matched.done + stages.matched['done-with-warnings']),
      count(stages.read['not-done'] + stages.read['out-of-scope']),
      bytes.length === 0
        ? '–'
        : `${texts.custom.bytes(unseenBytes(bytes))} / ${texts.custom.bytes(ledger.exhibit.image?.sizeBytes ?? 0)}`,
      count(listedOn[i]?.size ?? 0),
      count(decided[i] ?? 0),
    ]
  })
}

/** Rows of a table; a longer one would not be read. */
const MOST_PAIRS = 60

export interface Several {
  /** Two exhibits, contents on both, and how many of them are on lists. */
  readonly rows: readonly Row[]
  readonly more: string | null
}

/** @param shared pairs in the order of the exhibits; null where it was not counted */
export function severalOf(
  exhibits: readonly CourtExhibit[],
  shared: SharedContents | null,
  { listedOn }: Pick<Counts, 'listedOn'>,
  texts: CourtTexts,
): Several {
  const all = shared?.pairs ?? []
  const rows = all.slice(0, MOST_PAIRS).map(({ of: [first, second], contents }) => {
    const other = listedOn[second] ?? new Set()
    const listed = [...(listedOn[first] ?? [])].filter((key) => other.has(key)).length
    const names = [first, second].map((i) => exhibits[i]!.ledger.case.exhibitId)
    return [names.join(', '), texts.custom.count(contents), texts.custom.count(listed)]
  })
  const more = all.length - rows.length
  return { rows, more: more === 0 ? null : texts.say('several-more', { pairs: more }) }
}

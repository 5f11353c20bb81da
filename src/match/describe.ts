/** What `seized hashset info` says of a list: everything a court would ask, and no record of it. */
import type { HashSetDeclaration, HashSetInfo } from '../contracts.ts'
import { ALGORITHMS, type ListAlgorithm } from './algorithms.ts'
import { checkDeclaration, type LoadOptions, scaleNotes } from './exact-index.ts'
import { takeIn } from './intake.ts'
import { RecordStore } from './record-store.ts'
import { findScale, interpret } from './scale.ts'

export interface HashSetDescription {
  readonly info: HashSetInfo
  /** Records that have a digest of each kind. */
  readonly algorithms: Readonly<Partial<Record<ListAlgorithm, number>>>
  /** Records per category, as the list writes it; null: records without one. Empty for a list without categories. */
  readonly categories: readonly {
    readonly category: string | null
    readonly label: string | null
    readonly meaning: string | null
    readonly records: number
  }[]
}

/**
 * Reads the whole list. Without `declared` nothing is said of its meaning.
 * @throws UsageError as loading does
 */
export async function describeHashSet(
  file: string,
  declared?: HashSetDeclaration['declared'],
  options: LoadOptions = {},
): Promise<HashSetDescription> {
  const table = declared?.kind === 'scale' ? findScale(declared.scale, options.scaleTables) : null
  const store = new RecordStore()
  const { accepted, categorised, ...facts } = await takeIn(file, options, (batch) => store.append(batch))
  if (declared !== undefined) checkDeclaration({ file, declared }, categorised)
  store.finish()

  const algorithms: Partial<Record<ListAlgorithm, number>> = {}
  const counts = new Map<string | null, number>()
  for (const record of store.candidates()) {
    for (const place of ALGORITHMS) {
      if ((record.present & place.bit) !== 0) algorithms[place.name] = (algorithms[place.name] ?? 0) + 1
    }
    counts.set(record.category, (counts.get(record.category) ?? 0) + 1)
  }
  return {
    info: {
      ...facts,
      meaning: declared?.kind === 'meaning' ? declared.meaning : null,
      scale: declared?.kind === 'scale' ? declared.scale : null,
      recordsKept: accepted - store.duplicates,
      duplicates: store.duplicates,
      notes: [...facts.notes, ...(declared === undefined ? [] : scaleNotes({ file, declared }, table))],
    },
    algorithms,
    categories: categorised
      ? [...counts]
          .map(([category, records]) => {
            const meant = declared?.kind === 'scale' ? interpret(table, category) : null
            return { category, label: meant?.categoryLabel ?? null, meaning: meant?.meaning ?? null, records }
          })
          .sort((a, b) =>
            a.category === null ? 1 : b.category === null ? -1 : a.category < b.category ? -1 : 1,
          )
      : [],
  }
}

/** Output of `seized hashset info`: every fact about a list that a court would ask for, and none of its records. */
import type { HashSetDeclaration, HashSetInfo, Meaning } from '../contracts/hash-set.ts'
import { takeIn } from './formats/intake.ts'
import { isIndexFile } from './index/block-file.ts'
import { checkDeclaration, type LoadOptions, scaleNotes } from './index/exact-index.ts'
import { compiledInfo, type HashSetStatement } from './index/index-layout.ts'
import { IndexReader } from './index/index-reader.ts'
import { RecordStore } from './index/record-store.ts'
import { ALGORITHMS, type ListAlgorithm } from './records/algorithms.ts'
import { findScale, interpret, type ScaleTable } from './records/scale.ts'

export interface HashSetDescription {
  readonly info: HashSetInfo
  /** Records that have a digest of each kind. */
  readonly algorithms: Readonly<Partial<Record<ListAlgorithm, number>>>
  /** Records per category, as the list writes it; null: records without one. Empty for a list without categories. */
  readonly categories: readonly DescribedCategory[]
  /** For a compiled index: its declaration and the operator's statements at import. */
  readonly compiled: {
    readonly declared: HashSetDeclaration['declared']
    readonly statement: HashSetStatement
    readonly importedUtc: string
    readonly importedBy: string
    readonly carriesExtras: boolean
  } | null
}

export interface DescribedCategory {
  readonly category: string | null
  /** Null without a scale, or when the scale does not name the category. */
  readonly label: string | null
  readonly meaning: Meaning | null
  readonly records: number
}

/**
 * Reads a raw list to its end; of a compiled index only the metadata. Without `declared` the result has no meaning for
 * a raw list.
 * @throws UsageError as loading does
 */
export async function describeHashSet(
  file: string,
  declared?: HashSetDeclaration['declared'],
  options: LoadOptions = {},
): Promise<HashSetDescription> {
  return isIndexFile(file) ? describeIndex(file, options) : describeList(file, declared, options)
}

function describeIndex(file: string, options: LoadOptions): HashSetDescription {
  const reader = new IndexReader(file)
  reader.close()
  const { declared, statement, imported, layout } = reader.metadata
  const table = declared.kind === 'scale' ? findScale(declared.scale, options.scaleTables) : null
  const info = compiledInfo(reader.metadata)
  return {
    info: { ...info, notes: [...info.notes, ...scaleNotes({ file, declared }, table)] },
    algorithms: named(layout.algorithmRecords),
    categories: layout.categorised
      ? describeCategories(
          layout.categories.map((category, i) => [category, layout.categoryRecords[i]!]),
          declared,
          table,
        )
      : [],
    compiled: {
      declared,
      statement,
      importedUtc: imported.utc,
      importedBy: imported.by,
      carriesExtras: layout.hasExtras,
    },
  }
}

async function describeList(
  file: string,
  declared: HashSetDeclaration['declared'] | undefined,
  options: LoadOptions,
): Promise<HashSetDescription> {
  const table = declared?.kind === 'scale' ? findScale(declared.scale, options.scaleTables) : null
  const store = new RecordStore()
  const {
    accepted,
    categorised,
    videos: _,
    ...facts
  } = await takeIn(file, options, (batch) => store.append(batch))
  if (declared !== undefined) checkDeclaration({ file, declared }, categorised)
  store.finish()

  const algorithms = ALGORITHMS.map(() => 0)
  const categories = new Map<string | null, number>()
  for (const record of store.candidates()) {
    for (let a = 0; a < ALGORITHMS.length; a++) if ((record.present & (1 << a)) !== 0) algorithms[a]!++
    categories.set(record.category, (categories.get(record.category) ?? 0) + 1)
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
    algorithms: named(algorithms),
    categories: categorised ? describeCategories([...categories], declared, table) : [],
    compiled: null,
  }
}

function named(records: readonly number[]): HashSetDescription['algorithms'] {
  return Object.fromEntries(
    ALGORITHMS.map((place, a) => [place.name, records[a]!] as const).filter(([, count]) => count > 0),
  )
}

function describeCategories(
  counts: readonly (readonly [string | null, number])[],
  declared: HashSetDeclaration['declared'] | undefined,
  table: ScaleTable | null,
): readonly DescribedCategory[] {
  return counts
    .filter(([, records]) => records > 0)
    .map(([category, records]) => {
      const meant = declared?.kind === 'scale' ? interpret(table, category) : null
      return { category, label: meant?.categoryLabel ?? null, meaning: meant?.meaning ?? null, records }
    })
    .sort((a, b) => (a.category === null ? 1 : b.category === null ? -1 : a.category < b.category ? -1 : 1))
}

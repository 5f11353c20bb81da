/** Matching against hash sets: what the rest of seized may use. */

export { readColumnMap } from './csv.ts'
export { parseHashSetDeclaration } from './declaration.ts'
export { describeHashSet, type HashSetDescription } from './describe.ts'
export { type LoadOptions, loadHashSets } from './exact-index.ts'
export { type ExportOptions, type ExportResult, exportHashSet } from './export.ts'
export { EXPORT_FORMATS, type ExportFormat } from './export-formats.ts'
export type { ColumnMap, HashSetFormat } from './format.ts'
export { HASH_SET_FORMATS } from './formats.ts'
export {
  type CheckOptions,
  type CheckResult,
  checkIndex,
  type ListedHashSet,
  listHashSets,
} from './index-check.ts'
export { type ImportOptions, type ImportProgress, importHashSet } from './index-import.ts'
export { HashSetIndexDamaged, type HashSetStatement } from './index-layout.ts'
export type { ExactMatcher } from './matcher.ts'
export { falseMatchStatement } from './near-false-matches.ts'
export { makeNearFinder, type NearFinder } from './near-finder.ts'
export type { PdqRecords } from './pdq-records.ts'
export { readScaleTable, type ScaleTable, shippedScales } from './scale.ts'

/** Matching against hash sets: the interface for the rest of seized. */

export { parseHashSetDeclaration } from './declaration.ts'
export { describeHashSet, type HashSetDescription } from './describe.ts'
export type { ExactMatcher } from './exact/matcher.ts'
export { type ExportOptions, type ExportResult, exportHashSet } from './export.ts'
export { readColumnMap } from './formats/csv.ts'
export { EXPORT_FORMATS, type ExportFormat } from './formats/export-formats.ts'
export { HASH_SET_FORMATS } from './formats/formats.ts'
export { type BeginningsRead, readBeginningsOf as readBeginnings } from './formats/header-hashes.ts'
export { isLeftOut } from './formats/intake.ts'
export { isOfDamage } from './formats/list-notes.ts'
export { type FolderList, listOfFolder } from './formats/list-of-folder.ts'
export { type LoadOptions, loadHashSets } from './index/exact-index.ts'
export {
  type CheckOptions,
  type CheckResult,
  checkIndex,
  type ListedHashSet,
  listHashSets,
} from './index/index-check.ts'
export { type ImportOptions, type ImportProgress, importHashSet } from './index/index-import.ts'
export { HashSetIndexDamaged, type HashSetStatement } from './index/index-layout.ts'
export { falseMatchStatement } from './near/near-false-matches.ts'
export { makeNearFinder, type NearFinder } from './near/near-finder.ts'
export type { ColumnMap, HashSetFormat } from './records/format.ts'
export { alternativesOf } from './records/hasher-records.ts'
export type { PdqRecords } from './records/pdq-records.ts'
export { readScaleTable, type ScaleTable, shippedScales } from './records/scale.ts'

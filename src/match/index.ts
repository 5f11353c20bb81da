/** Matching against hash sets: what the rest of seized may use. */

export { parseHashSetDeclaration } from './declaration.ts'
export { describeHashSet, type HashSetDescription } from './describe.ts'
export { type ExactMatcher, type LoadOptions, loadHashSets } from './exact-index.ts'
export type { ColumnMap, HashSetFormat } from './format.ts'
export { HASH_SET_FORMATS } from './formats.ts'
export { readScaleTable, type ScaleTable, shippedScales } from './scale.ts'

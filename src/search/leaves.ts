/** The leaves of a query, and the findings that each leaf concerns. */
import type { Finding } from '../contracts/finding.ts'
import type { Condition, Words } from './query.ts'

export type Leaf = Exclude<Condition, { readonly kind: 'and' | 'or' | 'not' }>

export function* leavesOf(condition: Condition): IterableIterator<Leaf> {
  if (condition.kind === 'not') yield* leavesOf(condition.of)
  else if (condition.kind === 'and' || condition.kind === 'or')
    for (const one of condition.of) yield* leavesOf(one)
  else yield condition as Leaf
}

export function* wordsIn(condition: Condition): IterableIterator<Words> {
  for (const leaf of leavesOf(condition)) if (leaf.kind === 'words') yield leaf
}

/** Kinds of findings that a condition needs. */
export function kindsOf(leaf: Leaf): (kind: Finding['kind']) => boolean {
  if (leaf.kind === 'range' && leaf.field === 'priority') return () => true
  if (leaf.kind === 'range') return (kind) => leaf.field === 'score' && kind === 'score'
  if (!speaksOfFindings(leaf)) return () => false
  const kinds = leaf.kind === 'field' ? KINDS_OF_FIELD[leaf.field] : undefined
  return (kind) => kinds?.includes(kind) ?? true
}

const KINDS_OF_FIELD: Readonly<Partial<Record<string, readonly Finding['kind'][]>>> = {
  camera: ['attribute'],
  gps: ['attribute'],
  country: ['attribute'],
  lang: ['attribute'],
  speech: ['attribute'],
  hit: ['hit', 'near', 'conflict', 'reference'],
  lead: ['score'],
  signal: ['signal'],
}

/**
 * Whether a leaf can match derived attributes, which follow from other contents or from a name's extension. They
 * contain no camera and no language.
 */
export function speaksOfWhatFollows(leaf: Leaf): boolean {
  if (leaf.kind === 'range') return false
  return leaf.kind !== 'field' || KINDS_OF_FIELD[leaf.field] === undefined
}

const ELSEWHERE: readonly string[] = ['name', 'path', 'type', 'digest']

export function speaksOfFindings(leaf: Leaf): boolean {
  if (leaf.kind === 'words') return !leaf.textOnly
  if (leaf.kind === 'range') return leaf.field === 'score'
  return leaf.kind === 'field' && !ELSEWHERE.includes(leaf.field)
}

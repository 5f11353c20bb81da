/**
 * Every kind of finding, in the order of the exporters. A kind of contracts/finding.ts without a row here does not
 * compile.
 */
import {
  FINDING_LISTS,
  type Finding,
  type FindingLists,
  type FindingOf,
  type Ranked,
} from '../contracts/finding.ts'
import { attribute } from './attribute.ts'
import { conflict } from './conflict.ts'
import type { FindingKind } from './finding-kind.ts'
import { hit } from './hit.ts'
import { near } from './near.ts'
import { perceptualHash } from './perceptual-hash.ts'
import { reference } from './reference.ts'
import { score } from './score.ts'
import { signal } from './signal.ts'

export const BY_KIND = {
  hit,
  conflict,
  near,
  reference,
  score,
  signal,
  attribute,
  'perceptual-hash': perceptualHash,
} as const satisfies { readonly [K in Finding['kind']]: FindingKind<FindingOf<K>> }

export type FindingTable = (typeof BY_KIND)[Finding['kind']]['table']

/** For loops, which ask each kind only about its own findings. */
export const FINDINGS = Object.values(BY_KIND) as unknown as readonly FindingKind<Finding, FindingTable>[]

export function kindOf(finding: Finding): FindingKind<Finding, FindingTable> {
  return BY_KIND[finding.kind] as unknown as FindingKind<Finding, FindingTable>
}

/** The findings of one kind that a view has. */
export function listOf(
  view: Readonly<Record<(typeof FINDING_LISTS)[Finding['kind']], readonly Finding[]>>,
  { kind }: Pick<FindingKind<Finding>, 'kind'>,
): readonly Finding[] {
  return view[FINDING_LISTS[kind]]
}

/** Asks for review, or has a finding that reports show by itself. */
export function carriesFinding(view: FindingLists & { readonly ranked: Ranked }): boolean {
  return view.ranked.priority !== null || FINDINGS.some((kind) => listOf(view, kind).some(kind.isShown))
}

/** A view of nothing. */
export const NO_FINDINGS = Object.fromEntries(
  Object.values(FINDING_LISTS).map((list) => [list, []]),
) as unknown as FindingLists

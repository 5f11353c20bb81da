/** One difference between two ledgers, and the order of differences: those that weigh most in a case come first. */
import { MEANINGS } from '../contracts/hash-set.ts'
import { FINDINGS } from '../findings/index.ts'
import type { Said } from '../report/court/difference-words.ts'

/** Sections in the order of output. */
export const SECTIONS = [
  'totals',
  'decided',
  'matches',
  'leads',
  'exhibit',
  'signals',
  'records',
  'plan',
  'stages',
] as const

export type Section = (typeof SECTIONS)[number]

export interface Difference {
  readonly section: Section
  /** `only-old`, `gained`, `score-moved` … */
  readonly what: string
  readonly said: Said
  readonly path: string | null
  readonly sha256: string | null
  /** The cause that the plans show; null when they show none. */
  readonly cause: Said | null
}

export const NOWHERE = { path: null, sha256: null, cause: null } as const

/** Location of a difference: printed path and digest of the content. */
export type At = Pick<Difference, 'sha256'> & { readonly path: string }

/** Matches by meaning, by kind of change, by kind of finding; other differences in the order of paths. */
export function byWeight(a: Difference, b: Difference): number {
  const [one, other] = [weightOf(a), weightOf(b)]
  const first = one.findIndex((weight, i) => weight !== other[i])
  return first === -1 ? 0 : one[first]! - other[first]!
}

/** Changed values of a finding in both ledgers weigh less than a finding in only one ledger. */
const LIGHT: readonly string[] = ['other-category', 'score-moved']

const KINDS: readonly string[] = FINDINGS.map(({ kind }) => kind)

function weightOf({ what, said: { params } }: Difference): readonly number[] {
  return [
    MEANINGS.indexOf(params.meaning as (typeof MEANINGS)[number]),
    LIGHT.indexOf(what),
    KINDS.indexOf(String(params.kind)),
  ]
}

/**
 * The policy of a case: the scale, the share that is graded a second time blind, the differences that must be settled, the
 * roles that may reveal, and the agency's rules of sight. It stands whole in the log of the case, so that no file of it can
 * be lost; every session of the case names its digest.
 */
import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { UsageError } from '../../base/errors.ts'
import { NO_POLICY, type Policy, parsePolicy } from '../../review/policy.ts'
import type { Sample } from '../../review/sample.ts'
import { ROLES, type Role } from '../roles.ts'

/** `refuse`: nothing is written. `state`: it is written, and says so on page one. */
const UNSETTLED = ['refuse', 'state'] as const

type Unsettled = (typeof UNSETTLED)[number]

export interface CasePolicyAsked {
  readonly scale: string
  /** Share of the decided contents that a second person grades blind; null: the person of a blind pass chooses. */
  readonly sample: Sample | null
  /** Categories whose contents are all graded a second time blind. */
  readonly categories: readonly string[]
  /** A difference must be settled where a person gave one of these categories; null: every difference. */
  readonly settle: readonly string[] | null
  /** What a court edition or VICS of the case does while differences must be settled. */
  readonly unsettled: Unsettled
  /** Roles that may reveal originals; null: each that may grade. */
  readonly reveal: readonly Role[] | null
  /** Text of the agency's policy (`--policy`); null: the rules of the program. */
  readonly sight: string | null
}

export interface CasePolicy extends Omit<CasePolicyAsked, 'sight'> {
  /** SHA-256 of the text. */
  readonly sha256: string
  /** SHA-256 of the agency's policy; null: the rules of the program. */
  readonly sightSha256: string | null
  /** For a review: the rules of sight, with the digest of the policy of the case. */
  readonly policy: Policy
}

const TEXTS = v.array(v.string())
const POLICY = v.strictObject({
  casePolicy: v.literal(1),
  scale: v.string(),
  sample: v.nullable(v.strictObject({ seed: v.string(), percent: v.number() })),
  categories: TEXTS,
  settle: v.nullable(TEXTS),
  // A policy of an earlier version does not say it.
  unsettled: v.optional(v.picklist(UNSETTLED), 'refuse'),
  reveal: v.nullable(v.array(v.picklist(ROLES))),
  sight: v.nullable(v.string()),
})

/** The text that the log of the case holds, and whose SHA-256 sessions name. */
export function policyText({ scale, sample, categories, settle, ...more }: CasePolicyAsked): string {
  const { unsettled, reveal, sight } = more
  return JSON.stringify({ casePolicy: 1, scale, sample, categories, settle, unsettled, reveal, sight })
}

export function digestOfPolicy(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

/** @throws UsageError for a policy of a later version of the program: no review begins under half a policy */
export function parseCasePolicy(text: string): CasePolicy {
  const read = v.safeParse(POLICY, JSON.parse(text))
  if (!read.success)
    throw new UsageError(
      `The policy of the case cannot be read by this version (${read.issues[0].message}): seized case policy sets another.`,
    )
  const { casePolicy: _, sight, ...asked } = read.output
  const own = sight === null ? NO_POLICY : parsePolicy(Buffer.from(sight, 'utf8'), 'of the case')
  const sha256 = digestOfPolicy(text)
  return { ...asked, sha256, sightSha256: own.sha256, policy: { ...own, sha256 } }
}

/** One line for each rule, for persons. */
export function policyLines(of: CasePolicy): readonly string[] {
  const { scale, sample, categories, settle, unsettled, reveal, sightSha256, sha256 } = of
  const blind = [
    ...(sample === null ? [] : [`${sample.percent} % of what others decided, drawn by seed ${sample.seed}`]),
    ...(categories.length === 0 ? [] : [`all contents of category ${categories.join(', ')}`]),
  ]
  return [
    `policy ${sha256}`,
    `  scale                ${scale}`,
    `  graded twice, blind  ${blind.length === 0 ? 'as each blind pass says' : blind.join('; ')}`,
    `  must be settled      ${settle === null ? 'every difference' : `differences with category ${settle.join(', ')}`}`,
    `  reports until then   ${unsettled === 'refuse' ? 'no court edition and no VICS of the case' : 'say on page one what is not settled'}`,
    `  may reveal           ${reveal === null ? 'each role that may grade' : reveal.join(', ')}`,
    `  sight                ${sightSha256 === null ? 'rules of the program' : `the agency’s policy ${sightSha256}`}`,
  ]
}

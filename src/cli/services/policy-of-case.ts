/** Options of a review under the policy of its case: what the policy says holds, and an option that says otherwise is refused. */
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import type { CaseState } from '../../case/case-event.ts'
import { type CasePolicy, parseCasePolicy } from '../../case/policy/case-policy.ts'
import type { Role } from '../../case/roles.ts'
import type { Pass } from '../../contracts/custody.ts'
import type { Policy } from '../../review/policy.ts'
import type { Sample } from '../../review/sample.ts'

interface ReviewOptions {
  readonly scale: string
  readonly sample?: Sample | undefined
  readonly category: readonly string[]
  readonly policy?: Policy | undefined
}

/** Null where none was set. @throws UsageError for a policy of a later version */
export function policyOf({ policyText }: Pick<CaseState, 'policyText'>): CasePolicy | null {
  return policyText === null ? null : parseCasePolicy(policyText)
}

/** @throws UsageError for an option that the policy does not allow */
export function underPolicy<Given extends ReviewOptions>(
  given: Given,
  policy: CasePolicy | null,
  pass: Pass,
): Given {
  if (policy === null) return given
  const refuse = (option: string, says: string): never => {
    throw new UsageError(
      `The policy of the case (${policy.sha256}) says ${says}: ${option} may not say otherwise. seized case policy shows and sets it.`,
    )
  }
  if (given.scale !== policy.scale) refuse('--scale', `--scale ${printText(policy.scale)}`)
  if (given.policy !== undefined && given.policy.sha256 !== policy.sightSha256)
    refuse('--policy', policy.sightSha256 === null ? 'the rules of the program' : policy.sightSha256)
  const { sample, categories } = policy
  const held = { ...given, policy: policy.policy }
  if (pass !== 'peer' || (sample === null && categories.length === 0)) return held
  if (given.sample !== undefined && !isSame(given.sample, sample))
    refuse('--sample', sample === null ? 'no sample' : `--sample ${printText(sample.seed)}:${sample.percent}`)
  if (given.category.length > 0 && !isSame([...given.category].sort(), [...categories].sort()))
    refuse('--category', categories.length === 0 ? 'no category' : `category ${categories.join(', ')}`)
  return { ...held, sample: sample ?? undefined, category: categories }
}

/** Whether a person of this role may reveal originals. @param role undefined: the case names no such person */
export function mayReveal(policy: CasePolicy | null, role: Role | null | undefined): boolean {
  if (policy === null || policy.reveal === null) return true
  return role != null && policy.reveal.includes(role)
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** The review of one person on a served case: a session, its acts, and what it may show. */
import { LedgerDamaged } from '../../base/errors.ts'
import { osAccount } from '../../base/os-account.ts'
import { type CaseState, stateOf } from '../../case/case-event.ts'
import { readCaseLog } from '../../case/case-folder.ts'
import type { Certified } from '../../case/serve/certificate.ts'
import type { People } from '../../case/serve/people.ts'
import type { OpenedReview } from '../../case/serve/seat.ts'
import type { Pass } from '../../contracts/custody.ts'
import type { ScaleTable } from '../../match/records/scale.ts'
import { Acts } from '../../review/acts.ts'
import { keysFor, NO_OWN_KEYS } from '../../review/keymap.ts'
import { digestOfPage, type PageFiles } from '../../review/page-files.ts'
import { NO_POLICY } from '../../review/policy.ts'
import { ReviewSession } from '../../review/session.ts'
import type { Given } from '../arguments/option.ts'
import type { CASE_SERVE } from '../arguments/options-table.ts'
import { openCaseSight, type SecretsByExhibit } from './case-sight.ts'
import { closeReview } from './close-review.ts'
import type { JoinedCase } from './joined-case.ts'
import { mayReveal, policyOf, underPolicy } from './policy-of-case.ts'

export interface ServedParts {
  readonly page: PageFiles
  readonly scale: ScaleTable
  /** Paths by exhibit. */
  readonly atHand: ReadonlyMap<string, string>
  readonly secrets: SecretsByExhibit
  readonly people: People
}

/** @returns the function that opens a review for a person in a pass */
export function reviewsOfPersons(
  { ledger, ledgers, ofCase, onHead }: JoinedCase,
  options: Given<typeof CASE_SERVE>,
  { page, scale: table, atHand, secrets, people }: ServedParts,
): (who: Certified, pass: Pass) => Promise<OpenedReview> {
  const { scale, keymap } = keysFor(NO_OWN_KEYS, table)
  const pageSha256 = digestOfPage(page)
  return async ({ name, certificate, serial }, pass) => {
    // It may have been set while the case is served.
    const held = policyOf(requireState(ofCase.root))
    const given = underPolicy(options, held, pass)
    const policy = given.policy ?? NO_POLICY
    const isPeer = pass === 'peer'
    const session = new ReviewSession(ledger, {
      operator: name,
      account: osAccount(),
      certificate,
      isAlone: true,
      scale,
      keymap,
      pass,
      sample: isPeer ? (given.sample ?? null) : null,
      categories: isPeer ? given.category : [],
      onHead,
      ofCase: { ...ofCase, policySha256: held?.sha256 ?? null },
      mayReveal: () => mayReveal(held, people.roleOf(name)),
      pageSha256,
    })
    try {
      // What is not handed out is not in the pass.
      session.handOut(new Int32Array())
      const asked = { ...given, ...NOT_SERVED, operator: name, pass }
      const opened = await openCaseSight(session, asked, { ledgers, atHand, root: ofCase.root, secrets })
      const { reveals, screens } = opened
      if (reveals) session.seen = () => reveals.seen
      session.open({ serial, ...(policy.sha256 === null ? {} : { policySha256: policy.sha256 }) })
      const acts = new Acts(session, policy.rules.needs[pass] ?? null)
      return {
        review: { session, acts, reveals, screens },
        close: async (ending) => {
          const said = closeReview(ending, session, opened, {})
          await opened.close()
          session.release()
          return said
        },
      }
    } catch (error) {
      session.release()
      throw error
    }
  }
}

function requireState(root: string): CaseState {
  const state = stateOf(readCaseLog(root))
  if (state === null)
    throw new LedgerDamaged('The log of the case no longer begins with the opening of a case.')
  return state
}

/** Options of a review on one machine. */
const NOT_SERVED = {
  keys: undefined,
  image: undefined,
  exhibit: undefined,
  keymap: undefined,
  gradedAlso: [],
  open: false,
  tui: false,
} as const

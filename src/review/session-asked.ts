/** What a person starts a review with. */

import type { Pass } from '../contracts/custody.ts'
import type { EvidencePath } from '../contracts/entry.ts'
import type { ScaleTable } from '../match/records/scale.ts'
import type { Catalogue } from './catalogue.ts'
import type { OtherExhibits } from './other-exhibits.ts'
import type { ReviewedLedger } from './reviewed-ledger.ts'
import type { ViewAsked } from './said.ts'
import type { Keymap } from './said-keys.ts'
import type { Sample } from './sample.ts'

export interface SessionAsked {
  readonly operator: string
  readonly account: string
  readonly scale: ScaleTable
  readonly pass: Pass
  readonly sample: Sample | null
  readonly categories: readonly string[]
  /** SHA-256 of the certificate by which the person came over the network, for every event. */
  readonly certificate?: string
  /** Called with every new head of the custody log. */
  readonly onHead: (head: string) => void
  /** Default: those of the program. */
  readonly keymap?: Keymap
  /** Decisions on other exhibits of the case. */
  readonly others?: OtherExhibits
  /** For a review of a whole case, whose exhibits one joined ledger shows. */
  readonly ofCase?: ReviewOfCase
  /** True: no other person may have graded what this first pass grades. */
  readonly isAlone?: boolean
  /** Whether the role of the person allows reveals, asked at each; absent: it does. */
  readonly mayReveal?: () => boolean
  /** Digest of the page's files, for the log. */
  readonly pageSha256: string
}

export interface ReviewOfCase {
  /** The path whose custody log is the log of the case; everything of the review is logged there. */
  readonly root: string
  /** The joined ledger, as all reviews of the case have it. */
  readonly reviewed: ReviewedLedger
  /** Whether the exhibit of an entry, by its id, was named: others show cells. */
  readonly isAtHand: (entry: number) => boolean
  /** The same of a path, which begins with its exhibit. */
  readonly isPathAtHand: (path: EvidencePath) => boolean
  /** SHA-256 of the policy of the case that holds for the session; null or absent: the case has none. */
  readonly policySha256?: string | null
  /** Contents that are offered to the person first; absent: none. */
  readonly ownOf?: (session: AssignableSession, contents: Int32Array) => ReadonlySet<number>
  /** Called when decisions are in the log of the case. @throws SessionOver where a ledger did not get its copy */
  readonly onDecided: () => void
}

/** The part of a session that an assignment needs. */
export interface AssignableSession {
  readonly asked: Pick<SessionAsked, 'operator'>
  readonly catalogue: Catalogue
  /** Those of the contents that a view shows. @throws UsageError where a blind pass asks for the decisions of others */
  matching(asked: ViewAsked, contents: Int32Array): Int32Array
}

/** What a person starts a review with. */
import type { Pass } from '../contracts/custody.ts'
import type { ScaleTable } from '../match/records/scale.ts'
import type { OtherExhibits } from './other-exhibits.ts'
import type { Sample } from './passes.ts'
import type { Keymap } from './said-keys.ts'

export interface SessionAsked {
  readonly operator: string
  readonly account: string
  readonly scale: ScaleTable
  readonly pass: Pass
  readonly sample: Sample | null
  readonly categories: readonly string[]
  /** Called with every new head of the custody log. */
  readonly onHead: (head: string) => void
  /** Default: those of the program. */
  readonly keymap?: Keymap
  /** Decisions on other exhibits of the case. */
  readonly others?: OtherExhibits
  /** Digest of the page's files, for the log. */
  readonly pageSha256: string
}

/** Input for the priority: one entry with its findings and its path. */

import type { EvidencePath } from '../contracts/entry.ts'
import type { Lead } from '../contracts/finding.ts'
import type { EntryView } from '../contracts/view.ts'

export type RankInput = Pick<
  EntryView,
  'hits' | 'conflicts' | 'near' | 'references' | 'leads' | 'signals' | 'attributes'
> &
  Partial<Pick<EntryView, 'records'>> & {
    readonly path: EvidencePath
    /** Leads that only the last rules read (put-last.ts); set by `rank` alone. */
    readonly putLast?: {
      readonly withoutPerson: readonly Lead[]
      readonly covered: readonly Lead[]
      readonly inDoubt: readonly Lead[]
      readonly ofHand: readonly Lead[]
      readonly ofProgram: readonly Lead[]
    }
  }

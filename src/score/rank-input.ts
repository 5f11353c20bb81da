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
    /** Leads that no other rule reads, because no person was found (no-person.ts); set by `rank` alone. */
    readonly withoutPerson?: readonly Lead[]
  }

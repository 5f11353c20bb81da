/** What a priority is decided from: one entry with its findings and its place. */

import type { EvidencePath } from '../contracts/entry.ts'
import type { EntryView } from '../contracts/view.ts'

export type RankInput = Pick<
  EntryView,
  'hits' | 'conflicts' | 'near' | 'references' | 'leads' | 'signals' | 'attributes'
> &
  Partial<Pick<EntryView, 'records'>> & { readonly path: EvidencePath }

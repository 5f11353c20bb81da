/** The listed entry at a path, for reading it from the exhibit again. */
import type { EvidencePath } from '../contracts/entry.ts'
import type { EntryView } from '../contracts/view.ts'
import type { ReviewSession } from './session.ts'

/** Null when there is none. */
export function listedAt({ lookup, facts }: ReviewSession, path: EvidencePath): EntryView | null {
  const entry = lookup.entryAt(path)
  return entry === null ? null : facts.view(entry)
}

/** Reads one content of a review again from the exhibit, at the first of its places that still has it. */
import type { Limits } from '../contracts/case.ts'
import type { EvidencePath } from '../contracts/entry.ts'
import type { JobPool } from '../host/decoder/job-pool.ts'
import type { ContentReaders } from '../host/reader/content-readers.ts'
import { type ReadAgain, readAgain } from './exhibit-contents.ts'
import { listedAt } from './listed-at.ts'
import { placesAtHand } from './places-at-hand.ts'
import type { ReviewSession } from './session.ts'

/** Places of a content that are tried. */
const MOST_PLACES = 3

export interface ContentParts {
  readonly readers: ContentReaders
  readonly openers: JobPool
  readonly limits: Limits
}

/** The caller overwrites the bytes after use. @param number of the catalogue */
export function readContent(session: ReviewSession, number: number, parts: ContentParts): Promise<ReadAgain> {
  const from = { ...parts, listedAt: (path: EvidencePath) => listedAt(session, path) }
  return readAgain(from, placesAtHand(session, number, MOST_PLACES))
}

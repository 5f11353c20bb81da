/** Where a content lies on the exhibit: copies under other names say as much as the one that represents it. */
import type { EvidencePath } from '../contracts.ts'
import { parseEvidencePath } from '../evidence-path.ts'
import type { Db } from './database.ts'

/** Files of the exhibit itself: all of them are known before any content is looked at, what lies inside others is not. */
export function namesOf(db: Db, contentId: number): readonly EvidencePath[] {
  return db
    .prepare<[number], Buffer>(
      `SELECT e.path FROM reading r JOIN entry e ON e.id = r.entry WHERE r.content = ? AND e.steps = 1
       ORDER BY e.path`,
    )
    .pluck()
    .all(contentId)
    .map((bytes) => parseEvidencePath(bytes))
}

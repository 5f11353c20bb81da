/**
 * Contents with their findings, for comparing exhibits. SQLite reads the tables in one pass, without a walk over
 * entries.
 */
import { BY_KIND } from '../../findings/index.ts'
import { IS_STATED_REFERENCE } from '../../findings/stated-reference.ts'
import { reading } from '../format/database.ts'
import { openForReading } from '../format/open-readonly.ts'

/** Labels of a content, strongest first: the content gets the first that applies. */
export const SAID = ['illegal', 'interest', 'conflict', 'near', 'reference', 'lead', 'content'] as const

export interface FoundContent {
  /** 32 bytes. */
  readonly sha256: Buffer
  /** Number of entries that were read as this content. */
  readonly entries: number
  readonly said: (typeof SAID)[number]
}

const SHOWN = BY_KIND.score.shown
const KNOWN_BY_LIST = SAID.slice(0, 2)
  .map((meaning, rank) => `WHEN '${meaning}' THEN ${rank}`)
  .join(' ')

const FINDINGS = `
  SELECT content, CASE meaning ${KNOWN_BY_LIST} END AS said FROM hit
  UNION ALL SELECT content, 2 FROM digest_conflict
  UNION ALL SELECT content, 3 FROM near_match
  UNION ALL SELECT content, 4 FROM reference
  UNION ALL SELECT content, 5 FROM score WHERE ${SHOWN}
  UNION ALL SELECT r.content, 4 FROM entry_attribute a JOIN reading r ON r.entry = a.entry WHERE ${IS_STATED_REFERENCE}
  UNION ALL SELECT r.content, 5 FROM entry_score s JOIN reading r ON r.entry = s.entry WHERE ${SHOWN}`

/**
 * @param all true: also contents without a finding, except the empty content; false: only contents with a finding
 * @returns contents in no defined order @throws LedgerDamaged
 */
export function foundContents(path: string, all: boolean): readonly FoundContent[] {
  const { db, close } = openForReading(path)
  try {
    return reading(path, () =>
      db
        .prepare<[], { sha256: Buffer; entries: number; said: number }>(
          `SELECT c.sha256, (SELECT count(*) FROM reading r WHERE r.content = c.id) AS entries, min(f.said) AS said
           FROM (SELECT content, said FROM (${FINDINGS}) WHERE said IS NOT NULL
             ${all ? `UNION ALL SELECT id, ${SAID.indexOf('content')} FROM content WHERE size > 0` : ''}) f
           JOIN content c ON c.id = f.content GROUP BY c.id`,
        )
        .all()
        .map(({ said, ...one }) => ({ ...one, said: SAID[said]! })),
    )
  } finally {
    close()
  }
}

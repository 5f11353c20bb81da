/**
 * The order in which findings are shown: representative copies in evidence-path order, then the other copies. Built in a
 * temporary table of the reading connection, so that memory stays flat.
 */
import type { Db } from './database.ts'

export interface FindingPlace {
  readonly entry: number
  /** Id of the entry that stands for the content: fewest steps, then smallest evidence path. */
  readonly representative: number
}

// What names say may stand at an entry without a content. Attributes are here because a rule may give a priority to one; the reader leaves out what got none.
const ORDER = `
  DROP TABLE IF EXISTS temp.found;
  DROP TABLE IF EXISTS temp.representative;
  DROP TABLE IF EXISTS temp.finding_order;
  DROP TABLE IF EXISTS temp.named;
  CREATE TEMP TABLE found (content INTEGER PRIMARY KEY);
  CREATE TEMP TABLE named (entry INTEGER PRIMARY KEY);
  CREATE TEMP TABLE representative (content INTEGER PRIMARY KEY, entry INTEGER NOT NULL);
  CREATE TEMP TABLE finding_order (
    copy INTEGER NOT NULL, path BLOB NOT NULL, entry INTEGER NOT NULL, representative INTEGER NOT NULL,
    PRIMARY KEY (copy, path)
  ) WITHOUT ROWID;
  INSERT INTO temp.named
    SELECT entry FROM entry_score WHERE score_per_10k >= threshold_per_10k UNION SELECT entry FROM entry_attribute;
  INSERT INTO temp.found
    SELECT content FROM hit WHERE meaning <> 'known'
    UNION SELECT content FROM digest_conflict
    UNION SELECT content FROM near_match
    UNION SELECT content FROM signal
    UNION SELECT content FROM score WHERE score_per_10k >= threshold_per_10k
    UNION SELECT content FROM attribute
    UNION SELECT r.content FROM temp.named JOIN reading r ON r.entry = named.entry WHERE r.content IS NOT NULL;
  INSERT INTO temp.representative
    SELECT found.content, (
      SELECT e.id FROM reading r JOIN entry e ON e.id = r.entry WHERE r.content = found.content
      ORDER BY e.steps, e.path LIMIT 1
    ) FROM temp.found;
  INSERT INTO temp.finding_order
    SELECT e.id <> first.entry, e.path, e.id, first.entry
    FROM temp.representative AS first
    JOIN reading r ON r.content = first.content JOIN entry e ON e.id = r.entry;
  INSERT OR IGNORE INTO temp.finding_order
    SELECT 0, e.path, e.id, e.id FROM temp.named JOIN entry e ON e.id = named.entry
    LEFT JOIN reading r ON r.entry = e.id WHERE r.content IS NULL;`

const PAGE = 500

export function* findingPlaces(db: Db): IterableIterator<FindingPlace> {
  db.exec(ORDER)
  const next = db.prepare<[number, Buffer], FindingPlace & { copy: number; path: Buffer }>(
    `SELECT * FROM temp.finding_order WHERE (copy, path) > (?, ?) ORDER BY copy, path LIMIT ${PAGE}`,
  )
  let page = next.all(-1, Buffer.alloc(0))
  while (page.length > 0) {
    yield* page
    const last = page.at(-1)!
    page = next.all(last.copy, last.path)
  }
}

/**
 * The order in which findings are shown: representative copies in evidence-path order, then every other place. A
 * temporary table of the reading connection holds the order, so that memory use stays constant.
 * temporary table of the reading connection, so that memory stays flat.
 */

import type { Plan } from '../../contracts/case.ts'
import { attribute } from '../../findings/attribute.ts'
import { FINDINGS } from '../../findings/index.ts'
import { score } from '../../findings/score.ts'
import { IS_STATED_REFERENCE } from '../../findings/stated-reference.ts'
import type { Db } from '../format/database.ts'
import type { NodeRow } from '../format/evidence-tree.ts'
import { Copies, representativeOf } from './copies.ts'
import { Paths } from './paths.ts'
import { Places } from './places.ts'
import { ListedSeries } from './series.ts'

export interface FindingPlace {
  readonly entry: number
  readonly path: Buffer
  /** Id of the entry that represents the content: fewest steps, then smallest evidence path. */
  readonly representative: number
  /** 1: the path is a place that follows from the entry's own. */
  readonly follows: 0 | 1
  /** Number of further places that follow from this one. */
  readonly leftOut: string
}

const SHOWN = FINDINGS.filter(({ shown }) => shown !== null)

// Findings from names may belong to an entry without a content.
const ORDER = `
  DROP TABLE IF EXISTS temp.found;
  DROP TABLE IF EXISTS temp.finding_order;
  DROP TABLE IF EXISTS temp.named;
  CREATE TEMP TABLE found (content INTEGER PRIMARY KEY);
  CREATE TEMP TABLE named (entry INTEGER PRIMARY KEY);
  CREATE TEMP TABLE finding_order (
    copy INTEGER NOT NULL, path BLOB NOT NULL, entry INTEGER NOT NULL, representative INTEGER NOT NULL,
    follows INTEGER NOT NULL, leftOut TEXT NOT NULL,
    PRIMARY KEY (copy, path)
  ) WITHOUT ROWID;
  INSERT INTO temp.named
    SELECT entry FROM entry_score WHERE ${score.shown} UNION SELECT entry FROM entry_attribute WHERE ${attribute.shown} OR (${IS_STATED_REFERENCE});
  INSERT INTO temp.found
    ${SHOWN.map(({ table, shown }) => `SELECT content FROM ${table} WHERE ${shown}`).join(' UNION ')}
    UNION SELECT r.content FROM temp.named JOIN reading r ON r.entry = named.entry WHERE r.content IS NOT NULL;`

const PAGE = 500

export function* findingPlaces(db: Db, plan: Plan): IterableIterator<FindingPlace> {
  db.exec(ORDER)
  const found = db.prepare('INSERT OR IGNORE INTO temp.found VALUES (?)')
  // They have a priority without a finding.
  for (const content of new ListedSeries(db, plan).members.keys()) found.run(content)
  db.transaction(() => fill(db))()
  const next = db.prepare<[number, Buffer], FindingPlace & { copy: number }>(
    `SELECT * FROM temp.finding_order WHERE (copy, path) > (?, ?) ORDER BY copy, path LIMIT ${PAGE}`,
  )
  let page = next.all(-1, Buffer.alloc(0))
  while (page.length > 0) {
    yield* page
    const last = page.at(-1)!
    page = next.all(last.copy, last.path)
  }
}

const FOUND = 'SELECT content FROM temp.found WHERE content > +? ORDER BY content LIMIT 500'

const WITHOUT_CONTENT = `SELECT e.id, e.above, e.step, e.name, e.parent FROM temp.named JOIN entry e ON e.id = named.entry
  LEFT JOIN reading r ON r.entry = e.id WHERE r.content IS NULL`

function fill(db: Db): void {
  const paths = new Paths(db)
  const copies = new Copies(db, paths)
  const places = new Places(db, paths)
  const insert = db.prepare('INSERT OR IGNORE INTO temp.finding_order VALUES (?, ?, ?, ?, ?, ?)')
  const put = (copy: 0 | 1, { path, id, parent }: Recorded, representative: number) => {
    const others = places.othersOf(parent, path)
    insert.run(copy, path, id, representative, 0, String(others.leftOut))
    for (const other of others.paths) insert.run(1, other, id, representative, 1, '0')
  }
  const found = db.prepare<[number], number>(FOUND).pluck()
  for (let page = found.all(-1); page.length > 0; page = found.all(page.at(-1)!))
    for (const content of page) {
      const all = [...copies.of(content)]
      const { id: first } = representativeOf(all, content)
      for (const copy of all) put(copy.id === first ? 0 : 1, copy, first)
    }
  for (const row of db.prepare<[], NodeRow & Omit<Recorded, 'path'>>(WITHOUT_CONTENT).all())
    put(0, { ...row, path: paths.bytesOf(row) }, row.id)
}

interface Recorded {
  readonly id: number
  readonly path: Buffer
  readonly parent: number | null
}

/**
 * The entries of which a stage has a result of its own to tell, found in SQL: a report then builds no views of the others. Counts
 * that hold for whole classes of entries come from the totals of the ledger.
 */
import { parseEvidencePath } from '../../base/evidence-path.ts'
import type { Plan } from '../../contracts/case.ts'
import type { EntryStatus } from '../../contracts/image.ts'
import type { Remarks } from '../../contracts/view.ts'
import type { Db } from '../format/database.ts'
import type { NodeRow } from '../format/evidence-tree.ts'
import { wideRows } from '../format/wide-rows.ts'
import { EntryViews, READ_ENTRY, type ReadEntryRow } from './entry-view.ts'
import { Paths } from './paths.ts'
import { Places } from './places.ts'

/** Where more entries have a remark, walking all in order takes no longer, and holds less. */
const MOST = 50_000

/**
 * @param counted reasons that are only counted
 * @returns null where too many entries have a remark
 */
export function remarksOf(db: Db, plan: Plan, counted: ReadonlySet<string>): Remarks | null {
  const ids = db
    .prepare<[], number>(`SELECT id FROM (${remarked(counted)}) LIMIT ${MOST + 1}`)
    .pluck()
    .all()
  if (ids.length > MOST) return null
  const statuses = db
    .prepare<[], [EntryStatus, number]>(
      `SELECT status, count(*) FROM entry WHERE status <> 'live' AND volume IS NOT NULL GROUP BY status`,
    )
    .raw()
  return {
    entries: db.prepare('SELECT count(*) FROM entry').pluck().get() as number,
    known: knownOf(db),
    recovered: new Map(statuses.all()),
    remarked: viewsOf(db, plan, ids),
  }
}

/** Results that follow from a missing content repeat the reason of its reading, or are only counted. */
function remarked(counted: ReadonlySet<string>): string {
  const reasons = [...counted].map((reason) => `'${reason}'`).join(', ')
  const has = (prefix: string) =>
    `${prefix}result NOT IN ('done', 'not-applicable') AND ${prefix}reason NOT IN (${reasons})`
  return `SELECT id FROM entry WHERE ${has('walk_')} UNION SELECT entry FROM reading WHERE ${has('')}
    UNION SELECT r.entry FROM reading r JOIN content c ON c.id = r.content WHERE ${has('c.matched_')}
    UNION SELECT r.entry FROM examination x JOIN reading r ON r.content = x.content WHERE ${has('x.')}`
}

function knownOf(db: Db): Remarks['known'] {
  const hits = db
    .prepare<[], [contents: number, records: number]>(
      "SELECT count(DISTINCT content), count(*) FROM hit WHERE meaning = 'known'",
    )
    .raw()
  const [contents, records] = hits.get()!
  if (records === 0) return { entries: 0, contents, records }
  const places = new Places(db, new Paths(db))
  const byParent = db
    .prepare<[], [parent: number | null, entries: number]>(
      `SELECT e.parent, count(*) FROM (SELECT DISTINCT content FROM hit WHERE meaning = 'known') k
       JOIN reading r ON r.content = k.content JOIN entry e ON e.id = r.entry GROUP BY e.parent`,
    )
    .raw()
  let entries = 0
  for (const [parent, count] of byParent.all()) entries += count * Number(places.countOf(parent))
  return { entries, contents, records }
}

function viewsOf(db: Db, plan: Plan, ids: readonly number[]): Remarks['remarked'] {
  const paths = new Paths(db)
  const views = new EntryViews(db, plan, new Paths(db))
  const node = db.prepare<[number], NodeRow>('SELECT above, step, name FROM entry WHERE id = +?')
  const row = wideRows<ReadEntryRow>(db, `SELECT ${READ_ENTRY} WHERE e.id = +?`)
  return ids
    .map((id) => ({ id, path: paths.bytesOf(node.get(id)!) }))
    .sort((a, b) => Buffer.compare(a.path, b.path))
    .map(({ id, path }) => {
      const { entry, content, stages } = views.view(row.get(id)!, parseEvidencePath(path), id)
      return { entry, content, stages }
    })
}

/**
 * Review priorities of contents from few columns, for callers that order a million contents. The rules are those of a
 * view (entry-view.ts), but no view is built. A content has the strongest priority of its places, including places
 * that follow from a copy of its container (places.ts).
 */
import { parseEvidencePath } from '../../base/evidence-path.ts'
import type { Attribute } from '../../contracts/attribute.ts'
import type { Plan } from '../../contracts/case.ts'
import type { EvidencePath } from '../../contracts/entry.ts'
import {
  FINDING_LISTS,
  type Finding,
  type FindingLists,
  type Priority,
  PUT_LAST,
  type Score,
} from '../../contracts/finding.ts'
import type { Summary } from '../../contracts/view.ts'
import { attribute } from '../../findings/attribute.ts'
import type { FindingRow } from '../../findings/finding-kind.ts'
import { FINDINGS, NO_FINDINGS } from '../../findings/index.ts'
import { score } from '../../findings/score.ts'
import { IS_STATED_REFERENCE } from '../../findings/stated-reference.ts'
import { CLOSE_UP_HAND } from '../../score/close-up.ts'
import { COVERED_FACE, secondOpinions } from '../../score/covered-face.ts'
import { FACE_AGAIN } from '../../score/face-again.ts'
import { firstGeneration } from '../../score/first-generation.ts'
import { leadsOf } from '../../score/leads.ts'
import { listedSeries } from '../../score/listed-series.ts'
import { PERSON_LABELS } from '../../score/no-person.ts'
import { PUT_LAST_SINCE } from '../../score/put-last.ts'
import { rulesOf } from '../../score/rule-versions.ts'
import { rank } from '../../score/score.ts'
import { isOfWords, saysFolders } from '../../terms/agency-scores.ts'
import type { Db } from '../format/database.ts'
import type { NodeRow } from '../format/evidence-tree.ts'
import { Cameras } from './cameras.ts'
import { ContentRecords } from './content-records.ts'
import { Paths } from './paths.ts'
import { Places } from './places.ts'
import { ListedSeries } from './series.ts'
import { StatedReferences } from './stated-references.ts'

/** Kinds of finding that a rule can start from; attributes only add to them. */
const RULED = FINDINGS.filter(({ kind }) =>
  ['hit', 'conflict', 'near', 'reference', 'signal', 'score'].includes(kind),
)

/** Labels of scores that are no leads and that rules read. */
const OPINIONS = [...PERSON_LABELS, COVERED_FACE, FACE_AGAIN, CLOSE_UP_HAND]
  .map((label) => `'${label}'`)
  .join(', ')

const PLACES = `SELECT e.id, e.above, e.step, e.name, e.parent FROM reading r JOIN entry e ON e.id = r.entry WHERE r.content = +?`

const putLast = new WeakMap<Db, number>()

/** With the count of contents that have leads alone, all of which were put last: they have the last priority at each place. */
export function withPutLast(summary: Summary, db: Db, plan: Plan): Summary {
  const known = putLast.get(db)
  if (known !== undefined) return { ...summary, leadsPutLast: known }
  let leadsPutLast = 0
  if (rulesOf(plan).version >= PUT_LAST_SINCE && summary.leads > 0)
    for (const { priority } of prioritiesOf(db, plan, 'leads')) if (priority === PUT_LAST) leadsPutLast++
  putLast.set(db, leadsPutLast)
  return { ...summary, leadsPutLast }
}

/**
 * Contents that have a review priority, in no defined order.
 * @param among `leads`: of the contents that a model marked alone
 */
export function* prioritiesOf(
  db: Db,
  plan: Plan,
  among: 'all' | 'leads' = 'all',
): IterableIterator<{ readonly content: number; readonly priority: Priority }> {
  const rules = rulesOf(plan)
  const paths = new Paths(db)
  const cameras = new Cameras(db)
  const members = new ListedSeries(db, plan).members
  const places = db.prepare<[number], NodeRow & { readonly id: number; readonly parent: number | null }>(
    PLACES,
  )
  const others = new Places(db, new Paths(db))
  const attributesOf = db
    .prepare<[number], FindingRow>('SELECT * FROM attribute WHERE content = +? ORDER BY batch, ordinal')
    .safeIntegers()
  const records = new ContentRecords(db, paths)
  const named = namedFindings(db)
  const asked = among === 'all' ? withMembers(ruledContents(db), members) : markedContents(db)
  for (const [content, lists] of asked) {
    const ofSeries = listedSeries(members.get(content) ?? null)
    const leads = leadsOf(lists.scores)
    const opinions = secondOpinions(lists.scores, plan)
    let attributes: readonly Attribute[] | null = null
    const ofContent = () => {
      if (attributes !== null) return attributes
      const source = leads.length === 0 ? null : firstGeneration(cameras.fit(content), rules)
      // Stored attributes matter only with words of an agency (score/agency-words.ts).
      const words = leads.some(({ classifier }) => isOfWords(classifier))
      const stored = words ? attributesOf.all(content).map((row) => attribute.fromRow(row)) : []
      attributes = source === null ? stored : [...stored, source]
      return attributes
    }
    let best: Priority | null = null
    const ask = (path: EvidencePath, ofName: ReturnType<typeof named>) => {
      const all = [...leads, ...leadsOf(ofName.scores)]
      const { priority } = rank(
        {
          ...lists,
          references: [...lists.references, ...ofName.references],
          path,
          leads: all,
          records: records.of(content),
          attributes: [
            ...(all.length === 0 ? [] : [...ofContent(), ...ofName.attributes]),
            ...(ofSeries === null ? [] : [ofSeries]),
            ...opinions,
          ],
        },
        rules,
      )
      if (priority !== null && (best === null || priority < best)) best = priority
    }
    for (const place of places.all(content)) {
      const ofName = named(place.id)
      const path = paths.ofRow(place)
      ask(path, ofName)
      const follow = others.othersOf(place.parent, path.bytes).paths
      // Findings from the folder names of the recorded place are left out for its copies.
      const ofCopies = {
        references: ofName.references,
        scores: ofName.scores.filter((one) => !saysFolders(one)),
        attributes: ofName.attributes.filter((one) => !saysFolders(one)),
      }
      for (const other of follow) ask(parseEvidencePath(other), ofCopies)
    }
    if (best !== null) yield { content, priority: best }
  }
}

/** A member of a listed series may have no finding of its own. */
function* withMembers(
  ruled: ReturnType<typeof ruledContents>,
  members: ListedSeries['members'],
): ReturnType<typeof ruledContents> {
  const seen = new Set<number>()
  for (const one of ruled) {
    if (members.has(one[0])) seen.add(one[0])
    yield one
  }
  for (const content of members.keys()) if (!seen.has(content)) yield [content, NO_FINDINGS]
}

/**
 * Contents that a rule may apply to, with their findings. They are read in batches: all at once would take half a
 * gigabyte for a million contents.
 */
function* ruledContents(db: Db): IterableIterator<readonly [content: number, lists: FindingLists]> {
  const statements = RULED.map((kind) => {
    const where = kind.kind === 'score' ? ` AND (${kind.shown} OR label IN (${OPINIONS}))` : ''
    const sql = `SELECT * FROM ${kind.table} WHERE content > +? AND content <= +?${where}`
    return { kind, rows: db.prepare<[number, number], FindingRow>(sql).safeIntegers() }
  })
  const named = db
    .prepare<[number, number], number>(
      `SELECT content FROM (
         SELECT r.content FROM entry_score s JOIN reading r ON r.entry = s.entry WHERE ${score.shown}
         UNION SELECT r.content FROM entry_attribute a JOIN reading r ON r.entry = a.entry WHERE ${IS_STATED_REFERENCE})
       WHERE content > +? AND content <= +?`,
    )
    .pluck()
  const last = db
    .prepare<[number], number | null>(
      `SELECT max(id) FROM (SELECT id FROM content WHERE id > +? ORDER BY id LIMIT ${STRETCH})`,
    )
    .pluck()
  for (let from = -1, to = last.get(from); to != null; from = to, to = last.get(from)) {
    const found = new Map<number, FindingLists>()
    for (const { kind, rows } of statements)
      for (const row of rows.all(from, to)) add(found, Number(row.content), kind.fromRow(row))
    for (const content of named.all(from, to)) if (!found.has(content)) found.set(content, NO_FINDINGS)
    yield* found
  }
}

/** The same for contents with leads, which are few. */
function* markedContents(db: Db): ReturnType<typeof ruledContents> {
  const statements = RULED.map((kind) => {
    const where = kind.kind === 'score' ? ` AND (${kind.shown} OR label IN (${OPINIONS}))` : ''
    const sql = `SELECT * FROM ${kind.table} WHERE content = +?${where}`
    return { kind, rows: db.prepare<[number], FindingRow>(sql).safeIntegers() }
  })
  const marked = db.prepare<[], number>(`SELECT DISTINCT content FROM ${score.table} WHERE ${score.shown}`)
  for (const content of marked.pluck().all()) {
    const found = new Map<number, FindingLists>()
    for (const { kind, rows } of statements)
      for (const row of rows.all(content)) add(found, content, kind.fromRow(row))
    yield* found
  }
}

/** Contents in one batch: their findings are freed before the heap grows for them. */
const STRETCH = 1000

function add(found: Map<number, FindingLists>, content: number, finding: Finding): void {
  const lists = found.get(content) ?? NO_FINDINGS
  const name = FINDING_LISTS[finding.kind]
  found.set(content, { ...lists, [name]: [...lists[name], finding] })
}

/** Findings from names, read only when the ledger contains some. */
function namedFindings(
  db: Db,
): (
  entry: number,
) => Pick<FindingLists, 'references' | 'attributes'> & { readonly scores: readonly Score[] } {
  const some = (table: string) =>
    db.prepare<[], number>(`SELECT EXISTS (SELECT 1 FROM ${table})`).pluck().get() === 1
  const rowsOf = (table: string) =>
    db
      .prepare<[number], FindingRow>(`SELECT * FROM ${table} WHERE entry = +? ORDER BY batch, ordinal`)
      .safeIntegers()
  const scores = some('entry_score') ? rowsOf('entry_score') : null
  const attributes = some('entry_attribute') ? rowsOf('entry_attribute') : null
  const stated = new StatedReferences(db)
  return (entry) => ({
    scores: scores?.all(entry).map((row) => score.fromRow(row)) ?? [],
    ...stated.apart(attributes?.all(entry).map((row) => attribute.fromRow(row)) ?? []),
  })
}

/**
 * evidenceDigest, analysisDigest and inventoryDigest (FORMAT.md, "Digests"): what two runs over one exhibit must agree on.
 *
 * Nothing that depends on order, ids, workers or load may enter here. Listed entries come in evidence-path order; what was
 * derived hangs on the content it was derived from, in SHA-256 order, because which copy was opened may differ.
 */
import type { Plan } from '../../contracts/case.ts'
import { isEnvironmentDependent } from '../../contracts/reason.ts'
import type { Db } from '../format/database.ts'
import { IdSet } from '../format/id-set.ts'
import { CoverageCounter, type Totals } from '../read/coverage.ts'
import { DerivedFacts, Examinations, entryFacts, type FactRow, placedFacts } from '../read/entry-facts.ts'
import { Openings } from '../read/openings.ts'
import { type OrderedRow, PathOrder } from '../read/path-order.ts'
import { type DigestForm, digestForm } from './digest-form.ts'
import { DigestStream, ENVIRONMENT } from './digest-stream.ts'
import { encodeDerived, encodeEntry, encodeInventoried, isRendered } from './entry-digest.ts'
import { ContentFindings, NameFindings } from './finding-digests.ts'
import { digestImage } from './image-digest.ts'

export interface Digested extends Totals {
  readonly evidenceDigest: Buffer
  readonly analysisDigest: Buffer
  readonly inventoryDigest: Buffer
}

/** Entries between two words of how far it is. */
const TOLD_EVERY = 4_096

/**
 * Reads the whole ledger once; memory does not grow with it.
 * @param told how many entries were taken in so far
 */
export function digest(db: Db, plan: Plan, told?: (entries: number) => void): Digested {
  const form = digestForm(db.pragma('user_version', { simple: true }) as number)
  const examinations = new Examinations(db)
  const exact = new ContentFindings(db, form.exact, 'matched')
  const coverage = new CoverageCounter(plan)
  const listed = new IdSet()
  const evidence = new DigestStream(form.evidenceDomain)
  const inventory = new DigestStream(INVENTORY_DOMAIN)

  if (form.ofImages) digestImage(db, evidence)
  let entries = 0
  for (const { path, row } of placedFacts(db)) {
    if (++entries % TOLD_EVERY === 0) told?.(entries)
    coverage.add(entryFacts(row, examinations))
    if (row.parent !== null) continue
    evidence.row((encoder) => encodeEntry(encoder, path, row, form, exact))
    inventory.row((encoder) => encodeInventoried(encoder, path, row))
    if (row.content !== null) listed.add(Number(row.content))
  }
  const derived = new Derived(db, form, exact)
  const reached = derived.reach(listed, (row) => !isRendered(row))
  derived.digest(evidence, reached, (row) => !isRendered(row))
  const evidenceDigest = evidence.end()

  const analysis = new DigestStream(form.analysisDomain)
  analysis.row((encoder) => encoder.blob(evidenceDigest))
  const analysed = derived.reach(reached, () => true)
  derived.digest(analysis, analysed, isRendered)
  digestAnalyses(db, form, analysis, analysed, examinations)
  digestNames(db, form, analysis)
  return {
    evidenceDigest,
    analysisDigest: analysis.end(),
    inventoryDigest: inventory.end(),
    ...coverage.totals(db),
  }
}

const INVENTORY_DOMAIN = 'seized inventory digest 1'

/** Of a ledger of any format, sealed or not: names, kinds, sizes and digests of what the exhibit shows, whatever was asked of it. */
export function inventoryDigest(db: Db): Buffer {
  const inventory = new DigestStream(INVENTORY_DOMAIN)
  for (const { path, row } of placedFacts(db))
    if (row.parent === null) inventory.row((encoder) => encodeInventoried(encoder, path, row))
  return inventory.end()
}

/** What was found inside contents. */
class Derived {
  readonly #form: DigestForm
  readonly #exact: ContentFindings
  readonly #openings: Openings
  readonly #facts: DerivedFacts

  constructor(db: Db, form: DigestForm, exact: ContentFindings) {
    this.#form = form
    this.#exact = exact
    this.#openings = new Openings(db)
    this.#facts = new DerivedFacts(db)
  }

  /** Contents that can be reached from `start` through openings that do not depend on load. */
  reach(start: IdSet, wanted: (row: FactRow) => boolean): IdSet {
    const reached = IdSet.copy(start)
    for (let grown = true; grown; ) {
      grown = false
      for (const { id, stage } of this.#openings.all()) {
        if (!reached.has(id)) continue
        for (const row of this.#facts.of(id, stage))
          if (row.content !== null && wanted(row) && reached.add(Number(row.content))) grown = true
      }
    }
    return reached
  }

  digest(stream: DigestStream, reached: IdSet, wanted: (row: FactRow) => boolean): void {
    for (const opening of this.#openings.all()) {
      if (!reached.has(opening.id)) continue
      stream.row((encoder) => {
        encoder.text('opened')
        encoder.blob(opening.sha256)
        encoder.text(opening.stage)
        encoder.text(opening.result)
        encoder.value('text', opening.reason)
      })
      for (const row of this.#facts.of(opening.id, opening.stage))
        if (wanted(row)) stream.row((encoder) => encodeDerived(encoder, row, this.#form, this.#exact))
    }
  }
}

/** Media type, results and findings of every examined content, in SHA-256 order. */
function digestAnalyses(
  db: Db,
  form: DigestForm,
  stream: DigestStream,
  reached: IdSet,
  examinations: Examinations,
): void {
  const findings = new ContentFindings(db, form.later, 'later')
  const mediaType = db.prepare<[number], string>('SELECT media_type FROM content WHERE id = ?').pluck()
  // Both columns stand in the index, so contents that no stage examined cost next to nothing.
  const next = db.prepare<[Buffer], { id: number; sha256: Buffer }>(
    'SELECT id, sha256 FROM content WHERE sha256 > ? ORDER BY sha256 LIMIT 500',
  )
  let page = next.all(Buffer.alloc(0))
  while (page.length > 0) {
    for (const { id, sha256 } of page) {
      if (!reached.has(id) || !examinations.has(id)) continue
      stream.row((encoder) => {
        encoder.text('content')
        encoder.blob(sha256)
        encoder.text(mediaType.get(id)!)
        for (const { stage, result, reason } of examinations.of(id)) {
          encoder.text(stage)
          if (reason !== null && isEnvironmentDependent(reason)) {
            encoder.text(ENVIRONMENT)
            continue
          }
          encoder.text(result)
          encoder.value('text', reason)
          findings.encode(encoder, id, stage)
        }
      })
    }
    page = next.all(page.at(-1)!.sha256)
  }
}

/** What listed names say. A name inside a container hangs on the copy that was opened, which may differ between runs. */
function digestNames(db: Db, form: DigestForm, stream: DigestStream): void {
  const names = new NameFindings(db, form.named)
  if (names.isEmpty) return
  for (const { path, row } of new PathOrder<NamedRow>(db, NAMED).all()) {
    const id = Number(row.id)
    if (row.parent !== null || !names.has(id)) continue
    stream.row((encoder) => {
      encoder.text('named')
      encoder.blob(path)
      names.encode(encoder, id)
    })
  }
}

const NAMED = 'e.id, e.step, e.name, e.parent FROM entry e'

interface NamedRow extends OrderedRow {
  readonly parent: bigint | null
}

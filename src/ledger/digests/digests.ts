/**
 * evidenceDigest, analysisDigest and inventoryDigest (FORMAT.md, "Digests"): the facts on which two runs over one
 * exhibit must agree.
 *
 * Values that depend on order, ids, workers or load must not enter a digest. Listed entries come in evidence-path
 * order. A derived entry is hashed under the content that it was derived from, in SHA-256 order, because the opened
 * copy may differ between runs.
 */
import type { Plan } from '../../contracts/case.ts'
import { isEnvironmentDependent } from '../../contracts/reason.ts'
import { CoverageCounter, type Totals } from '../format/coverage.ts'
import type { Db } from '../format/database.ts'
import { DerivedFacts, Examinations, entryFacts, type FactRow, placedFacts } from '../format/entry-facts.ts'
import { IdSet } from '../format/id-set.ts'
import { type Opening, Openings } from '../format/openings.ts'
import { type OrderedRow, PathOrder } from '../format/path-order.ts'
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

/** Rows between two progress reports. */
const TOLD_EVERY = 4_096

/**
 * Reads the whole ledger once; memory use does not grow with the ledger.
 * @param told called often with the number of entries that were hashed so far
 */
export function digest(db: Db, plan: Plan, told?: (entries: number) => void): Digested {
  const steps = digesting(db, plan)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    told?.(step.value)
  }
}

/**
 * The same as a generator of steps, between which other work runs. A generator that is ended early leaves nothing
 * behind. @yields the number of entries that were hashed so far, often
 */
export function* digesting(db: Db, plan: Plan): Generator<number, Digested> {
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
    if (++entries % TOLD_EVERY === 0) yield entries
    coverage.add(entryFacts(row, examinations))
    if (row.parent !== null) continue
    evidence.row((encoder) => encodeEntry(encoder, path, row, form, exact))
    inventory.row((encoder) => encodeInventoried(encoder, path, row))
    if (row.content !== null) listed.add(Number(row.content))
  }
  yield entries
  const derived = new Derived(db, form, exact, entries)
  const reached = yield* derived.reach(listed, (row) => !isRendered(row))
  yield* derived.digest(evidence, reached, (row) => !isRendered(row))
  const evidenceDigest = evidence.end()

  const analysis = new DigestStream(form.analysisDomain)
  analysis.row((encoder) => encoder.blob(evidenceDigest))
  const analysed = yield* derived.reach(reached, () => true)
  yield* derived.digest(analysis, analysed, isRendered)
  yield* pacing(entries, digestAnalyses(db, form, analysis, analysed, examinations))
  yield* pacing(entries, digestNames(db, form, analysis))
  return {
    evidenceDigest,
    analysisDigest: analysis.end(),
    inventoryDigest: inventory.end(),
    ...coverage.totals(db),
  }
}

const INVENTORY_DOMAIN = 'seized inventory digest 1'

/**
 * Digest of a ledger of any format, sealed or not: names, kinds, sizes and digests of the exhibit's entries. It does
 * not depend on the plan.
 */
export function inventoryDigest(db: Db): Buffer {
  const inventory = new DigestStream(INVENTORY_DOMAIN)
  for (const { path, row } of placedFacts(db))
    if (row.parent === null) inventory.row((encoder) => encodeInventoried(encoder, path, row))
  return inventory.end()
}

/** Reports progress at intervals after all entries were hashed, because the steps that follow take long too. */
function* pacing(entries: number, rows: Iterable<unknown>): Generator<number, void> {
  let row = 0
  for (const _ of rows) if (++row % TOLD_EVERY === 0) yield entries
}

/** Entries that were derived from contents. */
class Derived {
  readonly #entries: number
  readonly #form: DigestForm
  readonly #exact: ContentFindings
  readonly #openings: Openings
  readonly #facts: DerivedFacts

  constructor(db: Db, form: DigestForm, exact: ContentFindings, entries: number) {
    this.#entries = entries
    this.#form = form
    this.#exact = exact
    this.#openings = new Openings(db)
    this.#facts = new DerivedFacts(db)
  }

  /** Contents that can be reached from `start` through container expansions that do not depend on load. */
  *reach(start: IdSet, wanted: (row: FactRow) => boolean): Generator<number, IdSet> {
    const reached = IdSet.copy(start)
    for (let grown = true; grown; ) {
      grown = false
      yield* pacing(
        this.#entries,
        this.#rows(reached, (row) => {
          if (row.content !== null && wanted(row) && reached.add(Number(row.content))) grown = true
        }),
      )
    }
    return reached
  }

  digest(stream: DigestStream, reached: IdSet, wanted: (row: FactRow) => boolean): Generator<number, void> {
    const encode = (row: FactRow) => {
      if (wanted(row)) stream.row((encoder) => encodeDerived(encoder, row, this.#form, this.#exact))
    }
    const opened = (opening: Opening) =>
      stream.row((encoder) => {
        encoder.text('opened')
        encoder.blob(opening.sha256)
        encoder.text(opening.stage)
        encoder.text(opening.result)
        encoder.value('text', opening.reason)
      })
    return pacing(this.#entries, this.#rows(reached, encode, opened))
  }

  /**
   * Yields each expansion of a content that was reached, then the entries derived from it. @yields once for each of
   * them
   */
  *#rows(
    reached: IdSet,
    each: (row: FactRow) => void,
    begin: (opening: Opening) => void = () => {},
  ): Iterable<void> {
    for (const opening of this.#openings.all()) {
      yield
      if (!reached.has(opening.id)) continue
      begin(opening)
      for (const row of this.#facts.of(opening.id, opening.stage)) {
        each(row)
        yield
      }
    }
  }
}

/** Media type, stage results and findings of every examined content, in SHA-256 order. @yields once for each content */
function* digestAnalyses(
  db: Db,
  form: DigestForm,
  stream: DigestStream,
  reached: IdSet,
  examinations: Examinations,
): Iterable<void> {
  if (examinations.isEmpty) return
  const findings = new ContentFindings(db, form.later, 'later')
  const next = db
    .prepare<[number], [number, Buffer, string]>(
      `SELECT id, sha256, media_type FROM content
       WHERE sha256 > ifnull((SELECT sha256 FROM content WHERE id = +?), x'') ORDER BY sha256 LIMIT 500`,
    )
    .raw()
  let page = next.all(BEFORE_THE_FIRST)
  while (page.length > 0) {
    for (const [id, sha256, mediaType] of page) {
      yield
      if (!reached.has(id) || !examinations.has(id)) continue
      stream.row((encoder) => {
        encoder.text('content')
        encoder.blob(sha256)
        encoder.text(mediaType)
        for (const { stage, result, reason } of examinations.results(id)) {
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
    page = next.all(page.at(-1)![0])
  }
}

/** Ids count from 1. */
const BEFORE_THE_FIRST = 0

/**
 * Findings from names of listed entries. A name inside a container depends on the copy that was opened, which may
 * differ between runs.
 * @yields once for each entry
 */
function* digestNames(db: Db, form: DigestForm, stream: DigestStream): Iterable<void> {
  const names = new NameFindings(db, form.named)
  if (names.isEmpty) return
  for (const { path, row } of new PathOrder<NamedRow>(db, NAMED).all()) {
    yield
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

/**
 * evidenceDigest and analysisDigest (FORMAT.md, "Digests"): what two runs of one plan over one exhibit must agree on.
 *
 * Nothing that depends on order, ids, workers or load may enter here. Walked entries come in evidence-path order; what was
 * derived hangs on the content it was derived from, in SHA-256 order, because which copy was opened may differ.
 */
import { createHash, type Hash } from 'node:crypto'
import { isEnvironmentDependent } from '../../base/reasons.ts'
import type { Plan } from '../../contracts/case.ts'
import type { Db } from '../format/database.ts'
import { CanonicalEncoder } from '../format/encode.ts'
import { IdSet } from '../format/id-set.ts'
import { CoverageCounter, type Totals } from '../read/coverage.ts'
import { derivedFactRows, Examinations, entryFacts, type FactRow, factRows } from '../read/entry-facts.ts'
import { Openings } from '../read/openings.ts'
import { AnalysisFindings, ExactFindings, NameFindings } from './finding-digests.ts'

export interface Digested extends Totals {
  readonly evidenceDigest: Buffer
  readonly analysisDigest: Buffer
}

const EVIDENCE_DOMAIN = 'seized evidence digest 1'
const ANALYSIS_DOMAIN = 'seized analysis digest 1'
const ENVIRONMENT = 'environment-dependent'

/** Reads the whole ledger once; memory does not grow with it. */
export function digest(db: Db, plan: Plan): Digested {
  const examinations = new Examinations(db)
  const exact = new ExactFindings(db)
  const coverage = new CoverageCounter(plan)
  const walked = new IdSet()
  const evidence = new DigestStream(EVIDENCE_DOMAIN)

  for (const row of factRows(db)) {
    coverage.add(entryFacts(row, examinations))
    if (row.parent !== null) continue
    evidence.row((encoder) => encodeEntry(encoder, 'entry', row.path, row, exact))
    if (row.content !== null) walked.add(Number(row.content))
  }
  const openings = new Openings(db)
  const reached = reach(db, openings, walked, (row) => !isRendered(row))
  digestDerived(db, openings, evidence, reached, exact, (row) => !isRendered(row))
  const evidenceDigest = evidence.end()

  const analysis = new DigestStream(ANALYSIS_DOMAIN)
  analysis.row((encoder) => encoder.blob(evidenceDigest))
  const analysed = reach(db, openings, reached, () => true)
  digestDerived(db, openings, analysis, analysed, exact, isRendered)
  digestAnalyses(db, analysis, analysed, examinations)
  digestNames(db, analysis)
  return { evidenceDigest, analysisDigest: analysis.end(), ...coverage.totals(db) }
}

/** Hashes rows, and at the end their number. */
class DigestStream {
  readonly #hash: Hash = createHash('sha256')
  readonly #encoder = new CanonicalEncoder()
  #rows = 0

  constructor(domain: string) {
    this.#encoder.text(domain)
  }

  row(encode: (encoder: CanonicalEncoder) => void): void {
    encode(this.#encoder)
    this.#rows += 1
    if (this.#encoder.length > FLUSH_BYTES) this.#flush()
  }

  end(): Buffer {
    this.#encoder.text('end')
    this.#encoder.int(this.#rows)
    this.#flush()
    return this.#hash.digest()
  }

  #flush(): void {
    this.#hash.update(this.#encoder.bytes)
    this.#encoder.clear()
  }
}

const FLUSH_BYTES = 1 << 16

function encodeEntry(
  encoder: CanonicalEncoder,
  label: string,
  name: Buffer,
  row: FactRow,
  exact: ExactFindings,
): void {
  encoder.text(label)
  encoder.blob(name)
  encoder.text(row.kind)
  // The size of a directory is the file system's affair.
  encoder.value('int', row.kind === 'file' ? row.size : null)
  encoder.value('blob', row.link_target)
  encoder.value('int', row.modified_s)
  encoder.value('int', row.modified_ns)
  encoder.value('text', row.modified_s === null ? null : row.time_basis!.split(',')[0]!)
  const result = row.walk_result ?? row.read_result
  const reason = row.walk_result === null ? row.read_reason : row.walk_reason
  if (reason !== null && isEnvironmentDependent(reason)) {
    encoder.text(ENVIRONMENT)
    return
  }
  encoder.value('text', result)
  encoder.value('text', reason)
  if (row.content === null) return
  encoder.blob(row.sha256)
  encoder.blob(row.md5)
  encoder.blob(row.sha1)
  encoder.blob(row.blake3)
  encoder.int(row.content_size)
  encoder.text(row.matched_result)
  encoder.value('text', row.matched_reason)
  exact.encode(encoder, Number(row.content))
}

/** Contents that can be reached from `start` through openings that do not depend on load. */
function reach(db: Db, openings: Openings, start: IdSet, wanted: (row: FactRow) => boolean): IdSet {
  const reached = IdSet.copy(start)
  for (let grown = true; grown; ) {
    grown = false
    for (const { id, stage } of openings.all()) {
      if (!reached.has(id)) continue
      for (const row of derivedFactRows(db, id, stage))
        if (row.content !== null && wanted(row) && reached.add(Number(row.content))) grown = true
    }
  }
  return reached
}

function digestDerived(
  db: Db,
  openings: Openings,
  stream: DigestStream,
  reached: IdSet,
  exact: ExactFindings,
  wanted: (row: FactRow) => boolean,
): void {
  for (const opening of openings.all()) {
    if (!reached.has(opening.id)) continue
    stream.row((encoder) => {
      encoder.text('opened')
      encoder.blob(opening.sha256)
      encoder.text(opening.stage)
      encoder.text(opening.result)
      encoder.value('text', opening.reason)
    })
    for (const row of derivedFactRows(db, opening.id, opening.stage))
      if (wanted(row)) stream.row((encoder) => encodeEntry(encoder, 'derived', lastStep(row), row, exact))
  }
}

/** Media type, results and findings of every examined content, in SHA-256 order. */
function digestAnalyses(db: Db, stream: DigestStream, reached: IdSet, examinations: Examinations): void {
  const findings = new AnalysisFindings(db)
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

/** What walked names say. A name inside a container hangs on the copy that was opened, which may differ between runs. */
function digestNames(db: Db, stream: DigestStream): void {
  const names = new NameFindings(db)
  for (const { id, path } of names.entries())
    stream.row((encoder) => {
      encoder.text('named')
      encoder.blob(path)
      names.encode(encoder, id)
    })
}

/** A video frame is made by a decoder, not copied out of the file: its bytes are as good as the recorded binaries. */
function isRendered(row: FactRow): boolean {
  return lastStep(row).subarray(0, FRAME.length).equals(FRAME)
}

function lastStep(row: FactRow): Buffer {
  return row.path.subarray(row.path.lastIndexOf(0) + 1)
}

const FRAME = Buffer.from('frame:')

/**
 * Turns reports of the stages into rows, inside one transaction of the appender. A content that is already recorded is
 * found by its SHA-256 and gets no second row.
 */

import type { Statement } from 'better-sqlite3'
import { depthOf } from '../../base/evidence-path.ts'
import type { Content, ReadOutcome } from '../../contracts/content.ts'
import type { Entry, EvidencePath } from '../../contracts/entry.ts'
import type { Examination } from '../../contracts/finding.ts'
import type {
  DerivedRecord,
  MatchResult,
  PendingContent,
  ReadRecord,
  WalkedEntry,
} from '../../contracts/ledger.ts'
import { notDone, type StageResult } from '../../contracts/stage.ts'
import { signCells } from '../../findings/sign.ts'
import { leadsOf } from '../../score/leads.ts'
import type { MoreText } from '../format/applicability.ts'
import { contentValues } from '../format/content-row.ts'
import type { Db } from '../format/database.ts'
import { entryValues, type Origin, timeValues } from '../format/entry-row.ts'
import type { NodeRow } from '../format/evidence-tree.ts'
import { resultValues } from '../format/result-row.ts'
import type { Paths } from '../read/paths.ts'
import type { Put } from './appender.ts'
import type { ContentQueue, Place } from './content-queue.ts'
import type { Counts } from './counts.ts'
import { NodeIds } from './node-ids.ts'
import { putFinding, putNameFinding, putPreview } from './put-finding.ts'

/** State that a rolled-back transaction must restore. */
export interface WriterState {
  /** Entries and folders share their ids. */
  nextNode: number
  nextContent: number
  readonly counts: Counts
}

export class Recorder {
  #state: WriterState
  readonly #queue: ContentQueue
  readonly #nodes: NodeIds
  readonly #paths: Paths
  readonly #knownContent: Statement<[Buffer], KnownContent>
  readonly #place: Statement<[number], NodeRow & Pick<Place, 'depth' | 'band'>>
  readonly #hasLead: Statement

  /** Words in pictures are read. */
  readonly #more: MoreText

  constructor(db: Db, queue: ContentQueue, paths: Paths, counts: Counts, more: MoreText) {
    this.#more = more
    this.#queue = queue
    this.#paths = paths
    this.#nodes = new NodeIds(db, () => this.#state.nextNode++)
    this.#knownContent = db.prepare('SELECT id, md5, sha1, blake3, size FROM content WHERE sha256 = ?')
    this.#place = db.prepare('SELECT above, step, name, depth, band FROM entry WHERE id = ?')
    const after = (...tables: readonly string[]) =>
      Math.max(
        ...tables.map(
          (table) => (db.prepare(`SELECT max(id) FROM ${table}`).pluck().get() as number | null) ?? 0,
        ),
      ) + 1
    this.#hasLead = db.prepare(
      'SELECT 1 FROM score WHERE content = ? AND score_per_10k >= threshold_per_10k LIMIT 1',
    )
    this.#state = { nextNode: after('entry', 'folder'), nextContent: after('content'), counts }
  }

  /** A copy of the state; the caller gives it to {@link restore} when the transaction fails. */
  snapshot(): WriterState {
    return { ...this.#state, counts: { ...this.#state.counts } }
  }

  restore(state: WriterState): void {
    this.#state = state
    this.#nodes.forget()
  }

  /** Id of the entry recorded at a path; undefined when there is none. */
  entryAt(path: EvidencePath): number | undefined {
    return this.#nodes.entryAt(path)
  }

  entry(put: Put, { entry, read, named = [] }: WalkedEntry): void {
    const id = this.#entry(put, entry, null, read)
    for (const finding of named) putNameFinding(put, id, finding)
    const { counts } = this.#state
    counts.entries += 1
    if (read === null) {
      counts.files += 1
      counts.bytes += entry.sizeBytes
    } else if (read.result === 'not-done') counts.notDone += 1
  }

  read(put: Put, { entryId, outcome, match, named = [] }: ReadRecord): void {
    if (outcome !== null) this.#outcome(put, entryId, outcome, match, null)
    for (const finding of named) putNameFinding(put, entryId, finding)
    const { counts } = this.#state
    if (outcome === null) return
    counts.read += 1
    counts.bytesRead += outcome.bytesRead
  }

  examination(put: Put, content: number, examination: Examination): void {
    const { stage, result, findings, preview, signs = [] } = examination
    put('examination', [content, stage, ...resultValues(result)])
    const leads = leadsOf(findings.filter((finding) => finding.kind === 'score'))
    // A content with a lead from an earlier stage is already counted.
    if (leads.length > 0 && this.#hasLead.get(content) === undefined) this.#state.counts.leads += 1
    for (const finding of findings) putFinding(put, content, stage, finding)
    for (const sign of signs) put('sign', [content, stage, ...signCells(sign)])
    if (preview) putPreview(put, content, stage, preview)
    this.#queue.remove(content, stage)
  }

  /**
   * @throws RangeError when the entry does not lie exactly one step inside its parent: deeper steps are container
   * expansions of their own
   */
  derived(put: Put, parent: PendingContent, one: DerivedRecord, stage: string): void {
    const { entry, outcome, match, named = [] } = one
    const prefix = parent.path.bytes
    const { bytes } = entry.path
    if (bytes.lastIndexOf(0) !== prefix.length || !bytes.subarray(0, prefix.length).equals(prefix))
      throw new RangeError('a derived entry must lie one step inside the content that it was derived from')
    const id = this.#entry(put, entry, { parentContentId: parent.contentId, stage }, null)
    for (const finding of named) putNameFinding(put, id, finding)
    this.#outcome(put, id, outcome, match, entry)
    this.#state.counts.entries += 1
  }

  #entry(put: Put, entry: Entry, origin: Origin | null, read: StageResult | null): number {
    const node = this.#nodes.place(put, entry.path)
    const id = this.#state.nextNode++
    put('entry', entryValues(id, node, entry, origin, read))
    const second = entry.onImage?.nameTimes
    if (second) put('second_times', [id, ...timeValues(second)])
    return id
  }

  #outcome(
    put: Put,
    entryId: number,
    given: ReadOutcome,
    match: MatchResult | null,
    entry: Entry | null,
  ): void {
    if ((given.content === null) !== (match === null))
      throw new TypeError(
        'a content is recorded together with its match result, and neither without the other',
      )
    const known = given.content && this.#knownContent.get(Buffer.from(given.content.digests.sha256, 'hex'))
    const { result, content, bytesRead } = known ? agreeing(known, given) : given
    const id = content && match ? this.#content(put, entryId, content, match, entry, known ?? null) : null
    put('reading', [entryId, ...resultValues(result), bytesRead, id])
    if (result.result === 'not-done') this.#state.counts.notDone += 1
  }

  #content(
    put: Put,
    entryId: number,
    content: Content,
    match: MatchResult,
    entry: Entry | null,
    known: KnownContent | null,
  ): number {
    if (known) {
      if (!this.#queue.isEmpty) {
        const place = entry
          ? { depth: depthOf(entry.path), band: entry.band, path: entry.path.bytes }
          : this.#placeOf(entryId)
        this.#queue.foundAgain(known.id, entryId, place)
      }
      return known.id
    }
    const id = this.#state.nextContent++
    put('content', contentValues(id, content, match, this.#more))
    for (const finding of [...match.hits, ...match.conflicts]) putFinding(put, id, 'matched', finding)
    for (const warning of match.warnings) putFinding(put, id, 'matched', warning)
    if (match.hits.some((hit) => hit.meaning !== 'known')) this.#state.counts.hits += 1
    return id
  }

  #placeOf(entry: number): Place {
    const row = this.#place.get(entry)!
    return { depth: row.depth, band: row.band, path: this.#paths.bytesOf(row) }
  }
}

interface KnownContent {
  readonly id: number
  readonly md5: Buffer
  readonly sha1: Buffer
  readonly blake3: Buffer
  readonly size: number
}

/**
 * Two reports have the same SHA-256 but another digest or size differs: one of the reporting processes lies, or memory
 * fails. The program cannot tell which. The first report stands, and the second becomes `not-done`.
 */
function agreeing(known: KnownContent, given: ReadOutcome): ReadOutcome {
  const { digests, sizeBytes } = given.content!
  const same =
    known.blake3.toString('hex') === digests.blake3 &&
    known.sha1.toString('hex') === digests.sha1 &&
    known.md5.toString('hex') === digests.md5 &&
    BigInt(known.size) === sizeBytes
  return same ? given : { result: notDone('children-disagree'), content: null, bytesRead: given.bytesRead }
}

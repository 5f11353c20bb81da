/**
 * Rematch: the stored digests of a sealed ledger against new lists, without the exhibit, into a new ledger.
 *
 * Entries, contents and examinations are copied; only matches are made anew, from the digests and perceptual hashes that
 * the old ledger holds. The caller records the old head as the new ledger's first event: on paper the two are one chain.
 */

import { depthOf, parseEvidencePath } from '../base/evidence-path.ts'
import type { Exhibit } from '../contracts/case.ts'
import type { Content } from '../contracts/content.ts'
import type { Examination, NameFinding } from '../contracts/finding.ts'
import type { DerivedRecord, MatchResult, PendingContent, Seal, WalkedEntry } from '../contracts/ledger.ts'
import type { EntryViews, ExaminationFacts, LedgerReader, MediumFacts } from '../contracts/ledger-reader.ts'
import type { RecordDigests } from '../contracts/record.ts'
import type {
  ContentFacts,
  ContentQueue,
  DerivedEntries,
  ExaminationWriter,
  InventoryWriter,
  ReadQueue,
  Session,
} from '../contracts/session.ts'
import { LATER_STAGES, type LaterStage, type StageResult } from '../contracts/stage.ts'
import type { EntryView } from '../contracts/view.ts'
import { listedOfStated } from '../pipeline/stated-digests.ts'
import { isNameFinding } from '../terms/agency-scores.ts'
import { examinationOf, NEEDS_EXHIBIT, type NearMatching } from './examination.ts'
import { foundByLooking, keyOf, parentKey } from './inside.ts'
import { copyRecords, withLinks } from './records.ts'

export interface Matching {
  readonly exact: (content: Content) => MatchResult
  readonly near: NearMatching
  /** List matches of the digests that a record names. */
  readonly named: (digests: RecordDigests) => MatchResult
}

const BATCH = 500

export function rematch(old: LedgerReader, session: Session, matching: Matching): Seal {
  copyFiles(old, session, matching)
  for (const { name } of LATER_STAGES) {
    if (name === 'opened') copyOpened(old, session, matching)
    else if (name === 'records-read') copyRecords(old, session, matching.named)
    else {
      copyExaminations(old, session, name, matching)
      // Entries found inside pictures wait since this step.
      if (session.pendingCount(name) > 0) copyExaminations(old, session, name, matching)
    }
  }
  return session.seal()
}

function copyFiles(
  old: ExaminationFacts & MediumFacts & EntryViews,
  session: InventoryWriter & ReadQueue,
  { exact, named }: Matching,
): void {
  let batch: EntryView[] = []
  const flush = () => {
    session.recordEntries(batch.map((view) => walkedOf(view, named, old.exhibit)))
    const views = new Map(batch.map((view) => [keyOf(view.entry.path.bytes), view]))
    const reads = session.pendingReads(null, BATCH).map(({ entryId, path }) => {
      const content = views.get(keyOf(path.bytes))!.content!
      return {
        entryId,
        outcome: { result: DONE, content, bytesRead: content.sizeBytes },
        match: exact(content),
      }
    })
    if (reads.length > 0) session.recordReads(reads)
    batch = []
  }
  for (const view of old.entries()) {
    if (depthOf(view.entry.path) > 1) continue
    batch.push(view)
    if (batch.length === BATCH) flush()
  }
  flush()
  session.recordInventoryDone(
    old.exhibit.image ? { ranges: old.ranges(), classes: old.byteClasses(), samples: old.samples() } : null,
  )
}

const DONE: StageResult = { result: 'done' }

/** An entry that was not read keeps its result; one that was read gets its content in the next step. */
function walkedOf(view: EntryView, named: Matching['named'], { image }: Exhibit): WalkedEntry {
  const { entry, content, stages } = view
  const { stated = [] } = entry.onImage?.place ?? {}
  const listed = listedOfStated(stated, content, { ...entry, image }, named)
  return { entry, read: content ? null : stages.read, named: [...namedOf(view), ...listed] }
}

function namedOf({ attributes, scores }: EntryView): readonly NameFinding[] {
  return [...attributes, ...scores].filter(isNameFinding)
}

/** Level by level, because a derived entry needs the content it was derived from. */
function copyOpened(
  old: EntryViews,
  session: ContentQueue & ExaminationWriter & DerivedEntries,
  { exact }: Matching,
): void {
  for (let depth = 2, more = true; more; depth++) {
    more = false
    let parent = null as { readonly key: string; readonly result: StageResult } | null
    let members: EntryView[] = []
    const parents = new Map<string, StageResult>()
    const foundInside = foundByLooking()
    const flush = () => {
      if (parent === null) return
      const derived = members.map((view) => {
        const { entry, content, stages } = view
        return {
          entry,
          outcome: { result: content ? DONE : stages.read, content, bytesRead: content?.sizeBytes ?? 0n },
          match: content && exact(content),
          named: namedOf(view),
        }
      })
      const path = parseEvidencePath(Buffer.from(parent.key, 'latin1'))
      session.recordOpened(session.outerContent(path), derived, opened(parent.result))
      members = []
    }
    for (const view of old.entries()) {
      const { path } = view.entry
      if (depthOf(path) === depth - 1) parents.set(keyOf(path.bytes), view.stages.opened)
      const byLooking = foundInside(view)
      if (depthOf(path) !== depth) continue
      more = true
      if (byLooking) continue
      const key = keyOf(path.bytes.subarray(0, path.bytes.lastIndexOf(0)))
      if (parent?.key !== key) flush()
      parent = { key, result: parents.get(key)! }
      members.push(view)
    }
    flush()
  }
  const results = resultsOf(old, 'opened')
  for (
    let page = session.pendingContents('opened', null, BATCH);
    page.length > 0;
    page = session.pendingContents('opened', null, BATCH)
  )
    session.recordExaminations(
      page.map(({ contentId, content }) => ({
        contentId,
        examination: opened(results.get(content.digests.sha256) ?? NEEDS_EXHIBIT),
      })),
    )
}

function opened(result: StageResult): Examination {
  return { stage: 'opened', result, findings: [], preview: null }
}

/** Results of one stage by content, without `not-applicable` and `out-of-scope`. */
function resultsOf(old: EntryViews, stage: 'opened'): Map<string, StageResult> {
  const results = new Map<string, StageResult>()
  for (const { content, stages } of old.entries()) {
    const result = stages[stage]
    if (content && result.result !== 'not-applicable' && result.result !== 'out-of-scope')
      results.set(content.digests.sha256, result)
  }
  return results
}

function copyExaminations(
  old: EntryViews,
  session: ContentQueue & ExaminationWriter & ContentFacts,
  stage: LaterStage,
  { exact, near, named }: Matching,
): void {
  const waiting = new Map<string, PendingContent>()
  for (
    let cursor = null, page = session.pendingContents(stage, cursor, BATCH);
    page.length > 0;
    page = session.pendingContents(stage, page.at(-1)!, BATCH)
  )
    for (const one of page) waiting.set(one.content.digests.sha256, one)
  const isInside = foundByLooking()
  let batch: Recorded[] = []
  const flush = () => {
    if (batch.length > 0) session.recordExaminations(batch)
    batch = []
  }
  for (const view of old.entries()) {
    const { path } = view.entry
    const last = batch.at(-1)
    // Entries inside a picture follow the picture directly.
    if (isInside(view)) {
      if (last?.opened && keyOf(last.opened.parent.path.bytes) === parentKey(path))
        last.opened.derived.push(derivedRecord(view, exact))
      else if (!waiting.has(view.content?.digests.sha256 ?? '')) continue
    }
    const parent = view.content ? waiting.get(view.content.digests.sha256) : undefined
    if (!parent?.path.bytes.equals(path.bytes)) continue
    waiting.delete(parent.content.digests.sha256)
    if (batch.length === BATCH) flush()
    const before = examinationOf(view, stage, near)
    const examination = stage === 'text-read' ? withLinks(before, session, named) : before
    batch.push({ contentId: parent.contentId, examination, opened: { parent, derived: [] } })
  }
  flush()
}

interface Recorded {
  readonly contentId: number
  readonly examination: Examination
  readonly opened: { readonly parent: PendingContent; readonly derived: DerivedRecord[] }
}

function derivedRecord({ entry, content }: EntryView, exact: Matching['exact']): DerivedRecord {
  return {
    entry,
    outcome: { result: DONE, content: content!, bytesRead: content!.sizeBytes },
    match: exact(content!),
  }
}

/**
 * Takes every content that waits for a later stage through it, once. No stage itself: what is done with the
 * bytes of a content is given.
 *
 * Contents come in order; results are committed as they finish, so one slow video holds up nothing (but those with a turn,
 * in their order). Derived contents of one
 * outer file are unpacked together.
 */

import { depthOf, listedPath } from '../base/evidence-path.ts'
import type { Limits } from '../contracts/case.ts'
import type { EvidencePath } from '../contracts/entry.ts'
import type { Examination } from '../contracts/finding.ts'
import type { DerivedRecord, PendingContent } from '../contracts/ledger.ts'
import { notDone, type Phase, type StageName, type StageResult } from '../contracts/stage.ts'
import type { Handed } from '../host/decoder/feeder.ts'
import type { Turn } from './lent-looks.ts'
import type { ContentReader, EachDerived, Unpacker } from './parts.ts'
import { Meter, type Run, untilPaused } from './run.ts'
import { handedOf, type OpenOuter, outerOf } from './top-level.ts'

const PAGE_CONTENTS = 256
const COMMIT_CONTENTS = 32
const COMMIT_MS = 500

/** An examination, and what was found inside the content by the way. */
export interface Examined extends Examination {
  readonly derived?: readonly DerivedRecord[]
}

export interface ContentStage {
  readonly stage: StageName
  /** That progress tells of. */
  readonly phase?: Phase
  /** A result that needs no bytes; null: go on. */
  readonly without?: (content: PendingContent) => StageResult | null
  readonly examine: (content: PendingContent, source: Buffer | Handed, turn: Turn | null) => Promise<Examined>
  /** Of contents that lie on the exhibit themselves, called in their order; null: this one is recorded when it is done. */
  readonly turn?: (content: PendingContent) => Turn | null
  /** Files that are examined where they lie, not read into memory; null: read it. */
  readonly inPlace?: (file: PendingContent) => Promise<Examined> | null
  /** Left waiting, for another call. */
  readonly later?: (content: PendingContent) => boolean
  /** Called before finished results are recorded: what belongs to them is then already safe. */
  readonly beforeCommit?: () => void
}

export async function eachContent(
  run: Run,
  readers: ContentReader,
  unpacker: Unpacker,
  stage: ContentStage,
): Promise<void> {
  const { session, signal } = run
  const results = new Results(run, stage)
  const running = new Set<Promise<void>>()
  const nothing = (result: StageResult): Examination => ({
    stage: stage.stage,
    result,
    findings: [],
    preview: null,
  })
  /** One content more than children: the next bytes are read while all of them decode. */
  const enqueue = async (work: () => Promise<void>) => {
    while (running.size > run.workers)
      if (
        (await untilPaused(
          run,
          Promise.race(running).then(() => true),
        )) === null
      )
        return
    const job: Promise<void> = work().finally(() => running.delete(job))
    // Awaited below; marked as handled so that a failure while waiting for another job is not "unhandled".
    job.catch(() => {})
    running.add(job)
    results.commitWhenDue()
  }
  const sourceOf = async (content: PendingContent): Promise<Buffer | Handed | StageResult> => {
    const { lookBytes } = session.plan.limits
    if (content.content.sizeBytes <= BigInt(lookBytes)) return handedOf(readers, content, lookBytes)
    // Too large, as a reader says without reading it.
    const read = await readers.bytes(content, lookBytes)
    return 'result' in read ? read : read.bytes
  }
  const examineFile = async (content: PendingContent) => {
    const turn = stage.turn?.(content) ?? null
    const inPlace = stage.inPlace?.(content)
    if (inPlace) return results.add(content, await inPlace)
    const source = await sourceOf(content)
    const examined = 'result' in source ? nothing(source) : await stage.examine(content, source, turn)
    await turn?.ended(examined.findings)
    results.add(content, examined)
    turn?.over()
  }
  const examineDerived = async (contents: readonly PendingContent[]) => {
    const outer = await untilPaused(run, outerOf(run, readers, contents[0]!))
    if (outer === null) return
    const waiting = new Map(contents.map((content) => [content.path.bytes.toString('latin1'), content]))
    const paths = contents.map(({ path }) => path)
    const each = async (path: EvidencePath, bytes: Buffer) => {
      const key = path.bytes.toString('latin1')
      const content = waiting.get(key)
      if (signal.aborted) return
      waiting.delete(key)
      if (content) await enqueue(async () => results.add(content, await stage.examine(content, bytes, null)))
    }
    const result = 'result' in outer ? outer : await untilPaused(run, unpackedFrom(outer, paths, each))
    if (result === null || signal.aborted) return
    const missing: StageResult = result.result === 'done' ? notDone('digest-mismatch') : result
    for (const content of waiting.values()) results.add(content, nothing(missing))
  }

  const unpackedFrom = async (outer: OpenOuter, paths: readonly EvidencePath[], each: EachDerived) => {
    const unpacking = unpacker.derivedBytes(outer, paths, each)
    // Whether the file changed meanwhile is not asked: every derived content is checked against its own digest.
    await unpacking.then(outer.release, outer.release)
    return unpacking
  }

  let cursor: PendingContent | null = null
  while (!signal.aborted) {
    const page: readonly PendingContent[] = session.pendingContents(stage.stage, cursor, PAGE_CONTENTS)
    if (page.length === 0) break
    const wanted: PendingContent[] = []
    for (const content of page) {
      if (stage.later?.(content)) continue
      const result = stage.without?.(content) ?? tooLargeInside(content, session.plan.limits)
      if (result) results.add(content, nothing(result))
      else wanted.push(content)
    }
    // A page of nothing but these would otherwise wait, with all others like it, for one that is read.
    results.commitWhenDue()
    for (const group of groups(wanted)) {
      if (signal.aborted) break
      if (isDerived(group[0]!)) await examineDerived(group)
      else await enqueue(() => examineFile(group[0]!))
    }
    cursor = page.at(-1)!
  }
  await untilPaused(run, Promise.all(running))
  results.commit()
}

/** A derived content has no place of its own on the exhibit that it could be read at. */
function tooLargeInside(content: PendingContent, { lookBytes }: Limits): StageResult | null {
  if (!isDerived(content) || content.content.sizeBytes <= BigInt(lookBytes)) return null
  const params = { bytes: Number(content.content.sizeBytes), limit: lookBytes }
  return notDone('over-byte-limit', { code: 'over-bytes-inside', params })
}

function isDerived(content: PendingContent): boolean {
  return depthOf(content.path) > 1
}

/** Files one by one; derived contents together with those of the same outer file. */
function groups(page: readonly PendingContent[]): PendingContent[][] {
  const all: PendingContent[][] = []
  const byOuter = new Map<string, PendingContent[]>()
  for (const content of page) {
    const outer = listedPath(content.path).bytes.toString('latin1')
    const known = isDerived(content) ? byOuter.get(outer) : undefined
    if (known) {
      known.push(content)
      continue
    }
    const group = [content]
    all.push(group)
    if (isDerived(content)) byOuter.set(outer, group)
  }
  return all
}

/** Finished examinations on their way into the ledger. */
class Results {
  readonly #run: Run
  readonly #stage: ContentStage
  readonly #meter: Meter
  #finished: Parameters<Run['session']['recordExaminations']>[0][number][] = []
  #lastCommitMs = performance.now()
  #done = 0
  readonly #total: number

  constructor(run: Run, stage: ContentStage) {
    this.#run = run
    this.#total = run.session.pendingCount(stage.stage)
    this.#stage = stage
    this.#meter = new Meter(run, stage.phase ?? 'unknown')
  }

  add(content: PendingContent, examination: Examined): void {
    const { derived = [] } = examination
    const opened = derived.length > 0 ? { opened: { parent: content, derived } } : {}
    this.#finished.push({ contentId: content.contentId, examination, ...opened })
  }

  commitWhenDue(): void {
    if (this.#finished.length >= COMMIT_CONTENTS || performance.now() - this.#lastCommitMs > COMMIT_MS)
      this.commit()
  }

  commit(): void {
    if (this.#finished.length === 0) return
    this.#stage.beforeCommit?.()
    this.#run.session.recordExaminations(this.#finished)
    this.#done += this.#finished.length
    this.#finished = []
    this.#lastCommitMs = performance.now()
    this.#meter.update({ entries: this.#done, entriesTotal: this.#total, bytes: 0n, bytesTotal: null })
  }
}

/**
 * Runs a later stage once on every content that is pending for it. The stage itself is a parameter.
 *
 * Contents start in order, and results are committed when they finish: one slow video delays no other content.
 * Derived contents of one top-level file are unpacked together.
 */

import { depthOf, listedPath } from '../base/evidence-path.ts'
import type { Limits } from '../contracts/case.ts'
import type { EvidencePath } from '../contracts/entry.ts'
import type { Examination } from '../contracts/finding.ts'
import type { DerivedRecord, PendingContent } from '../contracts/ledger.ts'
import { notDone, type Phase, type StageName, type StageResult } from '../contracts/stage.ts'
import type { Handed } from '../host/decoder/feeder.ts'
import type { ContentReader, EachDerived, Unpacker } from './parts.ts'
import { type PhaseMeter, phaseMeter } from './phase-meter.ts'
import { readFirst } from './read-first.ts'
import { type Run, untilPaused } from './run.ts'
import { handedOf, type OpenOuter, outerOf } from './top-level.ts'

const PAGE_CONTENTS = 256
const COMMIT_CONTENTS = 32
const COMMIT_MS = 500

/** An examination, and the derived entries that it found in the content. */
export interface Examined extends Examination {
  readonly derived?: readonly DerivedRecord[]
}

export interface ContentStage {
  readonly stage: StageName
  /** Phase for progress reports. */
  readonly phase?: Phase
  /** A result that needs no bytes; null: examine the content. */
  readonly without?: (content: PendingContent) => StageResult | null
  /** @param readers reads companion files of the content, also where both lie in one archive */
  readonly examine: (
    content: PendingContent,
    source: Buffer | Handed,
    readers: Pick<ContentReader, 'bytes'>,
  ) => Promise<Examined>
  /** Companion files of a derived content, which are read before it; absent: none. */
  readonly companions?: (content: PendingContent) => readonly PendingContent[]
  /** Examines a file in place, without reading it into memory; null: the file is read. */
  readonly inPlace?: (file: PendingContent) => Promise<Examined> | null
  /** The contents of this call, by pages after `cursor`; absent: everything that is pending. */
  readonly queue?: (cursor: PendingContent | null, limit: number) => readonly PendingContent[]
  /** Whether the content stays pending for a later call. */
  readonly later?: (content: PendingContent) => boolean
  /** Called before finished results are recorded, to store data that belongs to them first. */
  readonly beforeCommit?: () => void
}

export async function eachContent(
  run: Run,
  readers: ContentReader,
  unpacker: Unpacker,
  stage: ContentStage,
): Promise<void> {
  const { session, signal } = run
  const meter = phaseMeter(run, stage.phase ?? 'unknown')
  const results = new Results(run, stage, meter)
  const running = new Set<Promise<void>>()
  const nothing = (result: StageResult): Examination => ({
    stage: stage.stage,
    result,
    findings: [],
    preview: null,
  })
  /** One more content than children: the next bytes are read while all children decode. */
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
    // Too large: the reader refuses without reading.
    const read = await readers.bytes(content, lookBytes)
    return 'result' in read ? read : read.bytes
  }
  const examineFile = async (content: PendingContent) => {
    meter.begins(content)
    await examineWhole(content).finally(() => meter.ends(content))
  }
  const examineWhole = async (content: PendingContent) => {
    const inPlace = stage.inPlace?.(content)
    if (inPlace) return results.add(content, await inPlace)
    const source = await sourceOf(content)
    results.add(content, 'result' in source ? nothing(source) : await stage.examine(content, source, readers))
  }
  const examineDerived = async (contents: readonly PendingContent[]) => {
    const outer = await untilPaused(run, outerOf(run, readers, contents[0]!))
    if (outer === null) return
    const waiting = new Map(contents.map((content) => [content.path.bytes.toString('latin1'), content]))
    const paths = contents.map(({ path }) => path)
    const companions = await readFirst(
      contents.flatMap((content) => stage.companions?.(content) ?? []),
      session.plan.limits.lookBytes,
      async (paths, keep) => {
        const first = await untilPaused(run, outerOf(run, readers, contents[0]!))
        if (first !== null && !('result' in first)) await untilPaused(run, unpackedFrom(first, paths, keep))
      },
    )
    const each = async (path: EvidencePath, bytes: Buffer) => {
      const key = path.bytes.toString('latin1')
      const content = waiting.get(key)
      if (signal.aborted) return
      waiting.delete(key)
      if (content)
        await enqueue(async () => {
          meter.begins(content)
          const examining = stage.examine(content, bytes, companions)
          results.add(content, await examining.finally(() => meter.ends(content)))
        })
    }
    const result = 'result' in outer ? outer : await untilPaused(run, unpackedFrom(outer, paths, each))
    if (result === null || signal.aborted) return
    const missing: StageResult = result.result === 'done' ? notDone('digest-mismatch') : result
    for (const content of waiting.values()) results.add(content, nothing(missing))
  }

  const unpackedFrom = async (outer: OpenOuter, paths: readonly EvidencePath[], each: EachDerived) => {
    const unpacking = unpacker.derivedBytes(outer, paths, each)
    // A change of the file is not checked here: every derived content is checked against its own digest.
    await unpacking.then(outer.release, outer.release)
    return unpacking
  }

  const stopSaying = meter.saying()
  try {
    await eachPage()
  } finally {
    stopSaying()
  }

  async function eachPage(): Promise<void> {
    let cursor: PendingContent | null = null
    while (!signal.aborted) {
      const page: readonly PendingContent[] =
        stage.queue?.(cursor, PAGE_CONTENTS) ?? session.pendingContents(stage.stage, cursor, PAGE_CONTENTS)
      if (page.length === 0) break
      const wanted: PendingContent[] = []
      for (const content of page) {
        if (stage.later?.(content)) continue
        const result = stage.without?.(content) ?? tooLargeInside(content, session.plan.limits)
        if (result) results.add(content, nothing(result))
        else wanted.push(content)
      }
      // Without this, results of pages that need no reading would wait until a content is read.
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
}

/** A derived content has no own location on the exhibit, so it cannot be read in place. */
function tooLargeInside(content: PendingContent, { lookBytes }: Limits): StageResult | null {
  if (!isDerived(content) || content.content.sizeBytes <= BigInt(lookBytes)) return null
  const params = { bytes: Number(content.content.sizeBytes), limit: lookBytes }
  return notDone('over-byte-limit', { code: 'over-bytes-inside', params })
}

export function isDerived(content: PendingContent): boolean {
  return depthOf(content.path) > 1
}

/** Groups: one file each, or all derived contents of the same top-level file. */
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

/** Buffer of finished examinations for the ledger. */
class Results {
  readonly #run: Run
  readonly #stage: ContentStage
  readonly #meter: PhaseMeter
  #finished: Parameters<Run['session']['recordExaminations']>[0][number][] = []
  #lastCommitMs = performance.now()

  constructor(run: Run, stage: ContentStage, meter: PhaseMeter) {
    this.#run = run
    this.#stage = stage
    this.#meter = meter
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
    const recorded = this.#finished.length
    this.#finished = []
    this.#lastCommitMs = performance.now()
    this.#meter.recorded(recorded)
  }
}

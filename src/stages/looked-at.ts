/**
 * Looked-at: each distinct still-unknown picture or video once, in a child process. Contents come in order; results are
 * committed as they finish, so one slow video holds up nothing. Derived contents of one outer file are unpacked together.
 */
import type { EvidencePath, Examination, NearMatch, PendingContent, PerceptualHash, StageResult } from '../contracts.ts'
import type { Outer } from '../extract/open-request.ts'
import { leadsOf } from '../score/leads.ts'
import { type ContentReader, Meter, outerOf, type Run } from './run.ts'

const PAGE_CONTENTS = 256
const COMMIT_CONTENTS = 32
const COMMIT_MS = 500

export interface Looker {
  look(content: PendingContent, bytes: Buffer): Promise<Examination>
  derivedBytes(
    outer: Outer,
    paths: readonly EvidencePath[],
    each: (path: EvidencePath, bytes: Buffer) => Promise<void>,
  ): Promise<StageResult>
}

/** Near matches of a content from its perceptual hashes; null when no list has any. */
export type FindNear = ((hashes: readonly PerceptualHash[]) => readonly NearMatch[]) | null

export async function lookedAt(run: Run, readers: ContentReader, children: Looker, near: FindNear): Promise<void> {
  const { session, signal } = run
  const results = new Results(run, near)
  const running = new Set<Promise<void>>()
  /** One content more than children: the next bytes are read while all of them decode. */
  const enqueue = async (work: () => Promise<void>) => {
    while (running.size > run.workers) await Promise.race(running)
    const job: Promise<void> = work().finally(() => running.delete(job))
    // Awaited below; marked as handled so that a failure while waiting for another job is not "unhandled".
    job.catch(() => {})
    running.add(job)
    results.commitWhenDue()
  }
  const lookAtFile = async (content: PendingContent) => {
    const read = await readers.bytes(content, session.plan.limits.lookBytes)
    results.add(content, 'result' in read ? nothing(read) : await children.look(content, read.bytes))
  }
  const lookAtDerived = async (contents: readonly PendingContent[]) => {
    const outer = await outerOf(run, readers, contents[0]!)
    const waiting = new Map(contents.map((content) => [content.path.bytes.toString('latin1'), content]))
    const paths = contents.map(({ path }) => path)
    const result = 'result' in outer ? outer : await children.derivedBytes(outer, paths, async (path, bytes) => {
      const key = path.bytes.toString('latin1')
      const content = waiting.get(key)
      if (signal.aborted) return
      waiting.delete(key)
      if (content) await enqueue(async () => results.add(content, await children.look(content, bytes)))
    })
    if (signal.aborted) return
    const missing: StageResult = result.result === 'done' ? { result: 'not-done', reason: 'digest-mismatch' } : result
    for (const content of waiting.values()) results.add(content, nothing(missing))
  }

  let cursor: PendingContent | null = null
  while (!signal.aborted) {
    const page: readonly PendingContent[] = session.pendingContents('looked-at', cursor, PAGE_CONTENTS)
    if (page.length === 0) break
    for (const group of groups(page)) {
      if (signal.aborted) break
      if (isDerived(group[0]!)) await lookAtDerived(group)
      else await enqueue(() => lookAtFile(group[0]!))
    }
    cursor = page.at(-1)!
  }
  await Promise.all(running)
  results.commit()
}

function isDerived(content: PendingContent): boolean {
  return content.path.steps.length > 1
}

/** Files one by one; derived contents together with those of the same outer file. */
function groups(page: readonly PendingContent[]): PendingContent[][] {
  const all: PendingContent[][] = []
  const byOuter = new Map<string, PendingContent[]>()
  for (const content of page) {
    const outer = content.path.steps[0]!.name.toString('latin1')
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

function nothing(result: StageResult): Examination {
  return { stage: 'looked-at', result, findings: [], preview: null }
}

/** Finished examinations on their way into the ledger. */
class Results {
  readonly #run: Run
  readonly #near: FindNear
  readonly #meter: Meter
  #finished: { contentId: number; examination: Examination }[] = []
  #lastCommitMs = performance.now()
  #done = 0

  constructor(run: Run, near: FindNear) {
    this.#run = run
    this.#near = near
    this.#meter = new Meter(run, 'unknown')
  }

  add({ contentId }: PendingContent, examination: Examination): void {
    const hashes = examination.findings.filter((finding) => finding.kind === 'perceptual-hash')
    const near = hashes.length > 0 ? (this.#near?.(hashes) ?? []) : []
    this.#finished.push({ contentId, examination: { ...examination, findings: [...examination.findings, ...near] } })
    if (leadsOf(examination.findings.filter((finding) => finding.kind === 'score')).length > 0) this.#meter.leads++
  }

  commitWhenDue(): void {
    if (this.#finished.length >= COMMIT_CONTENTS || performance.now() - this.#lastCommitMs > COMMIT_MS) this.commit()
  }

  commit(): void {
    if (this.#finished.length === 0) return
    this.#run.session.recordExaminations(this.#finished)
    this.#done += this.#finished.length
    this.#finished = []
    this.#lastCommitMs = performance.now()
    this.#meter.update({ entries: this.#done, entriesTotal: null, bytes: 0n, bytesTotal: null })
  }
}

/**
 * Looked-at: each distinct still-unknown picture or video once, in a child process. Contents come in order of band and
 * path; results are committed as they finish, so one slow video holds up nothing.
 */
import type { Examination, PendingContent } from '../contracts.ts'
import { leadsOf } from '../score/leads.ts'
import { type ContentReader, Meter, type Run } from './run.ts'

const PAGE_CONTENTS = 256
const COMMIT_CONTENTS = 32
const COMMIT_MS = 500

export interface Looker {
  look(content: PendingContent, bytes: Buffer): Promise<Examination>
}

export async function lookedAt(run: Run, readers: ContentReader, children: Looker): Promise<void> {
  const { session, signal } = run
  const meter = new Meter(run, 'unknown')
  const running = new Set<Promise<void>>()
  let finished: { contentId: number; examination: Examination }[] = []
  let lastCommitMs = performance.now()
  let done = 0
  let cursor: PendingContent | null = null

  const commit = () => {
    if (finished.length === 0) return
    session.recordExaminations(finished)
    done += finished.length
    finished = []
    lastCommitMs = performance.now()
    meter.update({ entries: done, entriesTotal: null, bytes: 0n, bytesTotal: null })
  }
  const one = async (content: PendingContent) => {
    const examination = await examineOne(content)
    finished.push({ contentId: content.contentId, examination })
    meter.leads +=
      examination.findings.some((f) => f.kind === 'score') && leadsOf(scoresOf(examination)).length > 0
        ? 1
        : 0
  }
  const examineOne = async (content: PendingContent): Promise<Examination> => {
    const read = await readers.bytes(content, session.plan.limits.lookBytes)
    if ('result' in read) return { stage: 'looked-at', result: read, findings: [], preview: null }
    return children.look(content, read.bytes)
  }
  while (!signal.aborted) {
    const page: readonly PendingContent[] = session.pendingContents('looked-at', cursor, PAGE_CONTENTS)
    if (page.length === 0) break
    for (const content of page) {
      if (signal.aborted) break
      // One content more than children: the next bytes are read while all of them decode.
      while (running.size > run.workers) await Promise.race(running)
      const job: Promise<void> = one(content).finally(() => running.delete(job))
      running.add(job)
      if (finished.length >= COMMIT_CONTENTS || performance.now() - lastCommitMs > COMMIT_MS) commit()
    }
    cursor = page.at(-1)!
  }
  await Promise.all(running)
  commit()
}

function scoresOf(examination: Examination) {
  return examination.findings.filter((finding) => finding.kind === 'score')
}

/**
 * Conducts a run for `scan` and `resume`: opens the parts, runs the straight line, seals, prints the summary.
 *
 * First Ctrl-C pauses after the current batch; a second one ends at once (the ledger stays resumable either way).
 */

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { userInfo } from 'node:os'
import type { CaseInfo, Exhibit, ProgressEvent, Session } from '../contracts.ts'
import { examine, type Parts } from '../examine.ts'
import { ChildPool } from '../isolate/pool.ts'
import { appendCustody } from '../ledger/custody.ts'
import { openLedger } from '../ledger/read.ts'
import { type ExactMatcher, falseMatchStatement, makeNearFinder } from '../match/index.ts'
import { planDigest } from '../plan.ts'
import { ReaderPool } from '../source/reader-pool.ts'
import { EXIT, exitCodeOf } from './exit-codes.ts'
import type { ProgressKind } from './options.ts'
import { createProgress } from './progress/index.ts'

export interface Conduct {
  readonly session: Session
  readonly case: CaseInfo
  readonly exhibit: Exhibit
  readonly matcher: ExactMatcher
  readonly workers: number
  readonly progress: ProgressKind
  readonly warnings: readonly string[]
}

export async function conduct(given: Conduct): Promise<number> {
  const { session, exhibit, matcher } = given
  const progress = createProgress(given.progress, { stdout: process.stdout, stderr: process.stderr })
  const interrupt = pauseOnInterrupt()
  const readers = new ReaderPool({
    root: exhibit.root,
    workers: given.workers,
    limits: session.plan.limits,
    ed2k: session.plan.options.ed2k,
  })
  let children: ChildPool | null = null
  const near = session.plan.phases.includes('unknown') ? makeNearFinder(matcher.pdqRecords()) : null
  const parts: Parts = {
    readers,
    match: (content) => matcher.match(content.digests, content.sizeBytes),
    near: near && ((hashes) => near.find(hashes)),
    children: async () => {
      if (children) return children
      children = await ChildPool.start({ workers: given.workers, plan: session.plan })
      session.recordEvent('children-started', children.confinement)
      return children
    },
  }
  try {
    progress.on({
      event: 'started',
      case: given.case,
      ledger: session.path,
      planDigest: planDigest(session.plan),
    })
    for (const message of given.warnings) progress.on({ event: 'warning', message })
    const run = { session, exhibit, workers: given.workers, emit: progress.on, signal: interrupt.signal }
    const ending = await examine(run, parts)
    if (ending.kind === 'paused') return EXIT.interrupted
    const summary = await sealedSummary(session, ending.seal)
    progress.on(summary)
    return summary.exitCode
  } finally {
    await progress.close()
    await readers.close()
    await (children as ChildPool | null)?.close()
    matcher.close()
    interrupt.dispose()
  }
}

async function sealedSummary(
  session: Session,
  seal: { evidenceDigest: string; analysisDigest: string },
): Promise<Extract<ProgressEvent, { event: 'summary' }>> {
  const ledgerSha256 = await fileSha256(session.path)
  const ledger = openLedger(session.path)
  try {
    const summary = ledger.summary()
    const { evidenceDigest, analysisDigest } = seal
    appendCustody(session.path, {
      event: 'sealed',
      operator: ledger.case.examiner,
      account: userInfo().username,
      detail: { ledgerSha256, evidenceDigest, analysisDigest },
    })
    return {
      event: 'summary',
      ...summary,
      evidenceDigest,
      analysisDigest,
      chainHead: ledger.chainHead,
      ledgerSha256,
      exitCode: exitCodeOf(summary),
    }
  } finally {
    ledger.close()
  }
}

export async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk)
  return hash.digest('hex')
}

function pauseOnInterrupt(): { signal: AbortSignal; dispose: () => void } {
  const controller = new AbortController()
  const stop = () => {
    if (controller.signal.aborted) process.kill(process.pid, 'SIGKILL')
    controller.abort()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return {
    signal: controller.signal,
    dispose: () => {
      process.off('SIGINT', stop)
      process.off('SIGTERM', stop)
    },
  }
}

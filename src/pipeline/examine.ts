/**
 * The pipeline: inventory → known → unknown → seal. Read this file second, after contracts/.
 *
 * Each step continues from the state in the ledger, so a new scan and a resumed scan use the same code. An abort
 * (Ctrl-C) ends the running step after its current batch; the ledger stays open for `seized resume`.
 */

import { trace } from '../base/trace.ts'
import type { Seal } from '../contracts/ledger.ts'
import type { PauseReason } from '../contracts/progress.ts'
import { isStageAsked, type Phase } from '../contracts/stage.ts'
import { clockText } from '../report/texts/clock-text.ts'
import { PIPELINE } from './index.ts'
import type { Parts } from './parts.ts'
import { breathe, Meter, type Run } from './run.ts'

export type Ending = { readonly kind: 'sealed'; readonly seal: Seal } | { readonly kind: 'paused' }

export async function examine(run: Run, parts: Parts): Promise<Ending> {
  const { session } = run
  noteClock(run)
  let announced: Phase | null = session.inventoryDone ? 'inventory' : null
  for (const { phase, stages, run: work } of PIPELINE) {
    const asked = stages.length === 0 || stages.some((stage) => isStageAsked(stage, session.plan))
    if (!asked || (run.signal.aborted && stages.length > 0)) continue
    if (phase !== announced) announce(run, phase)
    announced = phase
    const startMs = performance.now()
    await work(run, parts)
    trace('stage', () => {
      const { entries, read, hits, notDone } = session.counts
      const counts = `${entries} entries, ${read} read, ${hits} hits, ${notDone} not done`
      return `${phase} ${stages.join(' ')}: ${(performance.now() - startMs).toFixed(0)} ms, ${counts}`
    })
  }
  noteClock(run)
  // Also before a pause: a resumed run opens the image anew, as it is then.
  noteChanges(run)
  if (run.signal.aborted) return paused(run)
  parts.readers.rest()
  announce(run, 'seal')
  const seal = await sealed(run)
  return seal ? { kind: 'sealed', seal } : paused(run)
}

/** Checks for a pause between two steps of sealing. @returns null if a pause was requested: the ledger is not sealed */
async function sealed(run: Run): Promise<Seal | null> {
  const meter = new Meter(run, 'seal')
  const { entries: entriesTotal } = run.session.counts
  const steps = run.session.sealing()
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    meter.update({ entries: step.value, entriesTotal, bytes: 0n, bytesTotal: null })
    await breathe()
    if (run.signal.aborted) return null
  }
}

function paused({ session, signal, emit }: Run): Ending {
  const reason = signal.reason as PauseReason
  session.recordEvent('paused', { reason })
  session.close()
  emit({ event: 'paused', reason, ledger: session.path })
  return { kind: 'paused' }
}

/** This program never writes to the exhibit, but another program may have changed it. */
function noteChanges({ source, session, emit }: Run): void {
  const files = source.changed()
  if (files.length === 0) return
  session.recordEvent('image-changed', { files: files.join(', ') })
  emit({
    event: 'warning',
    message: `The image was changed during the run: ${files.join(', ')}. What was read before may not be there any more.`,
  })
}

/** Compares the clock: at the start with earlier records, at the end also with the entries found. */
function noteClock({ session, emit, newestSeen }: Run): void {
  for (const behind of session.recordClock(newestSeen ?? null))
    emit({ event: 'warning', message: clockText(behind) })
}

function announce(run: Run, phase: Phase | 'seal'): void {
  const { counts } = run.session
  const { entries: entriesTotal, bytes: bytesTotal, hits, leads, notDone } = counts
  run.emit({ event: 'phase', phase, entriesTotal, bytesTotal, hits, leads, notDone })
}

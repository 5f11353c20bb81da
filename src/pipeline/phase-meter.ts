/** Progress over all passes of the later stages of one phase: one count, one estimate, and the content that takes long. */
import { printPath } from '../base/evidence-path.ts'
import type { PendingContent } from '../contracts/ledger.ts'
import { isStageAsked, LATER_STAGES, type LaterStage, type Phase } from '../contracts/stage.ts'
import { Meter, type Run, SAY_MS } from './run.ts'

/** A content is named once it has taken this long. */
const LONG_MS = 3000

/** Pending contents are counted again after this many times the duration of the last count, and not before RECOUNT_MS. */
const RECOUNT_SHARE = 50
const RECOUNT_MS = 2000

const meters = new WeakMap<Run, Map<Phase, PhaseMeter>>()

/** The meter of a phase of this run: each pass of each stage adds to it. */
export function phaseMeter(run: Run, phase: Phase): PhaseMeter {
  const ofRun = meters.get(run) ?? new Map<Phase, PhaseMeter>()
  meters.set(run, ofRun)
  const meter = ofRun.get(phase) ?? new PhaseMeter(run, phase)
  ofRun.set(phase, meter)
  return meter
}

export class PhaseMeter {
  readonly #run: Run
  readonly #meter: Meter
  readonly #stages: readonly LaterStage[]
  /** Contents at work, in the order in which they began, with the time of their beginning. */
  readonly #atWork = new Map<PendingContent, number>()
  #done = 0
  #left = 0
  #recountAtMs = 0

  constructor(run: Run, phase: Phase) {
    this.#run = run
    this.#meter = new Meter(run, phase)
    // Containers are opened level by level and say their own progress.
    this.#stages = LATER_STAGES.filter((stage) => stage.phase === phase && stage.name !== 'opened')
      .map(({ name }) => name)
      .filter((name) => isStageAsked(name, run.session.plan))
  }

  begins(content: PendingContent): void {
    this.#atWork.set(content, performance.now())
  }

  ends(content: PendingContent): void {
    this.#atWork.delete(content)
  }

  /** @param contents that were written to the ledger since the last call */
  recorded(contents: number): void {
    this.#done += contents
    this.#left = Math.max(0, this.#left - contents)
    this.tell()
  }

  /** Says the progress at every SAY_MS, also while one content takes minutes. @returns stops it */
  saying(): () => void {
    const timer = setInterval(() => this.tell(), SAY_MS)
    return () => clearInterval(timer)
  }

  tell(): void {
    this.#recount()
    const working = this.#longest()
    // The rate of earlier contents does not predict the last ones.
    const left = Math.max(this.#left, this.#atWork.size)
    const isLast = left <= this.#run.workers
    const total = this.#done + left
    this.#meter.update({
      entries: this.#done,
      entriesTotal: total,
      bytes: 0n,
      bytesTotal: null,
      ...(isLast ? { isLast } : {}),
      ...(working ? { working } : {}),
    })
  }

  #recount(): void {
    const startMs = performance.now()
    if (startMs < this.#recountAtMs) return
    this.#left = this.#stages.reduce((sum, stage) => sum + this.#run.session.pendingCount(stage), 0)
    const endMs = performance.now()
    this.#recountAtMs = endMs + Math.max(RECOUNT_MS, (endMs - startMs) * RECOUNT_SHARE)
  }

  #longest(): { readonly path: string; readonly seconds: number } | null {
    const [oldest] = this.#atWork
    if (oldest === undefined) return null
    const [{ path }, beganMs] = oldest
    const ms = performance.now() - beganMs
    return ms < LONG_MS ? null : { path: printPath(path), seconds: Math.floor(ms / 1000) }
  }
}

/** The decoding children of one run: two JobPools set up from the plan, and what the stages ask of them. */
import type { EvidencePath, Examination, PendingContent, Plan, StageResult } from '../contracts.ts'
import { type LookSource, lookAt, type PreviewPolicy } from '../extract/look-request.ts'
import { derivedBytes, type Opened, type Outer, openAll, type Target } from '../extract/open-request.ts'
import type { Confinement } from './confine.ts'
import { JobPool } from './job-pool.ts'

const OPEN_WALL_MS = 6 * 3_600_000

export interface ChildPoolOptions {
  readonly workers: number
  readonly plan: Plan
  /** Built entry of a child; tests name their own. */
  readonly childEntry?: string
}

export class ChildPool {
  /** How children are held, for the ledger: every value is text. */
  readonly confinement: Readonly<Record<string, string>>
  private readonly jobs: JobPool
  /** Apart from those that look: a child that hands out members waits until each was looked at. */
  private readonly openers: JobPool
  private readonly plan: Plan

  private constructor(jobs: JobPool, openers: JobPool, plan: Plan, confinement: Confinement) {
    this.jobs = jobs
    this.openers = openers
    this.plan = plan
    this.confinement = inWords(confinement, plan)
  }

  /** @throws ChildStartFailed when no child can be started here */
  static async start({ workers, plan, childEntry }: ChildPoolOptions): Promise<ChildPool> {
    const common = {
      size: workers,
      dataBytes: plan.limits.childDataBytes,
      cpuMs: plan.limits.decodeCpuMs,
      childEntry,
    }
    const jobs = new JobPool({ ...common, ops: ['look'], config: { look: { models: plan.models } } })
    // A child that opens may wait long for its members to be looked at: its wall clock is no measure of its work.
    const openers = new JobPool({ ...common, ops: ['open'], wallMs: OPEN_WALL_MS })
    try {
      return new ChildPool(jobs, openers, plan, await jobs.confinement())
    } catch (error) {
      await jobs.close()
      throw error
    }
  }

  look(content: PendingContent, source: LookSource): Promise<Examination> {
    return lookAt(this.jobs, {
      content: content.content,
      source,
      preview: previewPolicy(content, this.plan),
      gps: this.plan.options.gps,
      orientations: this.plan.options.orientations,
      limits: this.plan.limits,
    })
  }

  openAll(outer: Outer, targets: readonly Target[]): Promise<readonly Opened[]> {
    return openAll(this.openers, outer, targets, this.plan.limits)
  }

  /** Hands over the bytes of derived contents one at a time; waits for each. */
  derivedBytes(
    outer: Outer,
    paths: readonly EvidencePath[],
    each: (path: EvidencePath, bytes: Buffer) => Promise<void>,
  ): Promise<StageResult> {
    return derivedBytes(this.openers, outer, paths, this.plan.limits, each)
  }

  async close(): Promise<void> {
    await Promise.all([this.jobs.close(), this.openers.close()])
  }
}

/** Exact hits on illegal lists get no preview unless asked: a person knows already what they are. */
function previewPolicy({ meanings }: PendingContent, { options }: Plan): PreviewPolicy {
  if (!meanings.includes('illegal')) return 'leads'
  return options.previewIllegalHits ? 'always' : 'never'
}

function inWords(held: Confinement, { limits }: Plan): Record<string, string> {
  const yes = (holds: boolean) => (holds ? 'yes' : 'no')
  return {
    rootDropped: held.rootDropped ? 'yes' : process.getuid?.() === 0 ? 'no' : 'not root to begin with',
    networkUnshared: yes(held.networkUnshared),
    memoryCapped: held.memoryCapped ? `yes, ${limits.childDataBytes} bytes of data` : 'no',
    fileWritesRefused: yes(held.fileWritesRefused),
    coreDumpsRefused: yes(held.coreDumpsRefused),
    noNewPrivileges: yes(held.noNewPrivileges),
    remark: held.remark,
  }
}

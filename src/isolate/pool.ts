/** The decoding children of one run: a JobPool set up from the plan, and the look that the unknown phase asks of it. */
import type { Examination, PendingContent, Plan } from '../contracts.ts'
import { type LookSource, lookAt, type PreviewPolicy } from '../extract/look-request.ts'
import type { Confinement } from './confine.ts'
import { type Job, type JobOutcome, JobPool } from './job-pool.ts'

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
  private readonly plan: Plan

  private constructor(jobs: JobPool, plan: Plan, confinement: Confinement) {
    this.jobs = jobs
    this.plan = plan
    this.confinement = inWords(confinement, plan)
  }

  /** @throws ChildStartFailed when no child can be started here */
  static async start({ workers, plan, childEntry }: ChildPoolOptions): Promise<ChildPool> {
    const jobs = new JobPool({
      size: workers,
      ops: ['look'],
      config: { look: { models: plan.models } },
      dataBytes: plan.limits.childDataBytes,
      cpuMs: plan.limits.decodeCpuMs,
      childEntry,
    })
    try {
      return new ChildPool(jobs, plan, await jobs.confinement())
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
      limits: this.plan.limits,
    })
  }

  /** Any other operation of ops.ts. */
  run(job: Job): Promise<JobOutcome> {
    return this.jobs.run(job)
  }

  close(): Promise<void> {
    return this.jobs.close()
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

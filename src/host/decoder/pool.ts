/**
 * The decoding children of one run: several JobPools set up from the plan, and the requests that the stages
 * make of them.
 */
import { definedOnly } from '../../base/defined-only.ts'
import { isTextModelUse } from '../../classify-text/uses.ts'
import type { Plan } from '../../contracts/case.ts'
import type { EvidencePath } from '../../contracts/entry.ts'
import type { PendingContent } from '../../contracts/ledger.ts'
import type { Secret } from '../../contracts/lock.ts'
import type { PrivilegedSenders } from '../../contracts/privilege.ts'
import type { StageResult } from '../../contracts/stage.ts'
import { isAgencyUse } from '../../terms/agency-scores.ts'
import type { CompanionFiles } from '../../wire/companion-files.ts'
import type { PreviewPolicy } from '../../wire/look.ts'
import { type Confinement, inWords } from '../confine/held.ts'
import { type Claim, verifyDigests } from './digest-verification.ts'
import type { Handed, StartFeeder } from './feeder.ts'
import { keepSecrets } from './file-keys.ts'
import { JobPool } from './job-pool.ts'
import { type Looked, type LookSource, lookAt } from './look-request.ts'
import type { Opened, Target } from './open-answers.ts'
import { derivedBytes, type Outer, openAll } from './open-request.ts'
import { type RecordsRead, readRecordsOf } from './records-request.ts'
import { readTextOf, type TextRead } from './text-request.ts'
import { type TriedKind, tryChildren } from './try-children.ts'

const OPEN_WALL_MS = 6 * 3_600_000

export interface ChildPoolOptions {
  readonly workers: number
  readonly plan: Plan
  /** Senders whose mail must not be read. */
  readonly privileged?: PrivilegedSenders | null
  /** Secrets for locked files. */
  readonly secrets?: readonly Secret[]
  /** Built program of a child; tests pass their own. */
  readonly childEntry?: string
  /** Start children also where they cannot be kept from files. */
  readonly allowUnconfined?: boolean
  /**
   * Starts the process that reads the exhibit for one child and passes contents to it; absent: contents go
   * through the main process.
   */
  readonly feeding?: StartFeeder
}

interface Pools {
  readonly jobs: JobPool
  readonly openers: JobPool
  readonly checkers: JobPool
  readonly textReaders: JobPool
  readonly recordReaders: JobPool
}

export class ChildPool {
  /** How children are held, for the ledger: every value is text. */
  readonly confinement: Readonly<Record<string, string>>
  readonly #jobs: JobPool
  /** Apart from the analysing children: a child that emits members waits until each member was analysed. */
  readonly #openers: JobPool
  /** Children that emit members which other children listed, so that their digests can be verified. */
  readonly #checkers: JobPool
  /** Starts no child before text is requested. */
  readonly #textReaders: JobPool
  /** Starts no child before a content may have records. */
  readonly #recordReaders: JobPool
  readonly #plan: Plan
  readonly #privileged: PrivilegedSenders | null
  readonly #hashers: ReadonlyMap<string, number>

  private constructor(pools: Pools, { plan, privileged = null }: ChildPoolOptions, confinement: Confinement) {
    this.#jobs = pools.jobs
    this.#openers = pools.openers
    this.#checkers = pools.checkers
    this.#textReaders = pools.textReaders
    this.#recordReaders = pools.recordReaders
    this.#privileged = privileged
    this.#plan = plan
    this.#hashers = new Map(
      plan.models.flatMap(({ id, hasher }) => (hasher ? [[id, hasher.hashBytes] as const] : [])),
    )
    this.confinement = inWords(confinement, plan.limits.childDataBytes)
  }

  /** @throws ChildStartFailed when no child can be started here */
  static async start(options: ChildPoolOptions): Promise<ChildPool> {
    const { workers, plan, childEntry, allowUnconfined, feeding } = options
    const common = {
      size: workers,
      dataBytes: plan.limits.childDataBytes,
      cpuMs: plan.limits.decodeCpuMs,
      ...definedOnly({ childEntry, allowUnconfined, feeding }),
    }
    const trial = (kind: TriedKind) => ({
      kind,
      run: (pool: JobPool) => tryChildren(pool, kind, plan.limits),
    })
    const jobs = new JobPool({
      ...common,
      trial: trial('look'),
      ops: ['look'],
      config: { look: { models: plan.models.filter((use) => !isTextModelUse(use) && !isAgencyUse(use)) } },
    })
    // An opening child may wait long while its members are analysed: its wall clock is no measure of its work.
    const openers = new JobPool({ ...common, trial: trial('open'), ops: ['open'], wallMs: OPEN_WALL_MS })
    const checkers = new JobPool({ ...common, trial: trial('open'), ops: ['open'] })
    for (const pool of [openers, checkers]) keepSecrets(pool, options.secrets ?? [])
    const recordReaders = new JobPool({ ...common, trial: trial('records'), ops: ['records'] })
    const textReaders = new JobPool({
      ...common,
      trial: trial('text'),
      ops: ['text'],
      config: { text: { models: plan.models.filter(isTextModelUse) } },
    })
    keepSecrets(textReaders, options.secrets ?? [])
    try {
      return new ChildPool(
        { jobs, openers, checkers, textReaders, recordReaders },
        options,
        await jobs.confinement(),
      )
    } catch (error) {
      await jobs.close()
      throw error
    }
  }

  look(content: PendingContent, source: LookSource): Promise<Looked> {
    return lookAt(this.#jobs, {
      content: content.content,
      source,
      preview: previewPolicy(content, this.#plan),
      gps: this.#plan.options.gps,
      orientations: this.#plan.options.orientations,
      thumbnails: content.path.steps.at(-1)?.kind !== 'thumbnail',
      limits: this.#plan.limits,
      hashers: this.#hashers,
    })
  }

  readText(content: PendingContent, source: Buffer | Handed, logs: CompanionFiles): Promise<TextRead> {
    const { limits } = this.#plan
    return readTextOf(this.#textReaders, content.content, source, {
      limits,
      logs,
      privileged: this.#privileged,
    })
  }

  readRecords(content: PendingContent, source: LookSource, logs: CompanionFiles): Promise<RecordsRead> {
    return readRecordsOf(
      this.#recordReaders,
      content.content,
      source,
      this.#plan.limits,
      logs,
      this.#privileged,
    )
  }

  openAll(
    outer: Outer,
    targets: readonly Target[],
    gained?: (members: number) => void,
  ): Promise<readonly Opened[]> {
    return openAll(this.#openers, outer, targets, this.#plan.limits, this.#privileged, gained)
  }

  verifyDigests(outer: Outer, claims: readonly Claim[]): Promise<ReadonlyMap<Claim, StageResult>> {
    return verifyDigests(this.#checkers, outer, claims, this.#plan.limits)
  }

  /** Hands over the bytes of derived contents one at a time; waits for each. */
  derivedBytes(
    outer: Outer,
    paths: readonly EvidencePath[],
    each: (path: EvidencePath, bytes: Buffer) => Promise<void>,
  ): Promise<StageResult> {
    return derivedBytes(this.#openers, outer, paths, this.#plan.limits, each)
  }

  async close(): Promise<void> {
    const pools = [this.#jobs, this.#openers, this.#checkers, this.#textReaders, this.#recordReaders]
    await Promise.all(pools.map((pool) => pool.close()))
  }
}

/** Exact hits on illegal lists get no preview unless the plan has the option: their content is known already. */
function previewPolicy({ meanings }: PendingContent, { options }: Plan): PreviewPolicy {
  if (!meanings.includes('illegal')) return 'leads'
  return options.previewIllegalHits ? 'always' : 'never'
}

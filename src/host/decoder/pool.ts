/**
 * The decoding children of one run: several JobPools set up from the plan, and the requests that the stages
 * make of them.
 */
import { definedOnly } from '../../base/defined-only.ts'
import type { OpenHead } from '../../classify/head-card.ts'
import { isTextModelUse } from '../../classify-text/uses.ts'
import type { Plan } from '../../contracts/case.ts'
import type { EvidencePath } from '../../contracts/entry.ts'
import type { PendingContent } from '../../contracts/ledger.ts'
import type { Secret } from '../../contracts/lock.ts'
import type { PrivilegedSenders } from '../../contracts/privilege.ts'
import { transcribesSpeech } from '../../contracts/speech.ts'
import type { StageResult } from '../../contracts/stage.ts'
import { isAgencyUse } from '../../terms/agency-scores.ts'
import type { CompanionFiles } from '../../wire/companion-files.ts'
import type { PreviewPolicy } from '../../wire/look.ts'
import { inWords } from '../confine/held.ts'
import { type Claim, verifyDigests } from './digest-verification.ts'
import type { StartFeeder } from './feeder.ts'
import { keepSecrets } from './file-keys.ts'
import { JobPool, type PoolOptions } from './job-pool.ts'
import { answerOf, type Looked, type LookRequest, type LookSource, lookAt, lookedOf } from './look-request.ts'
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
  /** Heads of the agency that the plan names, opened. */
  readonly heads?: readonly OpenHead[]
  /** Built program of a child; tests pass their own. */
  readonly childEntry?: string
  /** Start children also where they cannot be kept from files. */
  readonly allowUnconfined?: boolean
  /**
   * Starts the process that reads the exhibit for one child and passes contents to it; absent: contents go
   * through the main process.
   */
  readonly feeding?: StartFeeder
  /**
   * Called once, before the first child of the run gets a job.
   * @param held its restrictions, for the ledger: every value is text
   */
  readonly confined?: (kind: DecoderKind, held: Readonly<Record<string, string>>) => void
}

/** Kinds of the child whose confinement was tried, as the ledger names them. */
export type DecoderKind = 'picture' | 'container' | 'records' | 'text'

const KINDS: Readonly<Record<TriedKind, DecoderKind>> = {
  look: 'picture',
  open: 'container',
  records: 'records',
  text: 'text',
}

/** Starts a child when the first content needs one of its kind: most scans need one kind or none. */
export class ChildPool {
  readonly #jobs: JobPool
  /** Apart from the analysing children: a child that emits members waits until each member was analysed. */
  readonly #openers: JobPool
  /** Children that emit members which other children listed, so that their digests can be verified. */
  readonly #checkers: JobPool
  readonly #textReaders: JobPool
  readonly #recordReaders: JobPool
  readonly #plan: Plan
  readonly #privileged: PrivilegedSenders | null
  readonly #hashers: ReadonlyMap<string, number>

  constructor({
    workers,
    plan,
    privileged = null,
    secrets = [],
    heads = [],
    childEntry,
    allowUnconfined,
    feeding,
    confined,
  }: ChildPoolOptions) {
    this.#privileged = privileged
    this.#plan = plan
    this.#hashers = new Map(
      plan.models.flatMap(({ id, hasher }) => (hasher ? [[id, hasher.hashBytes] as const] : [])),
    )
    let first = true
    const poolOf = (kind: TriedKind, more: Partial<PoolOptions> = {}) =>
      new JobPool({
        size: workers,
        dataBytes: plan.limits.childDataBytes,
        cpuMs: plan.limits.decodeCpuMs,
        ...definedOnly({ childEntry, allowUnconfined, feeding }),
        ops: [kind],
        trial: { kind, run: (pool) => tryChildren(pool, kind, plan.limits) },
        confined: (held) => {
          if (first) confined?.(KINDS[kind], inWords(held, plan.limits.childDataBytes))
          first = false
        },
        ...more,
      })
    this.#jobs = poolOf('look', {
      config: {
        look: {
          models: plan.models.filter((use) => !isTextModelUse(use) && !isAgencyUse(use)),
          heads,
          ...definedOnly({
            accelerator: plan.options.accelerator?.name,
            trusted: plan.options.trustList?.certificates,
          }),
        },
      },
    })
    // An opening child may wait long while its members are analysed: its wall clock is no measure of its work.
    this.#openers = poolOf('open', { wallMs: OPEN_WALL_MS })
    this.#checkers = poolOf('open')
    this.#recordReaders = poolOf('records')
    this.#textReaders = poolOf('text', { config: { text: { models: plan.models.filter(isTextModelUse) } } })
    for (const pool of [this.#openers, this.#checkers, this.#textReaders]) keepSecrets(pool, secrets)
  }

  /** Starts one child that decodes media now. @throws ChildStartFailed when no child can be started here */
  static async start(options: ChildPoolOptions): Promise<ChildPool> {
    const pool = new ChildPool(options)
    try {
      await pool.#jobs.confinement()
      return pool
    } catch (error) {
      await pool.close()
      throw error
    }
  }

  look(content: PendingContent, source: LookSource): Promise<Looked> {
    const preview = previewPolicy(content, this.#plan)
    return lookAt(this.#jobs, this.#lookRequest(content, source, preview))
  }

  /** For another host, which decided about the preview and reads the answer. */
  lookFor(content: PendingContent, source: LookSource, preview: PreviewPolicy): ReturnType<typeof answerOf> {
    return answerOf(this.#jobs, this.#lookRequest(content, source, preview))
  }

  /** The analysis that another host's child answered. @throws ImplausibleReply */
  lookedElsewhere(header: unknown, cells: Buffer): Looked {
    return lookedOf(header, cells, this.#hashers)
  }

  #lookRequest(content: PendingContent, source: LookSource, preview: PreviewPolicy): LookRequest {
    return {
      content: content.content,
      source,
      preview,
      gps: this.#plan.options.gps,
      orientations: this.#plan.options.orientations,
      thumbnails: content.path.steps.at(-1)?.kind !== 'thumbnail',
      limits: this.#plan.limits,
      hashers: this.#hashers,
    }
  }

  readText(content: PendingContent, source: LookSource, logs: CompanionFiles): Promise<TextRead> {
    const { limits } = this.#plan
    return readTextOf(this.#textReaders, content.content, source, {
      limits,
      logs,
      transcribes: transcribesSpeech(this.#plan),
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
export function previewPolicy({ meanings }: PendingContent, { options }: Plan): PreviewPolicy {
  if (!meanings.includes('illegal')) return 'leads'
  return options.previewIllegalHits ? 'always' : 'never'
}

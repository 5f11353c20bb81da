/** Starts the children of one pool, and measures on the first of them which restrictions hold. */
import { PROCESS_DOES, type ProcessKind, TryAgain } from '../../base/errors.ts'
import { lastWords } from '../../base/last-words.ts'
import { trace } from '../../base/trace.ts'
import { codeRangeBytes } from '../../process/code-range.ts'
import { whoToBecome } from '../../process/drop-root.ts'
import type { Hello } from '../../wire/session.ts'
import { CHILD_ENGINE } from '../confine/environment.ts'
import { Unconfined } from '../confine/gate.ts'
import { type Confinement, confinementOf, Probing } from '../confine/held.ts'
import { requireMemory } from '../confine/limits.ts'
import type { Tools } from '../confine/tools.ts'
import type { ChildEnd } from './child-answer.ts'
import { Child } from './child-handle.ts'
import type { Feeder } from './feeder.ts'

export interface StarterOptions {
  readonly childEntry: string
  readonly readable: readonly string[]
  readonly dataBytes: number
  readonly ops: readonly string[]
  readonly config: Readonly<Record<string, unknown>>
  readonly wallMs: number
  readonly allowUnconfined: boolean
  readonly tools: Tools
  /** Called once, with the restrictions on the first child, before it gets a job. */
  readonly confined: (confinement: Confinement) => void
}

export interface Given {
  /** Kind of the content that the descriptors are for; null: the child gets contents as bytes. */
  readonly inherits: Hello['inherits']
  readonly inherit: readonly number[]
  readonly feeder: Feeder | null
}

/** A child could not be started: an installation that does not work, or a memory cap that is too small. */
export class ChildStartFailed extends TryAgain {
  readonly process: ProcessKind
  readonly said: string

  constructor(process: ProcessKind, said: string) {
    super(
      `A decoding process (that ${PROCESS_DOES[process]}) could not be started: ${said}. Check the installation (npm ci && npm run build) and the memory limit.`,
      'child-cannot-start',
    )
    this.process = process
    this.said = said
  }
}

/** Limits of a message to a child: the largest content that is kept in memory. */
const JOB_LIMITS = { headerBytes: 16 << 20, payloadBytes: 0x7fff_ffff }
export const START_ATTEMPTS = 3

export class ChildStarter {
  readonly #options: StarterOptions
  /** Restrictions measured on the first child; null until it is ready. */
  confinement: Confinement | null = null

  constructor(options: StarterOptions) {
    this.#options = options
  }

  /**
   * @param given descriptors that the child inherits, and the feeder that passes contents to it
   * @param started called with each process, also with one that does not become ready
   * @throws ChildStartFailed, Unconfined; TryAgain where the limits of this process are below those of a child
   */
  async start(given: Given, started: (child: Child) => void): Promise<Child> {
    if (this.confinement !== null) return (await this.#ready(given, null, started)).child
    requireMemory(this.#options.dataBytes)
    const probing = new Probing()
    try {
      const { child, confinement } = await this.#ready(given, probing, started)
      const { fileWritesRefused, fileReadsRefused } = confinement!
      if (!(fileWritesRefused && fileReadsRefused) && !this.#options.allowUnconfined) {
        await child.kill()
        throw new Unconfined(confinement!)
      }
      if (this.confinement === null) this.#options.confined(confinement!)
      this.confinement ??= confinement
      return child
    } finally {
      probing.end()
    }
  }

  async #ready(
    { inherits, inherit, feeder }: Given,
    probing: Probing | null,
    started: (child: Child) => void,
  ): Promise<{ child: Child; confinement: Confinement | null }> {
    const { childEntry: entry, readable, dataBytes, ops, config, wallMs, tools } = this.#options
    const becomeId = whoToBecome()
    const probe = probing?.header ?? null
    const limits = JOB_LIMITS
    const hello: Hello = { parentPid: process.pid, ops, config, limits, becomeId, inherits, probe }
    let last = ''
    for (let i = 0; i < START_ATTEMPTS; i++) {
      trace('process', () => `child: ${ops.join()}`)
      const child = new Child({
        tools,
        entry,
        flags: CHILD_ENGINE,
        readable,
        // The cap is meant for memory in use; the range for machine code is only reserved.
        dataBytes: dataBytes + codeRangeBytes(),
        allowUnconfined: this.#options.allowUnconfined,
        hello,
        wallMs,
        inherit,
        feeder,
      })
      started(child)
      const state = await child.ready
      if (state.ok) {
        const untouched = probing?.isUntouched() ?? true
        return {
          child,
          confinement: probing && confinementOf(state.ready, { pid: child.pid!, untouched, tools }),
        }
      }
      last = startFailure(state.end)
    }
    throw new ChildStartFailed((this.#options.ops[0] ?? 'look') as ProcessKind, last)
  }
}

function startFailure(end: ChildEnd): string {
  const how = end.signal ? `signal ${end.signal}` : `exit code ${end.code}`
  return lastWords(`${how} before it was ready`, end.printed.join('\n'))
}

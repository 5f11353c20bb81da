/** Answers for targets inside a container that no secret opens: without one, each would look like a decoder that gave no answer. */
import { notDone, type StageResult } from '../../contracts/stage.ts'
import type { OpenPart } from '../../wire/open-part.ts'

type Emit = (part: OpenPart, bytes: Buffer) => void

const NOTHING = Buffer.alloc(0)

export class ClosedTargets {
  readonly #targets: readonly string[]
  readonly #emit: Emit
  readonly #answered = new Set<string>()

  constructor(targets: readonly string[], emit: Emit) {
    this.#targets = targets
    this.#emit = emit
  }

  readonly emit: Emit = (part, bytes) => {
    if (part.type !== 'member' && part.type !== 'piece') this.#answered.add(part.target)
    this.#emit(part, bytes)
  }

  /** @param result of the container at `suffix`; anything but `encrypted` closes nothing */
  below(suffix: string, result: StageResult): void {
    if (isEncrypted(result)) this.#close((target) => target.startsWith(`${suffix}\0`))
  }

  /** @param content of the member at `suffix`, or why it has none */
  from(suffix: string, content: unknown): void {
    if (isEncrypted(content)) this.#close((target) => target === suffix || target.startsWith(`${suffix}\0`))
  }

  #close(is: (target: string) => boolean): void {
    for (const target of this.#targets)
      if (is(target) && !this.#answered.has(target))
        this.emit(
          {
            ...{ type: 'opened', target, result: notDone('encrypted') },
            ...{ members: 0, appendedAt: null, lock: null },
          },
          NOTHING,
        )
  }
}

function isEncrypted(result: unknown): boolean {
  const { result: outcome, reason } = (result ?? {}) as Partial<{ result: string; reason: string }>
  return outcome === 'not-done' && reason === 'encrypted'
}

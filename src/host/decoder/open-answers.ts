/** The pieces of one answer of `open`, gathered by target. */
import type { EvidencePath } from '../../contracts/entry.ts'
import type { StageResult } from '../../contracts/stage.ts'
import type { BudgetLimits, OpenPart } from '../../wire/open.ts'
import { checkedMember, type Derived } from './checked-member.ts'
import { checkedResult, ImplausibleReply } from './checked-reply.ts'

export interface Target {
  readonly path: EvidencePath
  readonly budget: BudgetLimits
}

export interface Opened {
  readonly target: Target
  readonly members: readonly Derived[]
  readonly result: StageResult
  /** Where in the target an archive begins that was appended to it. */
  readonly appendedAt?: number
}

/** Collects the pieces of one attempt. */
export class Answers {
  readonly #targets: ReadonlyMap<string, Target>
  readonly #band: number
  readonly #members = new Map<string, Derived[]>()
  readonly #opened = new Map<string, Opened>()

  constructor(targets: ReadonlyMap<string, Target>, band: number) {
    this.#targets = targets
    this.#band = band
  }

  /** @throws ImplausibleReply */
  take(header: unknown): void {
    const part = header as OpenPart | null
    const target = part && this.#targets.get(part.target)
    if (!target || part.type === 'bytes' || this.#opened.has(part.target))
      throw new ImplausibleReply('a target that nobody asked for')
    const members = this.#members.get(part.target) ?? []
    this.#members.set(part.target, members)
    if (part.type === 'opened')
      this.#opened.set(part.target, {
        target,
        members,
        result: checkedResult(part.result),
        ...(Number.isSafeInteger(part.appendedAt) && { appendedAt: part.appendedAt! }),
      })
    else if (members.length >= target.budget.entries)
      throw new ImplausibleReply('more members than it may have')
    else members.push(checkedMember(target.path, part, this.#band))
  }

  get memberCount(): number {
    return [...this.#members.values()].reduce((sum, members) => sum + members.length, 0)
  }

  has(target: Target): boolean {
    return [...this.#opened.values()].some((opened) => opened.target === target)
  }

  all(): Opened[] {
    return [...this.#opened.values()]
  }
}

/** The pieces of one answer of `open`, gathered by target. */
import type { EvidencePath } from '../../contracts/entry.ts'
import type { FileLockTried } from '../../contracts/file-lock.ts'
import type { SecretKind } from '../../contracts/lock.ts'
import type { StageResult } from '../../contracts/stage.ts'
import { ImplausibleReply } from '../../wire/implausible.ts'
import { type BudgetLimits, RATIO_FREE_BYTES } from '../../wire/open.ts'
import type { MemberPart, OpenedPart, OpenPart } from '../../wire/open-part.ts'
import { type Derived, derivedOf } from './derived-member.ts'

export interface Target {
  readonly path: EvidencePath
  readonly budget: BudgetLimits
  /** Size of the packed container, in bytes. */
  readonly packedBytes: number
}

export interface Opened {
  readonly target: Target
  readonly members: readonly Derived[]
  readonly result: StageResult
  /** Offset in the target at which an appended archive begins. */
  readonly appendedAt?: number
  /** Secrets that were tried on it. */
  readonly lock?: FileLockTried
}

/** Collects the pieces of one attempt. */
export class Answers {
  readonly #targets: ReadonlyMap<string, Target>
  readonly #band: number
  readonly #sent: ReadonlyMap<number, SecretKind>
  readonly #members = new Map<string, Derived[]>()
  readonly #opened = new Map<string, Opened>()
  /** Unpacked bytes that the child reported for each target. */
  readonly #bytes = new Map<string, number>()
  /** Names in targets whose members are still arriving. */
  readonly #names = new Map<string, Set<string>>()

  /** @param sent kinds of the secrets that the child was sent, by number */
  constructor(
    targets: ReadonlyMap<string, Target>,
    band: number,
    sent: ReadonlyMap<number, SecretKind> = new Map(),
  ) {
    this.#targets = targets
    this.#band = band
    this.#sent = sent
  }

  /** @throws ImplausibleReply */
  take(part: OpenPart): void {
    const target = this.#targets.get(part.target)
    if (!target || this.#opened.has(part.target)) throw new ImplausibleReply('a target that nobody asked for')
    const members = this.#members.get(part.target) ?? []
    this.#members.set(part.target, members)
    if (part.type === 'opened') {
      const { result, appendedAt, lock } = part
      const appended = appendedAt === null ? {} : { appendedAt }
      this.#opened.set(part.target, {
        target,
        members,
        result,
        ...appended,
        ...(lock && { lock: this.#sentLock(lock) }),
      })
      this.#names.delete(part.target)
      return
    }
    if (part.type !== 'member') throw new ImplausibleReply('bytes that nobody asked for')
    if (members.length >= target.budget.entries) throw new ImplausibleReply('more members than it may have')
    this.#requireNew(part)
    this.#requireBounded(target, part)
    members.push(derivedOf(target.path, part, this.#band))
  }

  #sentLock(lock: NonNullable<OpenedPart['lock']>): FileLockTried {
    const { secret, tried } = lock
    const kinds = [...tried, ...(secret === null ? [] : [secret])].map((number) => this.#sent.get(number))
    if (kinds.includes(undefined)) throw new ImplausibleReply('a secret that it was not sent')
    return { ...lock, by: secret === null ? null : this.#sent.get(secret)! }
  }

  /** A decoder keeps to these bounds while it unpacks. One that exceeds them was taken over. */
  #requireBounded({ budget, packedBytes }: Target, { target, digests, sizeBytes }: MemberPart): void {
    if (digests === null) return
    const bytes = (this.#bytes.get(target) ?? 0) + Number(sizeBytes)
    this.#bytes.set(target, bytes)
    const unfolded = Math.min(budget.bytes, Math.max(packedBytes * budget.ratio, RATIO_FREE_BYTES))
    // Bytes that a decoder cuts out of the container unchanged were not unpacked, and do not exceed the container.
    if (bytes > unfolded + packedBytes)
      throw new ImplausibleReply('more bytes than this container may unfold into')
  }

  /** The ledger has each path once: an extractor makes equal names distinct itself. */
  #requireNew({ target, kind, name }: MemberPart): void {
    const names = this.#names.get(target) ?? new Set()
    this.#names.set(target, names)
    const one = `${kind}:${name}`
    if (names.has(one)) throw new ImplausibleReply('a member for a second time')
    names.add(one)
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

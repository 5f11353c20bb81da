/**
 * Reused analyses (`--share-looks`): models do not analyse a near-exact copy of an analysed picture without findings.
 *
 * The choice of the donor must not depend on which child finishes first, or on a crash. So all candidates begin, decide
 * and are recorded in queue order. A picture decides when each earlier picture has reported its hash, and each possible
 * original has been analysed. The first of them is the donor. A crash leaves the beginning of that order recorded.
 */
import {
  bitsBetween,
  isDistinctive,
  isNearExact,
  isOneShape,
  mayLend,
  questionOf,
} from '../classify/shared-look.ts'
import { THRESHOLDS } from '../classify/thresholds.ts'
import type { Finding } from '../contracts/finding.ts'
import type { Session } from '../contracts/session.ts'
import type { LookQuestion } from '../wire/look-reply.ts'

export interface Lender {
  /** Lower-case hex. */
  readonly sha256: string
  readonly question: LookQuestion
}

export interface Lent {
  /** SHA-256 of the donor: the picture whose analysis is reused. */
  readonly sha256: string
  readonly bits: number
}

/** Position of one content in the queue, from its start until it is recorded. */
export interface Turn {
  /** Resolves when each earlier content has a child. Otherwise a content could wait for one that gets no child. */
  readonly mayBeHanded: () => Promise<void>
  readonly handed: () => void
  /** @param question null: the content does not take part and delays no other. @returns null: analyse the content */
  readonly lentTo: (question: LookQuestion | null) => Promise<Lent | null>
  /** Resolves when each earlier content was recorded. */
  readonly ended: (findings: readonly Finding[]) => Promise<void>
  /** Called after the content was recorded. */
  readonly over: () => void
}

interface TurnState {
  readonly sha256: string
  isHanded: boolean
  hasEnded: boolean
  /** Undefined: not reported yet. */
  question: LookQuestion | null | undefined
  lends: boolean
}

export class LentLooks {
  readonly #lenders = new Lenders()
  /** Active turns in queue order; all earlier turns are over. */
  readonly #turns = new Set<TurnState>()
  #waiting: { readonly isTime: () => boolean; readonly resolve: () => void }[] = []

  /** @param before donors that an interrupted run recorded, in the order of recording */
  constructor(before: Iterable<Lender>) {
    for (const lender of before) this.#lenders.add(lender)
  }

  /** Call in queue order. */
  begin(sha256: string): Turn {
    const turn: TurnState = { sha256, isHanded: false, hasEnded: false, question: undefined, lends: false }
    this.#turns.add(turn)
    const each = (isSo: (other: TurnState) => boolean) => () => this.#before(turn).every(isSo)
    return {
      mayBeHanded: () => this.#until(each((other) => other.isHanded)),
      handed: () => this.#change(turn, { isHanded: true }),
      lentTo: async (question) => {
        this.#change(turn, { question })
        if (question === null || !isDistinctive(question)) return null
        await this.#until(each((other) => other.question !== undefined))
        const isCopy = (other: TurnState) => other.question != null && isNearExact(other.question, question)
        await this.#until(each((other) => other.hasEnded || !isCopy(other)))
        return (
          this.#lenders.first(question) ??
          lentBy(
            this.#before(turn).find((other) => other.lends && isCopy(other)),
            question,
          )
        )
      },
      ended: (findings) => {
        const { question = null } = turn
        const lends = question !== null && isDistinctive(question) && mayLend(findings)
        this.#change(turn, { question, lends, isHanded: true, hasEnded: true })
        return this.#until(() => this.#before(turn).length === 0)
      },
      over: () => {
        if (turn.lends) this.#lenders.add({ sha256, question: turn.question! })
        this.#turns.delete(turn)
        this.#change(turn, {})
      },
    }
  }

  #before(turn: TurnState): TurnState[] {
    const all = [...this.#turns]
    return all.slice(0, all.indexOf(turn))
  }

  #change(turn: TurnState, change: Partial<TurnState>): void {
    Object.assign(turn, change)
    const due = this.#waiting.filter(({ isTime }) => isTime())
    this.#waiting = this.#waiting.filter((one) => !due.includes(one))
    for (const { resolve } of due) resolve()
  }

  #until(isTime: () => boolean): Promise<void> {
    if (isTime()) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push({ isTime, resolve }))
  }
}

function lentBy(lender: TurnState | undefined, question: LookQuestion): Lent | null {
  if (!lender) return null
  return { sha256: lender.sha256, bits: bitsBetween(hashOf(lender.question!), hashOf(question)) }
}

/** Donors of an interrupted run. */
export function* lendersOf(session: Pick<Session, 'lookedAtPictures'>): Generator<Lender> {
  for (const { sha256, findings } of session.lookedAtPictures()) {
    const question = questionOf(findings)
    if (question !== null && isDistinctive(question) && mayLend(findings)) yield { sha256, question }
  }
}

const HASH = 32
/** Hash, SHA-256, width, height, orientation. */
const ROW = HASH + 32 + 4 + 4 + 1

/** Donors that are recorded, one packed row each: a phone contains many pictures. */
class Lenders {
  #rows = Buffer.alloc(ROW * 64)
  #count = 0

  add({ sha256, question }: Lender): void {
    const at = this.#count++ * ROW
    if (at + ROW > this.#rows.length)
      this.#rows = Buffer.concat([this.#rows, Buffer.alloc(this.#rows.length)])
    this.#rows.write(question.hex, at, 'hex')
    this.#rows.write(sha256, at + HASH, 'hex')
    this.#rows.writeUInt32LE(question.width, at + 64)
    this.#rows.writeUInt32LE(question.height, at + 68)
    this.#rows.writeUInt8(question.orientation, at + 72)
  }

  first(question: LookQuestion): Lent | null {
    const hash = hashOf(question)
    const rows = this.#rows
    for (let at = 0; at < this.#count * ROW; at += ROW) {
      // Fast path: most hashes already differ too much in the first eight bytes.
      if (bitsBetween(hash.subarray(0, 8), rows.subarray(at, at + 8)) > THRESHOLDS.sharing.bits) continue
      const bits = bitsBetween(hash, rows.subarray(at, at + HASH))
      const shape = {
        width: rows.readUInt32LE(at + 64),
        height: rows.readUInt32LE(at + 68),
        orientation: rows.readUInt8(at + 72),
      }
      if (bits <= THRESHOLDS.sharing.bits && isOneShape(shape, question))
        return { sha256: rows.toString('hex', at + HASH, at + 64), bits }
    }
    return null
  }
}

function hashOf({ hex }: LookQuestion): Buffer {
  return Buffer.from(hex, 'hex')
}

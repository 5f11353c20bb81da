/**
 * Pictures share a look (`--share-looks`): a near-exact copy of one that was looked at, and in which nothing was found, is
 * not looked at by models again.
 *
 * Whose look is shared must not depend on who finishes first, nor on a crash. So those that take part begin, decide and are
 * recorded in one order, that of the queue: a picture decides when each before it has said what it is and each of those that it
 * may be a copy of has been looked at; the first of them lends. What a crash leaves recorded is the beginning of that order.
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
import type { Session } from '../contracts/ledger.ts'
import type { LookQuestion } from '../wire/look-reply.ts'

export interface Lender {
  /** Lower-case hex. */
  readonly sha256: string
  readonly question: LookQuestion
}

export interface Lent {
  /** Of the picture whose look is shared. */
  readonly sha256: string
  readonly bits: number
}

/** One content on its way, from when it is begun until it is recorded. */
export interface Turn {
  /** Resolves when each before it was handed to a child: none may wait for one that no child is left for. */
  readonly mayBeHanded: () => Promise<void>
  readonly handed: () => void
  /** @param question null: it takes no part, and holds up nobody. @returns null: it is to be looked at */
  readonly lentTo: (question: LookQuestion | null) => Promise<Lent | null>
  /** Resolves when each before it was recorded. */
  readonly ended: (findings: readonly Finding[]) => Promise<void>
  /** It was recorded. */
  readonly over: () => void
}

interface TurnState {
  readonly sha256: string
  isHanded: boolean
  hasEnded: boolean
  /** Undefined: it has not said yet. */
  question: LookQuestion | null | undefined
  lends: boolean
}

export class LentLooks {
  readonly #lenders = new Lenders()
  /** In their order; those before them are over. */
  readonly #turns = new Set<TurnState>()
  #waiting: { readonly isTime: () => boolean; readonly resolve: () => void }[] = []

  /** @param before what an interrupted run recorded, in the order in which it did */
  constructor(before: Iterable<Lender>) {
    for (const lender of before) this.#lenders.add(lender)
  }

  /** To be called in the order of the queue. */
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

/** Those of an interrupted run. */
export function* lendersOf(session: Pick<Session, 'lookedAtPictures'>): Generator<Lender> {
  for (const { sha256, findings } of session.lookedAtPictures()) {
    const question = questionOf(findings)
    if (question !== null && isDistinctive(question) && mayLend(findings)) yield { sha256, question }
  }
}

const HASH = 32
/** Hash, SHA-256, width, height, orientation. */
const ROW = HASH + 32 + 4 + 4 + 1

/** Those that are over, a row each: a phone holds many. */
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
      // Most differ by more in the first eight bytes already.
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

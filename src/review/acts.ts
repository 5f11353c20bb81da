/**
 * Acts of a person in a review: deciding, withdrawing, settling, asking for a second pass, and undoing the last act.
 * Each act is one transaction.
 */
import { type Level, rankOf } from '../contracts/sight.ts'
import { type NewDecision, type RecordedDecision, recordDecisions } from '../ledger/custody/decisions.ts'
import { NEEDS_EYES } from './decided.ts'
import { checkCategory, settledBy } from './deciding.ts'
import { PageRefusal } from './page-refusal.ts'
import type { DecideAsked, Decided, Target } from './said.ts'
import type { ReviewSession } from './session.ts'
import { contentsIn } from './views.ts'

/** Limit for one act; a larger set is split into several views. */
const MOST_DECIDED = 100_000

interface Act {
  readonly numbers: readonly number[]
  readonly before: readonly (RecordedDecision | null)[]
}

export class Acts {
  readonly #session: ReviewSession
  readonly #needs: Level | null
  readonly #done: Act[] = []

  /** @param needs lowest level at which a decision of this pass is made; null: any, also without sight */
  constructor(session: ReviewSession, needs: Level | null = null) {
    this.#session = session
    this.#needs = needs
  }

  /**
   * @throws UsageError when the decision is not allowed, CustodyUnavailable when it cannot be logged: no decision is
   * then recorded
   */
  decide({ act, category, note, of }: DecideAsked): Decided {
    this.#session.catchUp()
    const { decided, catalogue } = this.#session
    const { scale, operator, pass } = this.#session.asked
    if (act !== 'withdrawn') checkCategory(category, scale)
    if ((act === 'adjudicated') !== (pass === 'adjudicate') && act !== 'withdrawn')
      throw new PageRefusal('refused-settled-elsewhere')
    const numbers = this.#targets(of)
    this.#requireAlone(numbers)
    if (act !== 'withdrawn') this.#requireSight(numbers)
    const decisions = numbers.flatMap((number): NewDecision[] => {
      if (act === 'withdrawn') {
        if (decided.mine(number) === null) return []
        return [this.#decision(number, act, null, note)]
      }
      const asked = { scale: scale.id, note }
      const settles =
        act === 'adjudicated'
          ? settledBy(decided.made(number), asked, operator, catalogue.sha256(number))
          : []
      return [{ ...this.#decision(number, act, category, note), of: settles }]
    })
    return this.#record(decisions, numbers, true)
  }

  /** Undoes the last act of this session: the decisions before it stand again. @throws UsageError when there is none */
  undo(): Decided {
    this.#session.catchUp()
    const act = this.#done.at(-1)
    if (!act) throw new PageRefusal('refused-no-undo')
    const decisions = act.numbers.flatMap((number, i): NewDecision[] => {
      const before = act.before[i] ?? null
      if (before !== null)
        return [{ ...this.#decision(number, before.act, before.category, before.note), of: before.of }]
      const isMine = this.#session.decided.mine(number) !== null
      return isMine ? [this.#decision(number, 'withdrawn', null, 'undone')] : []
    })
    // Where it cannot be logged, the next try is for the same act.
    const undone = decisions.length === 0 ? null : this.#record(decisions, act.numbers, false)
    this.#done.pop()
    if (undone === null) throw new PageRefusal('refused-none-yours')
    return undone
  }

  needsEyes(of: Target): Decided {
    this.#session.catchUp()
    const { catalogue, log, asked } = this.#session
    const numbers = this.#targets(of)
    log.append(
      numbers.map((number) => ({
        event: NEEDS_EYES,
        detail: { sha256: catalogue.sha256(number), scale: asked.scale.id, session: log.id },
      })),
    )
    return this.#said(numbers.length)
  }

  /** Of a lease: somebody may have graded it in a review on one ledger. */
  #requireAlone(numbers: readonly number[]): void {
    const { asked, decided } = this.#session
    if (asked.isAlone !== true || asked.pass !== 'first') return
    const isOthers = ({ operator }: RecordedDecision) => operator !== asked.operator
    const met = numbers.filter((number) => decided.standing(number).some(isOthers)).length
    if (met > 0) throw new PageRefusal('refused-others-graded', { n: met, of: numbers.length })
  }

  #requireSight(numbers: readonly number[]): void {
    const needs = this.#needs
    if (needs === null) return
    const { seenLevels } = this.#session
    const without = numbers.filter((number) => {
      const seen = seenLevels.of(number)
      return seen === null || rankOf(seen.level) < rankOf(needs)
    })
    if (without.length > 0)
      throw new PageRefusal('refused-unseen', { needs, n: without.length, of: numbers.length })
  }

  /** Puts a tag on all of them, or takes it away where all have it. */
  tag(of: Target, tag: string): { readonly tagged: number; readonly isOn: boolean } {
    this.#session.catchUp()
    const { catalogue, log, tags } = this.#session
    const contents = this.#targets(of).map((number) => catalogue.sha256(number))
    const isOn = !contents.every((sha256) => tags.of(sha256).includes(tag))
    log.log(isOn ? 'tagged' : 'untagged', { tag, contents: contents.join(' ') })
    this.#session.catchUp()
    return { tagged: contents.length, isOn }
  }

  /** Puts all of them into the queue of rescue, or takes them out, for a reason. */
  rescue(of: Target, isIn: boolean, why: string): { readonly moved: number } {
    this.#session.catchUp()
    const { catalogue, log } = this.#session
    const contents = this.#targets(of).map((number) => catalogue.sha256(number))
    log.log(isIn ? 'rescue-put' : 'rescue-taken', { why, contents: contents.join(' ') })
    this.#session.catchUp()
    return { moved: contents.length }
  }

  note(of: Target, text: string): { readonly noted: number } {
    this.#session.catchUp()
    const { catalogue, log } = this.#session
    const contents = this.#targets(of).map((number) => catalogue.sha256(number))
    log.log('noted', { text, contents: contents.join(' ') })
    this.#session.catchUp()
    return { noted: contents.length }
  }

  /** @throws PageRefusal when their number differs from the number that the person was shown */
  #targets(of: Target): readonly number[] {
    const numbers = this.#named(of)
    if (numbers.length !== of.count)
      throw new PageRefusal('refused-changed', { n: numbers.length, told: of.count })
    if (numbers.length === 0) throw new PageRefusal('refused-nothing')
    if (numbers.length > MOST_DECIDED)
      throw new PageRefusal('refused-many', { most: MOST_DECIDED, n: numbers.length })
    return numbers
  }

  #named(of: Target): readonly number[] {
    const session = this.#session
    if ('contents' in of) return [...new Set(of.contents.map((sha256) => session.numberOf(sha256)))]
    if ('stackOf' in of) return session.stackOf(session.numberOf(of.stackOf))
    return contentsIn(session.viewCalled(of.view))
  }

  #decision(number: number, act: NewDecision['act'], category: string | null, note: string): NewDecision {
    const { asked, catalogue, log, seenLevels } = this.#session
    const seen = seenLevels.of(number)
    return {
      kind: 'decision',
      sha256: catalogue.sha256(number),
      scale: asked.scale.id,
      act,
      category,
      note,
      pass: asked.pass,
      session: log.id,
      seen: seen?.level ?? 'none',
      seenMs: seen?.shownMs ?? 0,
    }
  }

  #record(decisions: readonly NewDecision[], numbers: readonly number[], canBeUndone: boolean): Decided {
    if (decisions.length === 0) throw new PageRefusal('refused-none-yours')
    const { decided, log, asked } = this.#session
    const before = numbers.map((number) => decided.mine(number))
    const events = recordDecisions(log.ledger, decisions, asked)
    asked.onHead(events.at(-1)!.head)
    asked.ofCase?.onDecided()
    if (canBeUndone) this.#done.push({ numbers, before })
    const shown = canBeUndone ? decisions.filter(({ act }) => act !== 'withdrawn') : []
    return { ...this.#said(decisions.length), unseen: this.#unseen(shown) }
  }

  /** Number of the new decisions that rest on the list alone, or on nothing that the person saw. */
  #unseen(made: readonly NewDecision[]): Decided['unseen'] {
    const { catalogue, decided, db } = this.#session
    const listed = db.prepare<[number]>("SELECT 1 FROM hit WHERE content = +? AND meaning <> 'known' LIMIT 1")
    const unseen = made
      .map(({ sha256 }) => catalogue.numberOf(sha256)!)
      .filter((number) => decided.mine(number)?.seen === 'nothing')
    const list = unseen.filter((number) => listed.get(catalogue.ids[number]!) !== undefined).length
    return { list, unseen: unseen.length - list }
  }

  #said(count: number): Decided {
    this.#session.catchUp()
    this.#session.countDecided(count)
    return { decided: count, unseen: { list: 0, unseen: 0 }, progress: this.#session.progress() }
  }
}

/**
 * Reveals: a view of original pixels for a stated reason. The custody log records it before any pixel is made. A
 * reveal that cannot be logged is not shown; a reveal without a recorded end counts with its full time.
 */
import { SeizedError, UsageError } from '../base/errors.ts'
import type { RevealFact } from '../contracts/custody.ts'
import type { EvidencePath } from '../contracts/entry.ts'
import type { JobPool } from '../host/decoder/job-pool.ts'
import { revealPixels } from '../host/decoder/reveal-request.ts'
import type { ContentReaders } from '../host/reader/content-readers.ts'
import { levelOfReveal } from '../ledger/custody/screens.ts'
import type { SeenSoFar } from '../ledger/custody/sights-so-far.ts'
import { crashPoint } from '../ledger/write/crash-hook.ts'
import { lookOf } from '../media-types/applies.ts'
import { readAgain } from './exhibit-contents.ts'
import { type DayLimits, type DaySoFar, type LimitState, stateOf } from './limits.ts'
import { listedAt } from './listed-at.ts'
import { PageRefusal, type RefusalWord } from './page-refusal.ts'
import { placesAtHand } from './places-at-hand.ts'
import { revealAnswer } from './reveal-answer.ts'
import { FRAMES, isVideo, revealHeader } from './reveal-header.ts'
import type { Progress } from './said.ts'
import type { RevealAsked } from './said-reveal.ts'
import type { SeenToday } from './seen-today.ts'
import type { ReviewSession } from './session.ts'

export interface RevealParts {
  readonly exhibit: {
    readonly openers: JobPool
    /** Readers for one content: they end with it, and free their memory of it. */
    readonly startReaders: () => ContentReaders
  }
  readonly decoders: JobPool
  readonly limits: DayLimits
  /** Exposure of this person, over all ledgers that count. */
  readonly seen: SeenToday
  /** A reveal is hidden after this time. */
  readonly mostMs: number
}

/** Extra time for the page to report that it hid a reveal. */
const GRACE_MS = 2000

interface Current {
  readonly number: number
  readonly fact: RevealFact
  /** Null while pixels are still being made. */
  sentMs: number | null
  pictures: number
  timer: NodeJS.Timeout | null
}

export class Reveals {
  readonly #session: ReviewSession
  readonly #parts: RevealParts
  #current: Current | null = null
  #made = 0
  #pictures = 0
  #shownMs = 0

  constructor(session: ReviewSession, parts: RevealParts) {
    this.#session = session
    this.#parts = parts
    session.seenLevels.now.push((number) => this.#seenNow(number))
  }

  get mostMs(): number {
    return this.#parts.mostMs
  }

  get day(): DaySoFar {
    return this.#parts.seen.soFar()
  }

  get state(): LimitState {
    return stateOf(this.day, this.#parts.limits)
  }

  /** Figures for the page. */
  get seen(): Pick<Progress, 'pictures' | 'seconds' | 'limit'> {
    const { pictures, shownMs } = this.day
    const { limits } = this.#parts
    return {
      pictures: { shown: pictures, most: limits.pictures },
      seconds: {
        shown: Math.round(shownMs / 1000),
        most: limits.shownMs === null ? null : limits.shownMs / 1000,
      },
      limit: this.state,
    }
  }

  /** Totals of the session, for the log. */
  get totals(): Readonly<Record<string, string>> {
    return { reveals: String(this.#made), pictures: String(this.#pictures), shownMs: String(this.#shownMs) }
  }

  /**
   * The sender overwrites the answer after use: see `revealAnswer`.
   * @throws UsageError with the reason why nothing is shown
   */
  async ask({ sha256, reason, words, colour, blur }: RevealAsked): Promise<Buffer> {
    const session = this.#session
    session.catchUp()
    const number = session.numberOf(sha256)
    const treatment = [colour ? 'colour' : 'grey', ...(blur > 0 ? [`blur-${blur}`] : [])].join(' ')
    const fact = {
      kind: 'reveal',
      sha256,
      reason,
      treatment,
      part: null,
      shownMs: null,
      session: session.log.id,
    } as const
    const typed = words === '' ? {} : { words }
    const refuse = (why: string, word: RefusalWord, params = {}): never => {
      session.log.log('reveal-refused', { why, ...typed }, { ...fact, act: 'refused', asked: null })
      throw new PageRefusal(word, params)
    }
    if (this.#current !== null) refuse('another', 'refused-another')
    if (session.asked.pass === 'first') refuse('pass', 'refused-first-pass')
    if (session.asked.mayReveal?.() === false) refuse('role', 'refused-role')
    // A log that was removed would give a person another day.
    const uncounted = this.#recount()
    if (uncounted !== null) refuse('uncounted', 'refused-uncounted', { why: uncounted })
    if (this.state === 'reached') refuse('limit', 'refused-limit')
    const [first] = session.lookup.placesOf(session.catalogue.ids[number]!)
    const [{ mediaType }, { limits }] = [session.facts.view(first!).content!, session.ledger.plan]
    // An impossible reveal is refused before logging: the log would otherwise announce pixels.
    const header = revealHeader(mediaType, { colour, blur }, limits.pixels)
    if (lookOf(mediaType) === null) refuse('not-a-picture', 'refused-no-look')
    // Set before the first wait.
    const current: Current = {
      number: 0,
      fact: { ...fact, act: 'asked', asked: null },
      sentMs: null,
      pictures: 0,
      timer: null,
    }
    this.#current = current
    let logged: number | null = null
    try {
      const { exhibit, decoders, mostMs } = this.#parts
      const { openers } = exhibit
      const readers = exhibit.startReaders()
      const parts = { readers, openers, limits, listedAt: (path: EvidencePath) => listedAt(session, path) }
      const read = await readAgain(parts, placesAtHand(session, number)).finally(() => readers.close())
      if (this.#current !== current) {
        if ('bytes' in read) read.bytes.fill(0)
        throw new UsageError('The review has ended.')
      }
      if ('refused' in read)
        return refuse(read.refused, read.refused === 'differs' ? 'refused-differs' : 'refused-unread')
      session.catchUp()
      const event = session.log.log(
        'reveal-asked',
        { mostMs: String(mostMs), pictures: String(isVideo(mediaType) ? FRAMES : 1), ...typed },
        current.fact,
      )
      logged = event.number
      crashPoint('reveal:before-pixels')
      const made = await revealPixels(decoders, header, read.bytes, sha256).finally(() => read.bytes.fill(0))
      if (!made.shown) {
        session.log.log('reveal-refused', { why: made.reason }, { ...fact, act: 'refused', asked: logged })
        logged = null
        throw new PageRefusal('refused-undecoded', { why: made.reason })
      }
      const { case: of } = session.ledger
      const mark = `${of.caseId} ${of.exhibitId} ${session.asked.operator} ${event.utc.slice(0, 19)}Z #${event.number}`
      const answer = revealAnswer({ number: event.number, mostMs }, made, mark)
      if (this.#current !== current) {
        answer.fill(0)
        throw new UsageError('The review has ended.')
      }
      this.#made++
      this.#pictures += made.frames.length
      this.#current = {
        ...current,
        number: event.number,
        sentMs: performance.now(),
        pictures: made.frames.length,
        timer: null,
      }
      this.#current.timer = setTimeout(() => this.#lose(), mostMs + GRACE_MS)
      logged = null
      return answer
    } finally {
      if (this.#current === current) this.#current = null
      // Logged, and then an error occurred: no pixels left this program.
      if (logged !== null)
        session.log.log('reveal-refused', { why: 'failed' }, { ...fact, act: 'refused', asked: logged })
    }
  }

  /** What is on the screen now counts for a decision that is made meanwhile. */
  #seenNow(number: number): SeenSoFar | null {
    const current = this.#current
    if (current?.sentMs == null || current.fact.sha256 !== this.#session.catalogue.sha256(number)) return null
    return {
      level: levelOfReveal(current.fact.treatment) ?? 'grey',
      shownMs: performance.now() - current.sentMs,
    }
  }

  /** Reviews of other ledgers continue meanwhile. @returns why counting failed; null when it succeeded */
  #recount(): string | null {
    try {
      this.#parts.seen.refresh()
      return null
    } catch (error) {
      if (!(error instanceof SeizedError)) throw error
      return error.message
    }
  }

  /**
   * Called when the page hid the reveal, or did not report in time. Without a reveal it does nothing. @param by code
   * @param number of its event, where the message may be late and another is on the screen by now; null: of any
   */
  hide(by: string, number: number | null = null): void {
    const current = this.#current
    if (number !== null && current?.number !== number) return
    this.#current = null
    if (current?.sentMs == null) return
    if (current.timer) clearTimeout(current.timer)
    const { mostMs } = this.#parts
    const shownMs = by === 'lost' ? mostMs : Math.min(mostMs, Math.round(performance.now() - current.sentMs))
    this.#shownMs += shownMs
    this.#session.log.log(
      'reveal-shown',
      { by, pictures: String(current.pictures) },
      { ...current.fact, act: 'shown', asked: current.number, shownMs },
    )
    this.#recount()
  }

  /** If even that cannot be logged, the full time counts, and the next act is refused: the log cannot be used. */
  #lose(): void {
    try {
      this.hide('lost')
    } catch (error) {
      if (!(error instanceof SeizedError)) throw error
    }
  }
}

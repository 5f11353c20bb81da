/**
 * Screens of tiles at a level of sight. The custody log holds level, contents and order before the first pixel is sent, and
 * the seconds of each tile when it has left the screen. A tile that cannot be logged is not shown.
 */
import { UsageError } from '../base/errors.ts'
import { lower, type ScreenLevel, type Treatment } from '../contracts/sight.ts'
import { detailOfAsked, detailOfShown, type ScreenShown } from '../ledger/custody/screens.ts'
import { crashPoint } from '../ledger/write/crash-hook.ts'
import { InSight } from './in-sight.ts'
import type { DayOfLevels } from './level-limits.ts'
import { PageRefusal } from './page-refusal.ts'
import type { ReviewEvent } from './review-log.ts'
import type { LiftAsked, ScreenAsked } from './said.ts'
import type { ReviewSession } from './session.ts'
import { liftedLevel, type SightRule, type SightRules, screenLevel } from './sight-rules.ts'
import { kindOf, type Pieces, piecesOf, type Wanted } from './tile-pieces.ts'
import { FRAMES_OF, type TileSource } from './tile-source.ts'
import { type PreviewCells, previewOf } from './tiles.ts'

export interface ScreenParts {
  /** Null: neither the exhibit nor kept previews are at hand, and there are cells only. */
  readonly pixels: TileSource | null
  readonly rules: SightRules
  readonly day: DayOfLevels
}

/** Tiles of a screen. */
const MOST_TILES = 200

export class Screens {
  readonly #session: ReviewSession
  readonly #parts: ScreenParts
  readonly #sight = new InSight()
  /** Of the page: the pieces of a screen end when another one is asked for, or when it has gone. */
  readonly #turn = { tile: 0, lift: 0 }
  readonly #ended = { tile: -1, lift: -1 }
  #tiles = 0
  #shownMs = 0

  constructor(session: ReviewSession, parts: ScreenParts) {
    this.#session = session
    this.#parts = parts
    session.seenLevels.now.push((number) => this.#sight.of(number, performance.now()))
  }

  get hasPixels(): boolean {
    return this.#parts.pixels !== null
  }

  get rules(): SightRules {
    return this.#parts.rules
  }

  /** Totals of the session, for the log. */
  get totals(): Readonly<Record<string, string>> {
    return { tiles: String(this.#tiles), tilesMs: String(Math.round(this.#shownMs)) }
  }

  /** @throws UsageError for a view that is no longer open; CustodyUnavailable: nothing is then shown */
  ask({ view, from, count, need, level, treatment, ahead, turn }: ScreenAsked): Pieces {
    const session = this.#session
    session.catchUp()
    this.#parts.day.refresh()
    const { tiles } = session.viewCalled(view)
    const visible = [...tiles.subarray(from, from + Math.min(count, MOST_TILES))]
    const wanted = new Map(visible.map((number) => [number, this.#tile(number, level, treatment)]))
    const asked = need.flatMap((at) => {
      const number = tiles[at]
      const one = number === undefined ? undefined : wanted.get(number)
      return one ? [one] : []
    })
    const isGone = (role: string, number: number, kind: string) => {
      const stays = wanted.get(number)
      return role === 'tile' && (stays === undefined || kindOf(stays) !== kind)
    }
    // Requests may overtake each other: an older one ends nothing of a newer one.
    if (turn < this.#turn.tile) return this.#pieces([], () => false, [])
    this.#turn.tile = turn
    if (!this.#isCurrent('tile', turn)) return this.#pieces([], () => false, [])
    this.#log(this.#sight.remove(isGone, performance.now(), 'page'), asked, session.orderOf(view))
    const next = [
      ...tiles.subarray(from + visible.length, from + visible.length + Math.min(ahead, MOST_TILES)),
    ]
    return this.#pieces(
      asked,
      () => this.#isCurrent('tile', turn),
      next.map((number) => this.#tile(number, level, treatment)),
    )
  }

  /** One tile one level up, or the frames of a video, until it is let go. */
  lift(wanted: LiftAsked): Pieces {
    const { turn, want } = wanted
    this.#session.catchUp()
    this.#parts.day.refresh()
    if (turn < this.#turn.lift) return this.#pieces([], () => false, [])
    this.#turn.lift = turn
    const asked = this.#lifted(wanted)
    if (asked instanceof UsageError) {
      // What was lifted before has gone all the same.
      this.#end((role) => role === 'lift', 'page')
      throw asked
    }
    if (!this.#isCurrent('lift', turn)) return this.#pieces([], () => false, [])
    const gone = this.#sight.remove((role) => role === 'lift', performance.now(), 'page')
    this.#log(gone, [asked], want)
    return this.#pieces([asked], () => this.#isCurrent('lift', turn), [])
  }

  /** @returns what is lifted, or why nothing is */
  #lifted({ sha256, level, treatment, want }: LiftAsked): Wanted | UsageError {
    const { catalogue } = this.#session
    const number = this.#session.numberOf(sha256)
    const now = this.#tile(number, level, treatment)
    const lifted =
      want === 'tile' ? this.#possible(liftedLevel(this.#ruleOf(number), now.level), number) : now.level
    if (lifted === null || lifted === 'cells' || (want === 'tile' && lifted === now.level))
      return new PageRefusal(this.hasPixels ? 'refused-no-clearer' : 'refused-cells-only')
    if (want !== 'tile' && catalogue.kind(number) !== 'video') return new UsageError('It is no video.')
    return { ...now, level: lifted, want, role: 'lift' }
  }

  /** Cells of one content, in a terminal: what was shown before has gone. @returns null where it has no preview */
  showCells(number: number): PreviewCells | null {
    const one = { ...this.#tile(number, 'cells', 'blur'), level: 'cells' } as const
    const gone = this.#sight.remove((_, other) => other !== number, performance.now(), 'page')
    this.#log(gone, [one], 'terminal')
    this.#sight.sent(one.role, number, performance.now())
    return previewOf(this.#session, number)
  }

  /** The tile that was lifted is back at the level of the screen. @param turn of what was lifted */
  lower(turn: number): void {
    this.#ended.lift = Math.max(this.#ended.lift, turn)
    if (turn >= this.#turn.lift) this.#end((role) => role === 'lift', 'page')
  }

  /** The window was left: nothing is in sight. @param turn of the last screen */
  cover(turn: number): void {
    this.#ended.tile = Math.max(this.#ended.tile, turn)
    if (turn >= this.#turn.tile) this.#end(() => true, 'page')
  }

  /** Nothing is in sight any longer. @param by `page`, or how the session ended */
  hide(by: string): void {
    this.#ended.lift = this.#ended.tile = Number.MAX_SAFE_INTEGER
    this.#end(() => true, by)
  }

  #end(goes: (role: string) => boolean, by: string): void {
    this.#log(this.#sight.remove(goes, performance.now(), by), [], '')
  }

  #isCurrent(role: 'tile' | 'lift', turn: number): boolean {
    return turn === this.#turn[role] && turn > this.#ended[role]
  }

  #ruleOf(number: number): SightRule {
    const { asked, catalogue } = this.#session
    return this.#parts.rules.of[asked.pass][catalogue.isListed(number) ? 'listed' : 'other']
  }

  #tile(number: number, level: ScreenLevel | null, treatment: Treatment): Wanted {
    const allowed = this.#parts.rules.treatments
    return {
      number,
      level: this.#possible(screenLevel(this.#ruleOf(number), level), number) ?? 'cells',
      treatment: allowed.includes(treatment) ? treatment : allowed[0]!,
      want: 'tile',
      role: 'tile',
    }
  }

  /** A level below where the limit of the day is reached; cells where there is no exhibit or no picture. */
  #possible(level: ScreenLevel | null, number: number): ScreenLevel | null {
    if (level === null || level === 'cells') return level
    if (!this.hasPixels || this.#session.catalogue.kind(number) === 'other') return 'cells'
    const { pixels, day } = this.#parts
    const wanted = lower(level, pixels!.mostOf(number))
    if (wanted === 'cells' || day.isAllowed(wanted)) return wanted
    return wanted === 'grey' && day.isAllowed('blurred') ? 'blurred' : 'cells'
  }

  /** One event for each level, and one for each screen that ended, in one transaction. */
  #log(ended: readonly ScreenShown[], asked: readonly Wanted[], order: string): void {
    const session = this.#session
    const { catalogue, log } = session
    const groups = new Map<string, Wanted[]>()
    for (const one of asked) {
      if (this.#sight.eventOf(one.role, one.number, kindOf(one)) !== null) continue
      // A content without a preview has no cells: nothing is shown, and nothing is logged.
      if (one.level === 'cells' && previewOf(session, one.number) === null) continue
      const group = groups.get(kindOf(one))
      if (group) group.push(one)
      else groups.set(kindOf(one), [one])
    }
    const events: ReviewEvent[] = ended.map((one) => {
      const sent = one.shownMs.filter((ms) => ms !== null)
      this.#tiles += sent.length
      this.#shownMs += sent.reduce((sum, ms) => sum + ms, 0)
      return { event: 'screen-shown', detail: { session: log.id, ...detailOfShown(one) } }
    })
    for (const group of groups.values()) {
      const [{ level, treatment, want }] = group as [Wanted]
      const detail = detailOfAsked({
        level,
        treatment: level === 'blurred' ? treatment : null,
        order,
        contents: group.map(({ number }) => catalogue.sha256Bytes(number)),
        frames: FRAMES_OF[want],
      })
      events.push({ event: 'screen-asked', detail: { session: log.id, ...detail } })
    }
    if (events.length === 0) return
    const made = log.append(events).slice(ended.length)
    for (const [i, [kind, group]] of [...groups].entries()) {
      const [{ level, role }] = group as [Wanted]
      const numbers = group.map(({ number }) => number)
      this.#sight.add(made[i]!.number, role, level, kind, numbers)
      crashPoint(`screen:${level}`)
    }
    session.catchUp()
  }

  #pieces(asked: readonly Wanted[], isCurrent: () => boolean, ahead: readonly Wanted[]): Pieces {
    const { pixels } = this.#parts
    return piecesOf(asked, { session: this.#session, pixels, sight: this.#sight, isCurrent, ahead })
  }
}

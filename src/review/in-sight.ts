/**
 * What is in sight of a person now, event by event: each event names the contents of a screen, and ends when the last of
 * them has gone. Pure, so that the times can be checked without a clock.
 */
import type { ScreenLevel } from '../contracts/sight.ts'
import type { ScreenShown } from '../ledger/custody/screens.ts'
import type { SeenSoFar } from '../ledger/custody/sights-so-far.ts'

interface Shown {
  readonly level: ScreenLevel
  readonly kind: string
  readonly contents: readonly number[]
  /** By content: null before its pixels were sent. */
  readonly sinceMs: (number | null)[]
  readonly shownMs: (number | null)[]
  left: number
}

interface Tile {
  readonly event: number
  readonly at: number
}

export class InSight {
  readonly #events = new Map<number, Shown>()
  /** By content and role: a tile of the screen, or the one that is lifted. */
  readonly #tiles = new Map<string, Tile>()

  /** @param event number in the custody log @param kind level and treatment, as one text */
  add(event: number, role: string, level: ScreenLevel, kind: string, contents: readonly number[]): void {
    this.#events.set(event, {
      level,
      kind,
      contents,
      sinceMs: contents.map(() => null),
      shownMs: contents.map(() => null),
      left: contents.length,
    })
    for (const [at, content] of contents.entries()) this.#tiles.set(`${role} ${content}`, { event, at })
  }

  /** Event under which the content is in sight at that kind; null: none. */
  eventOf(role: string, content: number, kind: string): number | null {
    const tile = this.#tiles.get(`${role} ${content}`)
    return tile && this.#events.get(tile.event)!.kind === kind ? tile.event : null
  }

  sent(role: string, content: number, nowMs: number): void {
    const tile = this.#tiles.get(`${role} ${content}`)
    if (tile) this.#events.get(tile.event)!.sinceMs[tile.at] ??= nowMs
  }

  /** @param goes whether a tile leaves @returns the events that ended by it */
  remove(
    goes: (role: string, content: number, kind: string) => boolean,
    nowMs: number,
    by: string,
  ): readonly ScreenShown[] {
    const ended: ScreenShown[] = []
    for (const [key, { event, at }] of [...this.#tiles]) {
      const shown = this.#events.get(event)!
      const role = key.slice(0, key.indexOf(' '))
      if (!goes(role, shown.contents[at]!, shown.kind)) continue
      this.#tiles.delete(key)
      const since = shown.sinceMs[at]
      shown.shownMs[at] = since === null || since === undefined ? null : Math.max(0, nowMs - since)
      if (--shown.left > 0) continue
      this.#events.delete(event)
      ended.push({ asked: event, shownMs: shown.shownMs, by })
    }
    return ended
  }

  /** Only tiles whose pixels were sent. */
  of(content: number, nowMs: number): SeenSoFar | null {
    let best: SeenSoFar | null = null
    for (const role of ['lift', 'tile']) {
      const tile = this.#tiles.get(`${role} ${content}`)
      const shown = tile && this.#events.get(tile.event)!
      const since = shown?.sinceMs[tile!.at]
      if (!shown || since === null || since === undefined) continue
      best ??= { level: shown.level, shownMs: nowMs - since }
    }
    return best
  }
}

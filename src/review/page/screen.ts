/**
 * The pixels that are in sight: asked for when tiles come into sight, dropped when they leave it, so that nothing is seen
 * again without an event. Each tile is painted as it comes.
 */
import type { Greeting, LiftAsked, ScreenLevel, Tile, Treatment } from '../said.ts'
import { tell, tileStream } from './api.ts'
import { drop, NO_FRAMES, pictureFrom, type TilePicture } from './tile-picture.ts'

export interface InSight {
  readonly view: number
  readonly from: number
  readonly count: number
  /** Undefined while the facts of the tile are not here. */
  readonly tileAt: (position: number) => Tile | undefined
}

/** Scrolling asks for a screen when it rests. */
const REST_MS = 60

export class Screen {
  /** Called when a tile was painted anew. */
  changed: () => void = () => {}
  readonly #failed: (error: unknown) => void
  readonly #levels: readonly ScreenLevel[]
  readonly #treatments: readonly Treatment[]
  readonly #pictures = new Map<string, TilePicture>()
  /** Of the pass, until the person chooses. */
  readonly #start: ScreenLevel
  #chosen: ScreenLevel | null = null
  #treatment: Treatment
  #lifted: { readonly sha256: string; readonly picture: TilePicture } | null = null
  #lifting: AbortController | null = null
  #asking: AbortController | null = null
  #last: InSight | null = null
  #asked = ''
  #timer = 0
  readonly #turn = { screen: 0, lift: 0 }
  #isCovered = false

  constructor({ sight }: Greeting, failed: (error: unknown) => void) {
    this.#failed = failed
    this.#levels = sight.levels
    this.#treatments = sight.treatments
    this.#start = sight.hasExhibit ? sight.start : 'cells'
    this.#treatment = sight.treatments[0]!
  }

  get level(): ScreenLevel {
    return this.#chosen ?? this.#start
  }

  get treatment(): Treatment {
    return this.#treatment
  }

  /** Null while there are no pixels here. */
  pictureOf({ sha256 }: Tile): TilePicture | null {
    if (this.#lifted?.sha256 === sha256) return this.#lifted.picture
    return this.#pictures.get(sha256) ?? null
  }

  inSight(now: InSight): void {
    this.#last = now
    const key = keyOf(now)
    if (key === this.#asked || this.#isCovered) return
    clearTimeout(this.#timer)
    this.#timer = window.setTimeout(() => void this.#ask(), REST_MS)
  }

  nextLevel(): ScreenLevel {
    const next = this.#levels[(this.#levels.indexOf(this.level) + 1) % this.#levels.length]!
    this.#chosen = next
    this.#again()
    return next
  }

  nextTreatment(): Treatment {
    const next = (this.#treatments.indexOf(this.#treatment) + 1) % this.#treatments.length
    this.#treatment = this.#treatments[next]!
    this.#again()
    return this.#treatment
  }

  /** Another view: nothing of the one before is in sight. */
  clear(): void {
    this.lower()
    this.#asking?.abort()
    clearTimeout(this.#timer)
    for (const picture of this.#pictures.values()) drop(picture)
    this.#pictures.clear()
    this.#asked = ''
  }

  /** The window was left, or is looked at again. */
  cover(isCovered: boolean): void {
    if (isCovered === this.#isCovered) return
    this.#isCovered = isCovered
    if (isCovered) {
      this.clear()
      tell('covered', { turn: this.#turn.screen })
    } else this.changed()
  }

  /**
   * One tile one level up, or the frames of a video, until `lower`.
   * @returns null when it was let go meanwhile, and while the window is left: nobody sees it, and nothing is logged
   */
  async lift(sha256: string, want: LiftAsked['want'], columns = 1): Promise<TilePicture | null> {
    if (this.#isCovered) return null
    this.#letGo()
    const lifting = new AbortController()
    this.#lifting = lifting
    let found: TilePicture | null = null
    const asked: LiftAsked = {
      sha256,
      level: this.#chosen,
      treatment: this.#treatment,
      want,
      turn: ++this.#turn.lift,
    }
    try {
      await tileStream('lift', asked, lifting.signal, (head, pixels) => {
        if (this.#lifting === lifting) found = pictureFrom(head, pixels, columns)
      })
    } catch (error) {
      if (this.#lifting === lifting) this.#lifting = null
      if (!lifting.signal.aborted) throw error
    }
    if (this.#lifting !== lifting || found === null) return null
    if (want === 'tile') {
      this.#lifted = { sha256, picture: found }
      this.changed()
    }
    return found
  }

  lower(): void {
    if (this.#lifting === null) return
    this.#letGo()
    tell('lower', { turn: this.#turn.lift })
    this.changed()
  }

  #letGo(): void {
    this.#lifting?.abort()
    this.#lifting = null
    if (this.#lifted) drop(this.#lifted.picture)
    this.#lifted = null
  }

  #again(): void {
    this.clear()
    this.changed()
  }

  async #ask(): Promise<void> {
    const now = this.#last
    if (!now || this.#isCovered) return
    const { view, from, count, tileAt } = now
    const tiles = Array.from({ length: count }, (_, i) => tileAt(from + i))
    // Their facts come first, and then the grid is drawn again.
    if (tiles.some((tile) => tile === undefined)) return
    this.#asked = keyOf(now)
    const visible = new Set(tiles.map((tile) => tile!.sha256))
    for (const [sha256, picture] of [...this.#pictures])
      if (!visible.has(sha256)) {
        drop(picture)
        this.#pictures.delete(sha256)
      }
    const need = tiles.flatMap((tile, i) => (this.#pictures.has(tile!.sha256) ? [] : [from + i]))
    this.#asking?.abort()
    const asking = new AbortController()
    this.#asking = asking
    const level = this.#chosen
    try {
      const turn = ++this.#turn.screen
      const asked = { view, from, count, need, ahead: count * 2, level, treatment: this.#treatment, turn }
      await tileStream('screen', asked, asking.signal, (head, pixels) => {
        if (asking.signal.aborted || head.without === 'gone') return
        this.#pictures.set(head.sha256, pictureFrom(head, pixels))
        this.changed()
      })
      for (const tile of tiles)
        if (!this.#pictures.has(tile!.sha256))
          this.#pictures.set(tile!.sha256, {
            level: 'cells',
            canvas: null,
            without: 'none',
            frames: NO_FRAMES,
          })
      this.changed()
    } catch (error) {
      if (asking.signal.aborted) return
      this.#asked = ''
      this.#failed(error)
    }
  }
}

function keyOf({ view, from, count }: InSight): string {
  return `${view} ${from} ${count}`
}

/** What a person does with the sight of tiles: another level or treatment, one tile lifted, frames of a video, larger tiles. */
import type { Greeting, Tile } from '../said.ts'
import type { Cursor } from './cursor.ts'
import { byId } from './elements.ts'
import { SIZES } from './grid.ts'
import { Screen } from './screen.ts'
import { VideoFrames } from './video-frames.ts'
import { say } from './words.ts'

/** A pointer that is held on a tile for so long lifts it. */
const HELD_MS = 350

export class Sight {
  readonly screen: Screen
  readonly frames: VideoFrames
  readonly #said: (text: string, warn?: boolean) => void
  readonly #failed: (error: unknown) => void
  #size: number
  #isLifted = false
  /** How often a key or a pointer was let go: what was waited for meanwhile is not shown. */
  #letGoes = 0

  constructor(
    greeting: Greeting,
    {
      said,
      failed,
    }: { readonly said: (text: string, warn?: boolean) => void; readonly failed: (error: unknown) => void },
  ) {
    this.#said = said
    this.#failed = failed
    this.screen = new Screen(greeting, failed)
    this.frames = new VideoFrames(this.screen)
    this.#size = greeting.sight.hasExhibit ? 2 : 0
  }

  /** Called once the tiles are there. */
  begin(cursor: Cursor, signal: AbortSignal): void {
    const slider = byId<HTMLInputElement>('size')
    slider.max = String(SIZES.length - 1)
    const resize = (size: number) => {
      this.#size = Math.max(0, Math.min(SIZES.length - 1, size))
      slider.value = String(this.#size)
      cursor.resize(this.#size)
    }
    resize(this.#size)
    this.larger = () => resize(this.#size + 1)
    this.smaller = () => resize(this.#size - 1)
    slider.addEventListener('input', () => resize(Number(slider.value)), { signal })
    const theme = byId<HTMLSelectElement>('theme')
    theme.addEventListener(
      'change',
      () => {
        document.documentElement.style.colorScheme = theme.value === 'auto' ? '' : theme.value
        cursor.resize(this.#size)
      },
      { signal },
    )
    this.#holdToLift(cursor, signal)
  }

  larger: () => void = () => {}
  smaller: () => void = () => {}

  level(): void {
    this.frames.close()
    this.#said(say(`level-${this.screen.nextLevel()}`))
  }

  treatment(): void {
    this.frames.close()
    this.#said(say(`treatment-${this.screen.nextTreatment()}`))
  }

  /** @param waited the content under the cursor or pointer, once its facts are here */
  async lift(waited: Promise<Tile | undefined>): Promise<void> {
    try {
      const tile = await this.#whileHeld(waited)
      if (!tile) return
      this.#isLifted = true
      this.frames.close()
      const picture = await this.screen.lift(tile.sha256, 'tile')
      if (picture) this.#said(say(`level-${picture.level}`))
    } catch (error) {
      this.#failed(error)
    }
  }

  async sheet(waited: Promise<Tile | undefined>): Promise<void> {
    try {
      const tile = await this.#whileHeld(waited)
      if (tile) await this.frames.sheet(tile)
    } catch (error) {
      this.#failed(error)
    }
  }

  /** The next frame of the video under the cursor, or the one before. */
  async frame(tile: Tile | undefined, by: 1 | -1): Promise<void> {
    if (!tile) return
    try {
      const at = await this.frames.scrub(tile, by)
      this.#said(at ? say('frame', at) : say('no-video'))
    } catch (error) {
      this.#failed(error)
    }
  }

  /** A key or a pointer is no longer held. */
  letGo(): void {
    this.#letGoes++
    if (this.frames.isSheet) this.frames.close()
    if (!this.#isLifted) return
    this.#isLifted = false
    this.screen.lower()
  }

  cover(isCovered: boolean): void {
    this.#letGoes++
    if (isCovered) this.frames.close()
    this.screen.cover(isCovered)
  }

  /** Undefined when it was let go, or the window left, meanwhile. */
  async #whileHeld(waited: Promise<Tile | undefined>): Promise<Tile | undefined> {
    const before = this.#letGoes
    const tile = await waited
    return before === this.#letGoes ? tile : undefined
  }

  #holdToLift(cursor: Cursor, signal: AbortSignal): void {
    const box = byId('scroll')
    let timer = 0
    box.addEventListener(
      'pointerdown',
      ({ clientX, clientY, button }) => {
        clearTimeout(timer)
        if (button !== 0) return
        timer = window.setTimeout(() => void this.lift(cursor.tileAt(clientX, clientY)), HELD_MS)
      },
      { signal },
    )
    for (const end of ['pointerup', 'pointercancel', 'pointerleave', 'scroll'])
      box.addEventListener(
        end,
        () => {
          clearTimeout(timer)
          this.letGo()
        },
        { signal },
      )
  }
}

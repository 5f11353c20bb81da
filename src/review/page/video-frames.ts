/** Frames of the video under the cursor: a strip that comes by itself, and a sheet over the page while a key is held. */
import type { Tile } from '../said.ts'
import { Refused } from './api.ts'
import { byId } from './elements.ts'
import type { Screen } from './screen.ts'
import { drop } from './tile-picture.ts'

/** The cursor rests on a video for so long before its strip is asked for. */
const REST_MS = 350
const SHEET_COLUMNS = 3

export class VideoFrames {
  readonly #screen: Screen
  #timer = 0
  #isLow = false
  #isSheet = false

  constructor(screen: Screen) {
    this.#screen = screen
  }

  /** The cursor came to a tile. @param isLow it lies where the strip would cover it */
  rested(tile: Tile, isLow: boolean): void {
    this.close()
    this.#isLow = isLow
    if (tile.kind !== 'video' || this.#screen.level === 'cells') return
    this.#timer = window.setTimeout(() => void this.#show(tile.sha256, 'strip'), REST_MS)
  }

  /** While a key is held. */
  async sheet(tile: Tile): Promise<void> {
    if (tile.kind !== 'video') return
    this.close()
    await this.#show(tile.sha256, 'sheet')
  }

  get isSheet(): boolean {
    return this.#isSheet
  }

  close(): void {
    clearTimeout(this.#timer)
    const strip = byId<HTMLCanvasElement>('strip')
    this.#isSheet = false
    if (strip.hidden) return
    strip.hidden = true
    strip.width = strip.height = 0
    this.#screen.lower()
  }

  async #show(sha256: string, want: 'strip' | 'sheet'): Promise<void> {
    this.#isSheet = want === 'sheet'
    try {
      const picture = await this.#screen.lift(sha256, want, want === 'strip' ? 9 : SHEET_COLUMNS)
      if (!picture?.canvas) return
      const strip = byId<HTMLCanvasElement>('strip')
      strip.className = want === 'strip' && this.#isLow ? 'strip high' : want
      strip.width = picture.canvas.width
      strip.height = picture.canvas.height
      strip.getContext('2d', { alpha: false })?.drawImage(picture.canvas, 0, 0)
      strip.hidden = false
      drop(picture)
    } catch (error) {
      // A strip that comes by itself says nothing where there are cells only.
      if (!(error instanceof Refused) || error.ended || want === 'sheet') throw error
    }
  }
}

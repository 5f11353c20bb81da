/**
 * Frames of the video under the cursor: a strip that comes by itself, a sheet over the tiles while a key is held, and one
 * frame at a time by key.
 */
import type { LiftAsked, Tile } from '../said.ts'
import { Refused } from './api.ts'
import { byId } from './elements.ts'
import type { Screen } from './screen.ts'
import { drop, type TilePicture } from './tile-picture.ts'

/** The cursor rests on a video for so long before its strip is asked for. */
const REST_MS = 350
/** Frames in a row. */
const COLUMNS = { strip: 9, sheet: 3, scrub: 1 } as const
type Want = Exclude<LiftAsked['want'], 'tile'>

export class VideoFrames {
  readonly #screen: Screen
  readonly #canvas = byId<HTMLCanvasElement>('strip')
  #timer = 0
  #isLow = false
  #want: Want | null = null
  /** Frames of which one is shown. */
  #scrubbed: TilePicture | null = null
  #at = 0

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

  /**
   * One frame on, or back. The first press shows the first frame.
   * @returns its number from 1 and their count; null where there is none
   */
  async scrub(tile: Tile, by: 1 | -1): Promise<{ readonly n: number; readonly of: number } | null> {
    if (tile.kind !== 'video') return null
    if (this.#want !== 'scrub') {
      this.close()
      this.#at = 0
      await this.#show(tile.sha256, 'scrub')
    } else {
      const { count = 0 } = this.#scrubbed?.frames ?? {}
      this.#at = Math.max(0, Math.min(count - 1, this.#at + by))
      this.#paintOne()
    }
    return this.#scrubbed ? { n: this.#at + 1, of: this.#scrubbed.frames.count } : null
  }

  get isSheet(): boolean {
    return this.#want === 'sheet'
  }

  get isScrubbed(): boolean {
    return this.#want === 'scrub'
  }

  close(): void {
    clearTimeout(this.#timer)
    const wasAsked = this.#want !== null
    this.#want = null
    if (this.#scrubbed) drop(this.#scrubbed)
    this.#scrubbed = null
    this.#canvas.hidden = true
    this.#canvas.width = this.#canvas.height = 0
    if (wasAsked) this.#screen.lower()
  }

  async #show(sha256: string, want: Want): Promise<void> {
    this.#want = want
    try {
      const picture = await this.#screen.lift(sha256, want, COLUMNS[want])
      if (!picture?.canvas || this.#want !== want) return
      if (want === 'scrub') {
        this.#scrubbed = picture
        this.#paintOne()
        return
      }
      this.#paint(want === 'strip' && this.#isLow ? 'strip high' : want, picture.canvas)
      drop(picture)
    } catch (error) {
      // A strip that comes by itself says nothing where there are cells only.
      if (!(error instanceof Refused) || error.ended || want !== 'strip') throw error
    }
  }

  #paintOne(): void {
    const picture = this.#scrubbed
    if (!picture?.canvas) return
    const { count, wide, high } = picture.frames
    const gap = count > 1 ? picture.canvas.height - high * count : 0
    // The gap behind the last frame is not there.
    const [width, height] = [wide + Math.min(0, gap), high + Math.min(0, gap)]
    this.#paint('scrub', picture.canvas, { width, height, top: this.#at * high })
  }

  #paint(
    className: string,
    from: OffscreenCanvas,
    { width, height, top } = { width: from.width, height: from.height, top: 0 },
  ): void {
    this.#canvas.className = className
    this.#canvas.width = width
    this.#canvas.height = height
    const pen = this.#canvas.getContext('2d', { alpha: false })
    pen?.drawImage(from, 0, top, width, height, 0, 0, width, height)
    this.#canvas.hidden = false
  }
}

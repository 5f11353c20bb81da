/**
 * Makes the pixels of tiles from the exhibit, by confined children, and keeps them in memory only: those of the screen,
 * of the next two, and of the last ones. Nothing of it leaves the program before its event is in the custody log.
 */
import type { Limits } from '../contracts/case.ts'
import type { ScreenLevel } from '../contracts/sight.ts'
import type { JobPool } from '../host/decoder/job-pool.ts'
import { revealPixels } from '../host/decoder/reveal-request.ts'
import type { ContentReaders } from '../host/reader/content-readers.ts'
import { analysisOrder, lookOf } from '../media-types/applies.ts'
import { hasPlaceAtHand } from './places-at-hand.ts'
import { readContent } from './read-content.ts'
import type { ReviewSession } from './session.ts'
import { FRAMES_OF, type MadeTile, type TileKind, type TileSource, type TileWant } from './tile-source.ts'

export interface TilePixelParts {
  /** They live as long as the review: a child a tile would cost half a second each. */
  readonly decoders: JobPool
  readonly openers: JobPool
  readonly startReaders: () => ContentReaders
  readonly limits: Limits
}

/** Longest side: persons, pose and scene can be told, and faces and details cannot once it is blurred. */
const SIDES: Readonly<Record<TileWant, number>> = { tile: 224, strip: 128, sheet: 320, scrub: 320 }
/** Sigma of the blur, and window of the median, of a tile of 224 pixels (docs/reference/review.md, "How strong"). */
const SIGMA = 4
const WINDOW = 7

/** All tiles that are kept together. */
const MOST_BYTES = 48 * 1024 * 1024
export class TilePixels implements TileSource {
  readonly #session: ReviewSession
  readonly #parts: TilePixelParts
  readonly #kept = new Map<string, Promise<MadeTile>>()
  readonly #sizes = new Map<string, number>()
  #readers: ContentReaders | null = null
  #bytes = 0
  /** Tiles that somebody waits for. */
  #waited = 0
  #ahead: readonly number[] = []
  #aheadKind: TileKind | null = null
  #isAhead = false
  #closed = false

  constructor(session: ReviewSession, parts: TilePixelParts) {
    this.#session = session
    this.#parts = parts
  }

  /** Number of tiles that are made at once. */
  get width(): number {
    return this.#parts.decoders.size
  }

  /** `cells` where the content lies on no exhibit of the case that is at hand. */
  mostOf(number: number): ScreenLevel {
    const isOne = this.#session.asked.ofCase === undefined
    return isOne || hasPlaceAtHand(this.#session, number) ? 'grey' : 'cells'
  }

  /** Cheap ones first: 0 to 3. */
  costOf(number: number): number {
    const { type, size } = this.#contentOf(number)
    return analysisOrder(type, BigInt(size))
  }

  /** The frames belong to this object: a caller copies them. */
  async make(number: number, kind: TileKind): Promise<MadeTile> {
    this.#waited++
    try {
      return await this.#once(number, kind)
    } finally {
      this.#waited--
      void this.#goOn()
    }
  }

  /** Makes them while nobody waits for another one. */
  makeAhead(numbers: readonly number[], kind: TileKind): void {
    this.#ahead = numbers
    this.#aheadKind = kind
    void this.#goOn()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#ahead = []
    for (const key of [...this.#kept.keys()]) this.#forget(key)
    await this.#readers?.close()
  }

  async #goOn(): Promise<void> {
    if (this.#isAhead) return
    this.#isAhead = true
    try {
      while (this.#ahead.length > 0 && this.#waited === 0 && !this.#closed) {
        const [next, ...rest] = this.#ahead
        this.#ahead = rest
        await this.#once(next!, this.#aheadKind!)
      }
    } catch (error) {
      if (!(error instanceof Error)) throw error
      // The screen that needs the tile asks for it again, and then it is said.
      this.#ahead = []
    } finally {
      this.#isAhead = false
    }
  }

  #once(number: number, kind: TileKind): Promise<MadeTile> {
    const key = `${number} ${kind.level} ${kind.level === 'blurred' ? kind.treatment : ''} ${kind.want}`
    const known = this.#kept.get(key)
    if (known) {
      this.#kept.delete(key)
      this.#kept.set(key, known)
      return known
    }
    const making = this.#made(number, kind)
    this.#kept.set(key, making)
    making.then(
      (made) => this.#keep(key, made),
      () => this.#kept.delete(key),
    )
    return making
  }

  #keep(key: string, made: MadeTile): void {
    const size = 'frames' in made ? made.frames.reduce((sum, { pixels }) => sum + pixels.length, 0) : 0
    this.#sizes.set(key, size)
    this.#bytes += size
    if (this.#closed) this.#forget(key)
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= MOST_BYTES || oldest === key) break
      this.#forget(oldest)
    }
  }

  /** Pixels are overwritten once nobody uses them. */
  #forget(key: string): void {
    const made = this.#kept.get(key)
    this.#kept.delete(key)
    this.#bytes -= this.#sizes.get(key) ?? 0
    this.#sizes.delete(key)
    void made?.then(
      (one) => {
        if ('frames' in one) for (const { pixels } of one.frames) pixels.fill(0)
      },
      () => undefined,
    )
  }

  async #made(number: number, { level, treatment, want }: TileKind): Promise<MadeTile> {
    const session = this.#session
    const { type } = this.#contentOf(number)
    if (lookOf(type) === null) return { without: 'unsupported-format' }
    const { decoders, openers, limits } = this.#parts
    this.#readers ??= this.#parts.startReaders()
    const read = await readContent(session, number, { readers: this.#readers, openers, limits })
    if ('refused' in read) return { without: read.refused }
    const longestSide = SIDES[want]
    const share = longestSide / SIDES.tile
    const isBlurred = level === 'blurred'
    const header = {
      mediaType: type,
      longestSide,
      colour: false,
      blur: isBlurred && treatment === 'blur' ? SIGMA * share : 0,
      drawn: isBlurred && treatment === 'drawn' ? Math.max(3, Math.round((WINDOW * share) / 2) * 2 + 1) : 0,
      tile: true,
      pixels: limits.pixels,
      frames: FRAMES_OF[want],
    }
    const sha256 = session.catalogue.sha256(number)
    const made = await revealPixels(decoders, header, read.bytes, sha256).finally(() => read.bytes.fill(0))
    return made.shown ? { frames: made.frames } : { without: made.reason }
  }

  #contentOf(number: number): { readonly type: string; readonly size: number } {
    const { db, catalogue } = this.#session
    return db
      .prepare<[number], { type: string; size: number }>(
        'SELECT media_type AS type, size FROM content WHERE id = +?',
      )
      .get(catalogue.ids[number]!)!
  }
}

/** Where the pixels of tiles come from: the exhibit, or previews that were kept beside the ledger. */
import type { ReasonCode } from '../contracts/reason.ts'
import type { ScreenLevel, Treatment } from '../contracts/sight.ts'
import type { RevealedFrame } from '../host/decoder/reveal-request.ts'
import { MOST_FRAMES } from '../wire/reveal.ts'

export type TileWant =
  /** One picture; of a video its middle frame. */
  | 'tile'
  /** Nine frames of a video, small: beside the tiles. */
  | 'strip'
  /** Nine frames of a video, larger. */
  | 'sheet'
  /** More frames of a video, of which one at a time is on the screen. */
  | 'scrub'

/** Most frames of each. */
export const FRAMES_OF: Readonly<Record<TileWant, number>> = {
  tile: 1,
  strip: 9,
  sheet: 9,
  scrub: MOST_FRAMES,
}

export interface TileKind {
  readonly level: Exclude<ScreenLevel, 'cells'>
  readonly treatment: Treatment
  readonly want: TileWant
}

export type MadeTile =
  | { readonly frames: readonly RevealedFrame[] }
  | { readonly without: ReasonCode | 'differs' | 'cannot-read' | 'none' }

export interface TileSource {
  /** Highest level that it has of a content. */
  mostOf(number: number): ScreenLevel
  /** Number of tiles that are made at once. */
  readonly width: number
  /** Cheap ones first: 0 to 3. */
  costOf(number: number): number
  /** The frames belong to the source: a caller copies them. */
  make(number: number, kind: TileKind): Promise<MadeTile>
  /** Makes them while nobody waits for another one. */
  makeAhead(numbers: readonly number[], kind: TileKind): void
  close(): Promise<void>
}

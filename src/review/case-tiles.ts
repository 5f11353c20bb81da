/**
 * Tiles of a case: from the exhibits that are at hand, and of other exhibits from the previews that were kept beside their
 * ledgers. A content of neither has its cells alone.
 */
import type { ScreenLevel } from '../contracts/sight.ts'
import type { KeptPreviews } from './kept-previews.ts'
import type { TilePixels } from './tile-pixels.ts'
import type { MadeTile, TileKind, TileSource } from './tile-source.ts'

export class CaseTiles implements TileSource {
  readonly #pixels: TilePixels | null
  readonly #kept: readonly KeptPreviews[]

  /** @param pixels null: no exhibit is at hand */
  constructor(pixels: TilePixels | null, kept: readonly KeptPreviews[]) {
    this.#pixels = pixels
    this.#kept = kept
  }

  get width(): number {
    return this.#pixels?.width ?? this.#kept[0]?.width ?? 1
  }

  mostOf(number: number): ScreenLevel {
    if (this.#isAtHand(number)) return 'grey'
    return this.#kept.some((one) => one.has(number)) ? 'blurred' : 'cells'
  }

  costOf(number: number): number {
    return this.#isAtHand(number) ? this.#pixels!.costOf(number) : 0
  }

  async make(number: number, kind: TileKind): Promise<MadeTile> {
    if (this.#isAtHand(number)) return this.#pixels!.make(number, kind)
    const kept = this.#kept.find((one) => one.has(number))
    return kept === undefined ? { without: 'none' } : kept.make(number, kind)
  }

  makeAhead(numbers: readonly number[], kind: TileKind): void {
    this.#pixels?.makeAhead(
      numbers.filter((number) => this.#isAtHand(number)),
      kind,
    )
  }

  async close(): Promise<void> {
    await Promise.all([this.#pixels?.close(), ...this.#kept.map((one) => one.close())])
  }

  #isAtHand(number: number): boolean {
    return this.#pixels !== null && this.#pixels.mostOf(number) !== 'cells'
  }
}

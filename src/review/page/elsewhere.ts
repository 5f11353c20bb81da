/** What was graded elsewhere of the tiles in sight: asked for when scrolling rests, and again after a decision. */
import type { Tile } from '../said.ts'
import type { GradedElsewhere } from '../said-elsewhere.ts'
import { ask } from './api.ts'

const REST_MS = 150
/** Contents whose answer is kept. */
const KEPT = 5000

export class Elsewhere {
  /** Called when an answer came. */
  changed: () => void = () => {}
  readonly #failed: (error: unknown) => void
  readonly #known = new Map<string, readonly GradedElsewhere[]>()
  readonly #wanted = new Set<string>()
  #timer = 0
  /** An answer from before a decision is not kept. */
  #decisions = 0

  constructor(failed: (error: unknown) => void) {
    this.#failed = failed
  }

  /** `= 1 EX-2` of the same content, `≈ 1` of a near copy; empty where nothing is known. */
  badgeOf({ sha256, mine }: Tile): string {
    const [first] = mine === null ? this.of(sha256) : []
    return first ? `${first.how === 'same' ? '=' : '≈'} ${first.category}` : ''
  }

  /** Asks for it where it is not known yet. */
  of(sha256: string): readonly GradedElsewhere[] {
    const known = this.#known.get(sha256)
    if (known) return known
    this.#wanted.add(sha256)
    if (this.#timer === 0) this.#timer = window.setTimeout(() => void this.#ask(), REST_MS)
    return []
  }

  /** A decision was made: near copies may have it now. */
  forget(): void {
    this.#known.clear()
    this.#decisions++
  }

  async #ask(): Promise<void> {
    this.#timer = 0
    // What was scrolled past meanwhile is left out.
    const contents = [...this.#wanted].slice(-MOST)
    this.#wanted.clear()
    const before = this.#decisions
    try {
      const { of } = await ask<{ of: readonly (readonly GradedElsewhere[])[] }>('elsewhere', { contents })
      // The tiles are painted again, and ask again.
      if (before !== this.#decisions) return this.changed()
      if (this.#known.size > KEPT) this.#known.clear()
      for (const [i, found] of of.entries()) this.#known.set(contents[i]!, found)
      if (of.some((found) => found.length > 0)) this.changed()
    } catch (error) {
      this.#failed(error)
    }
  }
}

const MOST = 400

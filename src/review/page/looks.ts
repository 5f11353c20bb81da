/** A person's settings for reveals, and the reveal itself: first a reason, then colour and blur of the next reveal. */
import type { Tile } from '../said.ts'
import type { RevealAsked } from '../said-reveal.ts'
import { byId } from './elements.ts'
import { question } from './questions.ts'
import { RevealView } from './reveal-view.ts'
import { say } from './words.ts'

const BLURS = 3

export class Looks {
  readonly #view = new RevealView()
  #colour = false
  #blur = 0
  /** The person's own reason, asked once. */
  #other = ''

  get isHeld(): boolean {
    return this.#view.isHeld
  }

  nextColour(): string {
    this.#colour = !this.#colour
    return say(this.#colour ? 'in-colour' : 'in-grey')
  }

  nextBlur(): string {
    this.#blur = (this.#blur + 1) % BLURS
    return say(`blur-${this.#blur}`)
  }

  hide(by: 'key' | 'blur' | 'escape'): void {
    this.#view.hide(by)
  }

  /**
   * @param waited the content under the cursor, once its facts are here
   * @returns the action that is needed first; empty when the content was shown, or the key let go before
   */
  async show(waited: Promise<Pick<Tile, 'sha256'> | undefined>): Promise<string> {
    const { value, hidden } = byId<HTMLSelectElement>('reason')
    if (hidden) return say('no-exhibit')
    if (value === 'none') return say('reveal-choose')
    if (value === 'other' && this.#other === '') {
      this.#other = (await question(say('reveal-other'), say('yes'), true))?.note ?? ''
      return this.#other === '' ? say('reveal-choose') : ''
    }
    const reason = value as RevealAsked['reason']
    const words = reason === 'other' ? this.#other : ''
    const [colour, blur] = [this.#colour, this.#blur]
    await this.#view.show(
      waited.then((tile) => (tile ? { sha256: tile.sha256, reason, words, colour, blur } : null)),
    )
    return ''
  }
}

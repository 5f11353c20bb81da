/** Text that is put together from words of a picture: with the place of each line, and the stretches that are not sure. */
import { LEAST_CONFIDENCE } from '../../classify-text/uses.ts'
import type { TextPlace } from '../../contracts/text-place.ts'
import type { ReadCode } from './codes.ts'
import type { ReadWord, TextLine } from './text-line.ts'

type PixelBox = Omit<TextPlace, 'start' | 'end'>

export class WordText {
  readonly places: TextPlace[] = []
  readonly unsure: (readonly [number, number])[] = []
  readonly #unit: number
  readonly #at: Pick<TextPlace, 'page' | 'ms'>
  #text = ''

  /**
   * @param unit pixels of the picture for a pixel of the places of words
   * @param at which picture of several
   */
  constructor(unit: number, at: Pick<TextPlace, 'page' | 'ms'> = {}) {
    this.#unit = unit
    this.#at = at
  }

  get text(): string {
    return this.#text
  }

  plain(text: string): void {
    this.#text += text
  }

  /** @returns the words of which the recogniser is sure */
  words(words: readonly { readonly word: ReadWord; readonly line: TextLine }[]): string {
    const sure: string[] = []
    for (const [i, { word, line }] of words.entries()) {
      if (i > 0) this.#text += ' '
      const start = this.#text.length
      this.#text += word.text
      const end = this.#text.length
      if (word.confidence < LEAST_CONFIDENCE) this.unsure.push([start, end])
      else sure.push(word.text)
      const before = this.places.at(-1)
      if (i > 0 && before && words[i - 1]!.line === line)
        this.places[this.places.length - 1] = { ...before, end }
      else this.places.push({ start, end, ...this.#inPixels(line) })
    }
    return sure.join(' ')
  }

  /** A line of its own. @returns where it stands in the picture */
  code({ text, place }: ReadCode): PixelBox {
    const box = this.#inPixels({ place })
    const start = this.#text.length
    this.#text += text
    this.places.push({ start, end: this.#text.length, ...box })
    this.ends()
    return box
  }

  /** @param goesOn the line ends where its column does: what looks for signs reads on */
  ends({ goesOn = false }: { readonly goesOn?: boolean } = {}): void {
    if (goesOn) this.unsure.push([this.#text.length, this.#text.length + 1])
    this.#text += '\n'
  }

  #inPixels({ place }: Pick<TextLine, 'place'>): PixelBox {
    const whole = (value: number) => Math.max(0, Math.round(value * this.#unit))
    return {
      left: whole(place.left),
      top: whole(place.top),
      width: whole(place.width),
      height: whole(place.height),
      ...this.#at,
    }
  }
}

/** Where words stand in a picture: boxes with their words on an empty frame of its shape. No pixel of it is drawn. */
import type { PictureWords, PlacedLine } from '../said-words.ts'
import { ask } from './api.ts'
import { made } from './elements.ts'
import { say } from './words.ts'

const SVG = 'http://www.w3.org/2000/svg'
/** Of a line's height: letters with what hangs below them. */
const LETTERS = 0.72

/** A button that asks for the words of this picture; its place shows them afterwards. */
export function wordsOpener(sha256: string): HTMLElement {
  const place = made('div', '', 'words')
  const button = made('button', say('words-show'))
  button.type = 'button'
  button.addEventListener('click', () => {
    button.disabled = true
    void ask<PictureWords>('words', { sha256 }).then(
      (words) => place.replaceChildren(...shown(words)),
      (error: unknown) => {
        button.disabled = false
        throw error
      },
    )
  })
  place.append(button)
  return place
}

function shown(words: PictureWords): Node[] {
  if (words.lines.length === 0) return [made('p', say('words-none'), 'dim')]
  return [
    made('p', say('words-frame', { width: words.width, height: words.height }), 'dim'),
    frame(words),
    ...(words.more > 0 ? [made('p', say('words-more', { n: words.more }), 'dim')] : []),
  ]
}

function frame({ width, height, lines }: PictureWords): SVGElement {
  const picture = drawn('svg', { viewBox: `0 0 ${width} ${height}` })
  picture.append(drawn('rect', { width, height, class: 'frame' }), ...lines.flatMap(placed))
  return picture
}

function placed({ text, left, top, width, height }: PlacedLine): SVGElement[] {
  const letters = drawn('text', {
    x: left,
    y: top + height * LETTERS,
    'font-size': height * LETTERS,
    textLength: width,
    lengthAdjust: 'spacingAndGlyphs',
  })
  letters.textContent = text
  return [drawn('rect', { x: left, y: top, width, height }), letters]
}

function drawn(tag: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const element = document.createElementNS(SVG, tag) as SVGElement
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value))
  return element
}

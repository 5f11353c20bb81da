/** Where words stand in a picture: boxes with their words on an empty frame of its shape. No pixel of it is drawn. */
import type { PicturePart, PictureWords, PlacedLine } from '../said-words.ts'
import { ask, Refused } from './api.ts'
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
        place.replaceChildren(button, made('p', error instanceof Refused ? error.message : say('no-answer')))
      },
    )
  })
  place.append(button)
  return place
}

function shown({ parts, more }: PictureWords): Node[] {
  const [first] = parts
  if (first === undefined) return [made('p', say('words-none'), 'dim')]
  const place = made('div', '')
  place.append(...partOf(first))
  return [
    ...(parts.length > 1 ? [chooser(parts, (part) => place.replaceChildren(...partOf(part)))] : []),
    place,
    ...(more > 0 ? [made('p', say('words-more', { n: more }), 'dim')] : []),
  ]
}

/** A button a page; the first is chosen. */
function chooser(parts: readonly PicturePart[], choose: (part: PicturePart) => void): HTMLElement {
  const row = made('div', '')
  row.setAttribute('role', 'group')
  const buttons = parts.map((part) => {
    const button = made('button', say('words-page', { n: part.page ?? 1 }))
    button.type = 'button'
    button.setAttribute('aria-pressed', String(part === parts[0]))
    button.addEventListener('click', () => {
      for (const one of buttons) one.setAttribute('aria-pressed', String(one === button))
      choose(part)
    })
    return button
  })
  row.append(...buttons)
  return row
}

function partOf({ width, height, lines }: PicturePart): Node[] {
  const picture = drawn('svg', { viewBox: `0 0 ${width} ${height}` })
  picture.append(drawn('rect', { width, height, class: 'frame' }), ...lines.flatMap(placed))
  return [made('p', say('words-frame', { width, height }), 'dim'), picture]
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

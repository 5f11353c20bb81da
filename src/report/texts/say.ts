/** Sentences of the report that belong to no fact of an entry; their words are stored with all others, by language. */
import type { Params } from '../../contracts/coded.ts'
import { ENGLISH } from './index.ts'
import { type Content, html, type Markup } from './markup.ts'

export function say(code: string, params: Params = {}): string {
  return ENGLISH.sentence('report', code, params)
}

/** The same, with markup in place of some parameters. */
export function sayMarked(
  code: string,
  marked: Readonly<Record<string, Content>>,
  params: Params = {},
): Markup {
  const names = Object.keys(marked)
  const places = Object.fromEntries(names.map((name, i) => [name, `${OPEN}${i}${CLOSE}`]))
  const pieces = say(code, { ...params, ...places }).split(PLACE)
  // Odd pieces are the numbers of parameters.
  return html`${pieces.map((piece, i): Content => (i % 2 === 0 ? piece : marked[names[Number(piece)]!]!))}`
}

/** Characters of the private use area: no message contains them. */
const [OPEN, CLOSE] = ['\ue000', '\ue001']
const PLACE = /\ue000(\d+)\ue001/

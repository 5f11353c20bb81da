/** A line that ends where its column does goes on in the next; one that its author ended does not. */
import { describe, expect, it } from 'vitest'
import { linesThatGoOn } from '../../../src/formats/words/paragraphs.ts'
import { type TextLine, textOf } from '../../../src/formats/words/text-line.ts'

/** Ten pixels a letter; a line every thirty. @param centred about x = 400, otherwise from x = 0 */
function sheet(lines: readonly string[], { centred = false, apart = 30 } = {}): TextLine[] {
  return lines.map((text, i) => {
    const width = text.length * 10
    const from = centred ? 400 - width / 2 : 0
    const y = 20 + i * apart
    let left = from
    const words = text.split(' ').map((word) => {
      const place = { left, top: y - 10, width: word.length * 10, height: 20 }
      left += place.width + 10
      return { text: word, confidence: 90, place }
    })
    const box = { x: from + width / 2, y, width, height: 20, angle: 0, score: 1 }
    return { box, place: { left: from, top: y - 10, width, height: 20 }, words, ground: [0, 0, 0] }
  })
}

const goingOn = (lines: readonly TextLine[]) => [...linesThatGoOn(lines)].map(textOf)

describe('lines of a sheet', () => {
  const wrapped = ['Bring your rope and the tent', 'because the lake is cold and', 'we sleep outside.']

  it.each([false, true])('go on where the next word had no room, centred %s', (centred) => {
    expect(goingOn(sheet(wrapped, { centred }))).toEqual(wrapped.slice(0, 2))
  })

  it('of a list do not go on', () => {
    expect(goingOn(sheet(['Rope', 'A tent', 'Two lamps and a green kettle']))).toEqual([])
  })

  it('that stand far apart are no paragraph', () => {
    expect(goingOn(sheet(wrapped, { apart: 60 }))).toEqual([])
  })
})

/** Which words a second reading of their line settles, and which stay as they were. */
import { describe, expect, it } from 'vitest'
import { confirmedLines, withForeignWords } from '../../../src/formats/words/second-look.ts'
import type { ReadWord, TextLine } from '../../../src/formats/words/text-line.ts'

const SURE = 60
type Said = readonly [text: string, confidence: number]

/** Words of ten pixels a letter, one space between two. */
function words(...of: readonly Said[]): ReadWord[] {
  let left = 0
  return of.map(([text, confidence]) => {
    const width = text.length * 10
    const word = { text, confidence, place: { left, top: 0, width, height: 20 } }
    left += width + 10
    return word
  })
}

function line(...of: readonly Said[]): TextLine {
  const box = { x: 200, y: 10, width: 400, height: 20, angle: 0, score: 1 }
  return { box, place: { left: 0, top: 0, width: 400, height: 20 }, words: words(...of), ground: [0, 0, 0] }
}

const said = (lines: readonly TextLine[]) => lines.flatMap((one) => one.words).map((word) => word.text)
const sureOf = (lines: readonly TextLine[]) =>
  lines.flatMap((one) => one.words.filter(({ confidence }) => confidence >= SURE).map(({ text }) => text))
const never = () => Promise.reject(new Error('read again'))

describe('a line in another script', () => {
  it('has its signs and Latin names from English, and its own words from its own network', async () => {
    const greek = line(['Μόνο', 96], ['νίβετ', 21], ['5006', 78], ['18-28', 90], ['μισθό', 40])
    const english = words(['Movo', 95], ['Viber', 92], ['500€', 92], ['18-28', 80], ['uoBo6', 70])
    const read = await withForeignWords(greek, () => Promise.resolve(english))
    expect(said([read])).toEqual(['Μόνο', 'Viber', '500€', '18-28', 'μισθό'])
  })

  it('takes no word that stands elsewhere', async () => {
    const greek = line(['Μόνο', 96], ['νίβετ', 21])
    expect(said([await withForeignWords(greek, async () => words(['Viber', 92]))])).toEqual(['Μόνο', 'νίβετ'])
  })

  it('is not read again where every word is sure and has its own letters', async () => {
    const greek = line(['Μόνο', 96], ['σήμερα', 60])
    expect(await withForeignWords(greek, never)).toBe(greek)
  })
})

describe('an unsure word', () => {
  const known = line(['we', 95], ['leave', 95], ['tomorrow', 95], ['morning', 95])

  it('is sure where a second look gives the same letters at the same place, and a number is not', async () => {
    const slang = line(['gonna', 40], ['skedaddle', 59], ['4500', 30])
    const again = words(['gonna', 55], ['skedaddie', 50], ['4500', 50])
    const read = await confirmedLines([known, known, slang], async () => again)
    expect(sureOf([read[2]!])).toEqual(['gonna'])
    expect(read[2]!.words[0]!.confidence).toBe(SURE)
  })

  it('stays unsure in a picture that is blurred as a whole', async () => {
    const blurred = line(['gonna', 40], ['leave', 75])
    expect(await confirmedLines([blurred], never)).toEqual([blurred])
  })
})

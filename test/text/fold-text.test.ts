import { describe, expect, it } from 'vitest'
import { foldText, originalSpan } from '../../src/classify-text/fold-text.ts'

describe('folding text', () => {
  it.each([
    ['HEYYY you’re SOOO cool', "hey you're so cool"],
    ['Ąžuolas señor façade', 'azuolas senor facade'],
    ['Πόσο χρονών είσαι', 'ποσο χρονων εισαι'],
    ['zero\u200bwidth', 'zerowidth'],
    ['You€™ll and youâ€™ll', "you'll and you'll"],
    ['ｆｕｌｌｗｉｄｔｈ', 'fullwidth'],
  ])('reads %s as %s', (original, folded) => {
    expect(foldText(original).text).toBe(folded)
  })

  it('reads a dotted letter of Bengali alike as one character and as two', () => {
    const [one, two] = ['ভি\u09dfা', 'ভি\u09af\u09bcা']
    expect(foldText(one).text).toBe(two)
    expect(foldText(two).text).toBe(two)
  })

  it('keeps Bengali vowel signs: without them the word is another', () => {
    expect(foldText('তোমার বয়স কত').text).toBe('তোমার বয়স কত')
  })

  it('finds the way back to the original for any span', () => {
    const original = 'Ğo\u200b on: «Ｐｌｅａｓｅｅｅｅ» €™ done'
    const folded = foldText(original)
    const start = folded.text.indexOf('please')
    const span = originalSpan(folded, start, start + 'please'.length)
    expect(original.slice(span.start, span.end)).toMatch(/^Ｐｌｅａｓｅ/)
    expect(folded.origin).toHaveLength(folded.text.length + 1)
  })
})

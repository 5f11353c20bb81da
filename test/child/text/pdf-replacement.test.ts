import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { markedStreams, marksLike, marksOf } from '../../../src/formats/documents/pdf-replacement.ts'
import { textExtractorFor } from '../../../src/formats/text/index.ts'
import { pdf } from './documents.ts'

const LIMITS = { textChars: 1 << 20, unpackedBytes: 1 << 20, ratio: 1000 }
const WORD = '\u099f\u09cd\u09b0\u09c7\u09a8\u099f\u09bf'
const hex = `FEFF${[...WORD].map((c) => c.charCodeAt(0).toString(16).padStart(4, '0')).join('')}`

async function textOf(bytes: Buffer) {
  const { text, warnings } = await textExtractorFor('application/pdf')!.extract(bytes, LIMITS)
  return { text: text.split(/\s*\n\s*/).filter((line) => line !== ''), warnings }
}

describe('replacement text of a PDF', () => {
  it('stands in the place of what is drawn, and of nothing else', async () => {
    const marked = (shown: string, i: number) =>
      [
        `/Text#20body <</MCID 0>> BDC /Span<</ActualText<${hex}>>>BDC ${shown} EMC EMC`,
        `/Span <</Lang (en) /ActualText (\\050two\\051)>> BDC ${shown} EMC`,
        `/Artifact BMC ${shown} EMC`,
      ][i] ?? shown
    const bytes = pdf(['wrong', 'wrong too', 'third', 'fourth'], { marked })
    expect(await textOf(bytes)).toEqual({ text: [WORD, '(two)', 'third', 'fourth'], warnings: [] })
  })

  it('is not believed where the marks of the file are not those of the page', async () => {
    // Brackets inside a string: what follows looks like a mark to whoever reads strings less closely than pdf.js does.
    const marked = (shown: string, i: number) =>
      i === 0 ? `/Span<</ActualText<${hex}>>>BDC ${shown} EMC` : `(x (y) BDC z) ignored ${shown}`
    expect(await textOf(pdf(['first', 'second'], { marked }))).toEqual({
      text: ['first', 'second'],
      warnings: [{ code: 'replacement-text-unplaced', params: { pages: 1, of: 1 } }],
    })
    expect(marksLike([marksOf(`/Span<</ActualText<${hex}>>>BDC`)], ['Span', 'Span'])).toBeNull()
  })

  it('is found in packed streams, bounded, whatever strings and names say', () => {
    const content = `(BDC \\) /X BMC) Tj % /Y BMC\n/A#20b <</K (>>) /ActualText(a\\
b)>> BDC /P BMC EMC EMC`
    const marks = [
      { tag: 'A b', replacement: 'ab' },
      { tag: 'P', replacement: null },
    ]
    expect(marksOf(content)).toEqual(marks)
    const file = Buffer.concat([Buffer.from('stream\r\n'), deflateSync(content), Buffer.from('\nendstream')])
    expect(markedStreams(file, 1000)).toEqual([marks])
    expect(markedStreams(file, 20)).toEqual([])
    expect(markedStreams(Buffer.from('stream /ActualText'), 1000)).toEqual([])
  })
})

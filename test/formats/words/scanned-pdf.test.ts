/** Words on the pages of a PDF that are scans, with their page; what is damaged or too large costs itself. */
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { drawnPoster } from '../../../fixtures/drawn-screenshot.ts'
import { type PdfPage, scannedPdf } from '../../../fixtures/scanned-pdf.ts'
import { MODELS_DIR } from '../../../src/base/version.ts'
import { prepareLanguage } from '../../../src/confined/decoder/language.ts'
import { pdf, preparePdf } from '../../../src/formats/documents/pdf.ts'
import type { ExtractedText } from '../../../src/formats/documents/text-extractor.ts'
import { loadDecoders } from '../../../src/formats/media/picture/decode.ts'
import type { WordParts } from '../../../src/formats/words/read-lines.ts'
import { wordParts } from '../../../src/formats/words/word-parts.ts'
import { scanReader } from '../../../src/formats/words/words-in-pdf.ts'

const LIMITS = { textChars: 1 << 20, unpackedBytes: 1 << 26, ratio: 1000 }
let parts: WordParts

beforeAll(async () => {
  await loadDecoders()
  await preparePdf()
  parts = await wordParts(MODELS_DIR, await prepareLanguage())
})

async function readOf(pages: readonly PdfPage[], words = true): Promise<ExtractedText> {
  const beside = { logs: {}, privileged: null, ...(words && { scans: scanReader(parts, LIMITS) }) }
  return pdf.extract(await scannedPdf(pages), LIMITS, beside as unknown as Parameters<typeof pdf.extract>[2])
}

function placeOf({ text, places = [] }: ExtractedText, word: string) {
  const at = text.indexOf(word)
  return at === -1 ? null : places.find(({ start, end }) => start <= at && at < end)!
}

const harbour = () => drawnPoster(['Meeting of the rowing club', 'on Saturday at the harbour'])
const invoice = () => drawnPoster(['Invoice number 48213', 'payable within thirty days'])
const blank = () =>
  sharp({ create: { width: 900, height: 1200, channels: 3, background: '#fff' } })
    .png()
    .toBuffer()

/** Five strips; a cut goes through the first line. */
async function strips(sheet: Buffer): Promise<Buffer[]> {
  const { width, height } = await sharp(sheet).metadata()
  const tall = height / 5
  return Promise.all(
    [0, 1, 2, 3, 4].map((i) =>
      sharp(sheet)
        .extract({ left: 0, top: i * tall, width, height: tall })
        .png()
        .toBuffer(),
    ),
  )
}

describe('the pages of a PDF that are scans', () => {
  it('are read behind the text of the document, each place with its page in points of the page', async () => {
    const read = await readOf([
      { text: 'A letter that was typed.' },
      { pictures: [await harbour()], text: 'Page 2' },
      { pictures: [await blank()] },
      { pictures: [await invoice()], packing: 'flate' },
      { pictures: [await harbour()], packing: 'bits' },
    ])
    expect(read.text.indexOf('typed')).toBeLessThan(read.text.indexOf('harbour'))
    expect(placeOf(read, 'typed')).toBeUndefined()
    const place = placeOf(read, 'harbour')!
    expect(place).toMatchObject({ page: 2 })
    expect(place.left + place.width).toBeLessThanOrEqual(595)
    expect(place.top + place.height).toBeLessThanOrEqual(842)
    expect(placeOf(read, 'Invoice')).toMatchObject({ page: 4 })
    expect(read.places!.map(({ page }) => page)).toContain(5)
    expect(read.warnings).toEqual([])
  })

  it('are whole where a scanner cut them into strips, and upright where the page is turned', async () => {
    const whole = await strips(await harbour())
    const onSide = await sharp(await invoice())
      .rotate(270)
      .png()
      .toBuffer()
    const read = await readOf([{ pictures: whole }, { pictures: [onSide], rotate: 90 }])
    expect(placeOf(read, 'rowing')).toMatchObject({ page: 1 })
    expect(placeOf(read, 'thirty')).toMatchObject({ page: 2 })
  })

  it('are not read without words in pictures', async () => {
    expect((await readOf([{ pictures: [await harbour()] }], false)).text).toBe('')
  })

  it('beyond the limit, too large or damaged are said, and the rest is read', async () => {
    const white = await sharp(await blank())
      .resize(48, 64)
      .png()
      .toBuffer()
    const many = await readOf([...Array(26)].map(() => ({ pictures: [white] })))
    expect(many.warnings).toEqual([{ code: 'pages-searched', params: { pages: 24, of: 26 } }])
    // Pages that paint no picture are no scans.
    const typed = [...Array(26)].map((_, i) => ({ text: `Slide ${i + 1}` }))
    const behind = await readOf([...typed, { pictures: [await harbour()] }])
    expect([placeOf(behind, 'harbour'), behind.warnings]).toEqual([expect.objectContaining({ page: 27 }), []])
    const huge = await readOf([
      { pictures: [await harbour()] },
      { pictures: [white], packing: 'flate', stated: [60_000, 60_000] },
    ])
    expect(placeOf(huge, 'harbour')).toMatchObject({ page: 1 })
    expect(huge.warnings).toEqual([{ code: 'pages-unreadable', params: { pages: 1, of: 2 } }])
    const text = await readOf([{ text: 'A letter that was typed.' }])
    expect([text.text, text.warnings]).toEqual(['A letter that was typed.', []])
  })
})

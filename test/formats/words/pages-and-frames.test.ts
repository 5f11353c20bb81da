/** Words and codes on the pages of a scan and in frames of a video, with the place of each. */
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { clip } from '../../../fixtures/clips.ts'
import { drawnQr } from '../../../fixtures/drawn-qr.ts'
import { drawnPoster } from '../../../fixtures/drawn-screenshot.ts'
import { textPages, textVideo } from '../../../fixtures/text-pages.ts'
import { MODELS_DIR } from '../../../src/base/version.ts'
import { prepareLanguage } from '../../../src/confined/decoder/language.ts'
import { sourceOfBuffer } from '../../../src/formats/bytes/byte-source.ts'
import type { ExtractedText } from '../../../src/formats/documents/text-extractor.ts'
import { loadFfmpeg } from '../../../src/formats/media/ffmpeg/ffmpeg.ts'
import { loadDecoders } from '../../../src/formats/media/picture/decode.ts'
import { heardAndShown, joinedTexts } from '../../../src/formats/words/joined-text.ts'
import type { WordParts } from '../../../src/formats/words/read-lines.ts'
import { wordParts } from '../../../src/formats/words/word-parts.ts'
import { wordReader } from '../../../src/formats/words/words-in-picture.ts'
import { frameReader } from '../../../src/formats/words/words-in-video.ts'

const LIMITS = { textChars: 1 << 20, pixels: 178_956_970 }
let parts: WordParts

beforeAll(async () => {
  await loadDecoders()
  await loadFfmpeg()
  parts = await wordParts(MODELS_DIR, await prepareLanguage())
})

/** Where a word stands. */
function placeOf({ text, places = [] }: ExtractedText, word: string) {
  const at = text.indexOf(word)
  return at === -1 ? null : places.find(({ start, end }) => start <= at && at < end)!
}

const codesOf = ({ attributes = [] }: ExtractedText) =>
  attributes.flatMap((one) => (one.code === 'qr-code' ? [one.params] : []))

const WHITE = { create: { width: 900, height: 600, channels: 3 as const, background: '#ffffff' } }
const blank = () => sharp(WHITE).png().toBuffer()
const first = () => drawnPoster(['Meeting of the rowing club', 'on Saturday at the harbour'])
const second = () => drawnPoster(['Invoice number 48213', 'payable within thirty days'])

describe('the pages of a scan', () => {
  it('are each searched, and each place names its page', async () => {
    const scan = await textPages([
      await first(),
      await blank(),
      await second(),
      await drawnQr('https://example.org/x'),
    ])
    const read = await wordReader(parts)(scan, 'image/tiff', LIMITS)
    expect(placeOf(read, 'harbour')).toMatchObject({ page: 1, top: expect.any(Number) })
    expect(placeOf(read, 'Invoice')).toMatchObject({ page: 3 })
    expect(codesOf(read)).toEqual([expect.objectContaining({ text: 'https://example.org/x', page: 4 })])
    expect(read.warnings).toEqual([])
  })

  it('that are more than are searched are said', async () => {
    const white = await blank()
    const scan = await textPages(
      Array.from({ length: 26 }, () => white),
      [48, 32],
    )
    const read = await wordReader(parts)(scan, 'image/tiff', LIMITS)
    expect(read.warnings).toEqual([{ code: 'pages-searched', params: { pages: 24, of: 26 } }])
  })

  it('that cannot be decoded cost themselves alone', async () => {
    const scan = await textPages([await first(), await second()])
    // The second page states sides of 60,000 points (TIFF 6.0, tags 256 and 257).
    const read = await wordReader(parts)(withHugePage(scan), 'image/tiff', LIMITS)
    expect(placeOf(read, 'harbour')).toMatchObject({ page: 1 })
    expect(read.warnings).toEqual([{ code: 'pages-unreadable', params: { pages: 1, of: 2 } }])
  })
})

function withHugePage(scan: Buffer): Buffer {
  const bytes = Buffer.from(scan)
  const second = bytes.readUInt32LE(directoryEnd(bytes, bytes.readUInt32LE(4)))
  for (let entry = second + 2; entry < directoryEnd(bytes, second); entry += 12)
    if ([256, 257].includes(bytes.readUInt16LE(entry))) bytes.writeUInt16LE(60_000, entry + 8)
  return bytes
}

function directoryEnd(bytes: Buffer, at: number): number {
  return at + 2 + 12 * bytes.readUInt16LE(at)
}

describe('frames of a video', () => {
  it('are searched for words and codes; each place names its time, and what stands longer is read once', async () => {
    const video = await textVideo([await first(), await drawnQr('https://example.org/y'), await second()], 2)
    const read = (await frameReader(parts)(sourceOfBuffer(video), 'video/mp4', LIMITS))!
    expect(placeOf(read, 'harbour')!.ms).toBe(0)
    expect(placeOf(read, 'Invoice')!.ms).toBe(4000)
    expect(codesOf(read)).toEqual([expect.objectContaining({ text: 'https://example.org/y', ms: 2000 })])
    expect(read.text.split('harbour').length).toBe(2)
    expect(read.notes).toEqual([{ code: 'frames-searched', params: { frames: 12 } }])
  })

  it('without a word are searched frames, and not a video without words: others were not searched', async () => {
    const read = (await frameReader(parts)(sourceOfBuffer(await clip(1)), 'video/mp4', LIMITS))!
    expect(read.without?.result).not.toBe('not-applicable')
    expect(read.notes?.map(({ code }) => code)).toContain('frames-searched')
  })

  it('have the result of the sound beside them, where there is one', async () => {
    const shown: ExtractedText = {
      text: 'a slide',
      places: [],
      warnings: [],
      without: { result: 'not-applicable', reason: 'no-text', detail: null },
    }
    const silent: ExtractedText = {
      text: '',
      warnings: [],
      without: { result: 'not-applicable', reason: 'no-sound', detail: null },
    }
    const spoken: ExtractedText = {
      text: '',
      warnings: [],
      without: { result: 'done-with-warnings', reason: 'speech-not-transcribed', detail: null },
    }
    expect(heardAndShown(silent, shown)).toMatchObject({ text: 'a slide', without: { reason: 'no-text' } })
    expect(heardAndShown(silent, shown).whenRead).toBeUndefined()
    expect(heardAndShown(spoken, shown).whenRead).toMatchObject({ reason: 'speech-not-transcribed' })
  })

  it('of more text than is kept are cut, and say so', () => {
    const texts = ['a page', 'and another'].map((text) => ({ text, warnings: [] }))
    const warnings = [{ code: 'text-cut', params: { characters: 10 } }]
    expect(joinedTexts(texts, 10)).toMatchObject({ text: 'a page\nand', warnings })
    expect(joinedTexts(texts, 18)).toMatchObject({ text: 'a page\nand another', warnings: [] })
  })

  it('that cannot be decoded are nothing beside what is heard', async () => {
    expect(await frameReader(parts)(sourceOfBuffer(Buffer.from('no video')), 'video/mp4', LIMITS)).toBeNull()
  })
})

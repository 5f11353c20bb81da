/** The text of a picture, or of the pages of a scan, which is a TIFF of several. */
import { notApplicable, notDone } from '../../contracts/stage.ts'
import type { TextNote } from '../../contracts/text-note.ts'
import type { ExtractedText, WordReader } from '../documents/text-extractor.ts'
import { decodePicture } from '../media/picture/decode.ts'
import { sharpDecoder } from '../media/pixels/decode-sharp.ts'
import type { Decoded } from '../media/pixels/picture.ts'
import { joinedTexts } from './joined-text.ts'
import { readWhole } from './picture-text.ts'
import { LINES_OF_SEVERAL, type WordParts } from './read-lines.ts'

export function wordReader(parts: WordParts): WordReader {
  return async (bytes, mediaType, limits) => {
    const decoded = await decodePicture(bytes, mediaType, { pixels: limits.pixels })
    if (!decoded.ok) return { text: '', warnings: [], without: notDone(decoded.reason, decoded.detail) }
    const { pages, format } = decoded
    if (pages > 1 && format === 'tiff') return readPages(bytes, decoded, parts, limits)
    const read = await readWhole(decoded.picture, parts, limits)
    // Frames of an animation mostly show the same.
    return pages > 1 ? { ...read, notes: [...(read.notes ?? []), firstPage(pages)] } : read
  }
}

/** Pages of a scan that are searched. */
export const MOST_PAGES = 24

async function readPages(
  bytes: Buffer,
  first: Extract<Decoded, { ok: true }>,
  parts: WordParts,
  limits: Parameters<WordReader>[2],
): Promise<ExtractedText> {
  const budget = { ...LINES_OF_SEVERAL }
  const texts: ExtractedText[] = []
  const most = Math.min(MOST_PAGES, first.pages)
  let unreadable = 0
  for (let page = 1; page <= most; page++) {
    const decoded =
      page === 1
        ? first
        : await sharpDecoder.decode(bytes, 'image/tiff', { pixels: limits.pixels, page: page - 1 })
    if (decoded.ok) texts.push(await readWhole(decoded.picture, parts, limits, { at: { page }, budget }))
    else unreadable++
  }
  const joined = joinedTexts(texts, limits.textChars)
  const gate = texts.find(({ whenRead }) => whenRead !== undefined)?.whenRead
  const warnings: TextNote[] = [
    ...joined.warnings,
    ...(unreadable > 0
      ? [{ code: 'pages-unreadable' as const, params: { pages: unreadable, of: first.pages } }]
      : []),
    ...(first.pages > most
      ? [{ code: 'pages-searched' as const, params: { pages: most, of: first.pages } }]
      : []),
  ]
  const isEmpty = texts.every(({ without }) => without?.result === 'not-applicable')
  return {
    ...joined,
    warnings,
    ...(gate && { whenRead: gate }),
    ...(warnings.length === 0 && (isEmpty || gate) && { without: gate ?? notApplicable('no-text') }),
  }
}

function firstPage(pages: number): TextNote {
  return { code: 'first-page-searched', params: { of: pages } }
}

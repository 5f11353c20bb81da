/** The words of the pages of a PDF that are scans, behind the text that the document has itself. */
import type { TextNote } from '../../contracts/text-note.ts'
import type { ExtractedText, ScanReader } from '../documents/text-extractor.ts'
import { joinedTexts } from './joined-text.ts'
import { readWhole } from './picture-text.ts'
import { LINES_OF_SEVERAL, type WordParts } from './read-lines.ts'
import { MOST_PAGES } from './words-in-picture.ts'

/** Of one document. */
export function scanReader(parts: WordParts, limits: { readonly textChars: number }): ScanReader {
  const budget = { ...LINES_OF_SEVERAL }
  const texts: ExtractedText[] = []
  let [scans, left] = [0, 0]
  return {
    takes() {
      if (scans < MOST_PAGES) return true
      left++
      return false
    },
    async read({ picture, unit }, page) {
      scans++
      const { places, ...read } = await readWhole(picture, parts, limits, { at: { page }, budget })
      const inPoints = (value: number) => Math.round(value * unit)
      texts.push({
        ...read,
        places: (places ?? []).map((place) => ({
          ...place,
          left: inPoints(place.left),
          top: inPoints(place.top),
          width: inPoints(place.width),
          height: inPoints(place.height),
        })),
      })
    },
    joined(own) {
      // Of those left some may be no scans.
      const over: TextNote[] =
        left > 0 ? [{ code: 'pages-searched', params: { pages: MOST_PAGES, of: MOST_PAGES + left } }] : []
      if (texts.length === 0) return { ...own, warnings: [...own.warnings, ...over] }
      const joined = joinedTexts([own, ...texts], limits.textChars)
      const gate = texts.find(({ whenRead }) => whenRead !== undefined)?.whenRead
      const warnings = [...joined.warnings, ...over]
      return {
        ...joined,
        warnings,
        ...(gate && { whenRead: gate }),
        ...(gate && warnings.length === 0 && { without: gate }),
      }
    },
  }
}

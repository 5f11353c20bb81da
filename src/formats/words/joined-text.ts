/** Texts of the pages of a scan, or of frames of a video, as the text of one content; and the same with what was heard. */
import type { TextNote } from '../../contracts/text-note.ts'
import type { ExtractedText } from '../documents/text-extractor.ts'

/**
 * One after the other: places keep their stretch of the text.
 * @param mostChars a longer text is cut, and says so; absent: it is not cut
 */
export function joinedTexts(texts: readonly ExtractedText[], mostChars?: number): ExtractedText {
  let text = ''
  const moved = texts.map((one) => {
    if (text !== '' && !text.endsWith('\n')) text += '\n'
    const by = text.length
    text += one.text
    return {
      places: (one.places ?? []).map((place) => ({ ...place, start: place.start + by, end: place.end + by })),
      unsure: (one.unsure ?? []).map(([start, end]) => [start + by, end + by] as const),
    }
  })
  const all = <T>(of: (one: ExtractedText) => readonly T[] | undefined) =>
    texts.flatMap((one) => of(one) ?? [])
  const [messages, about] = [all((one) => one.messages), all((one) => one.about)]
  const isCut = mostChars !== undefined && text.length > mostChars
  const cut: TextNote[] = isCut ? [{ code: 'text-cut', params: { characters: mostChars } }] : []
  return {
    text: isCut ? text.slice(0, mostChars) : text,
    places: moved.flatMap(({ places }) => places),
    unsure: moved.flatMap(({ unsure }) => unsure),
    ...(messages.length > 0 && { messages }),
    addresses: all((one) => one.addresses),
    attributes: all((one) => one.attributes),
    ...(about.length > 0 && { about }),
    notes: all((one) => one.notes),
    warnings: added([...all((one) => one.warnings), ...cut]),
  }
}

/** What a video says and what it shows. Its own result is that of the sound, where there is one. */
export function heardAndShown(heard: ExtractedText, shown: ExtractedText): ExtractedText {
  const joined = joinedTexts([heard, shown])
  const hasSound = heard.without?.result !== 'not-applicable'
  const result = hasSound ? heard.without : (shown.whenRead ?? shown.without)
  return {
    ...joined,
    ...(result !== undefined && joined.warnings.length === 0 && { without: result }),
    ...(result !== undefined && result.result !== 'not-applicable' && { whenRead: result }),
  }
}

/** Warnings of one code are one, with the sum of what they count. */
function added(warnings: readonly TextNote[]): TextNote[] {
  const sums = new Map<string, TextNote>()
  for (const one of warnings) {
    const before = sums.get(one.code)
    if (before?.code === 'lines-unread' && one.code === 'lines-unread')
      sums.set(one.code, { ...one, params: { lines: before.params.lines + one.params.lines } })
    else if (before?.code === 'strips-unsearched' && one.code === 'strips-unsearched')
      sums.set(one.code, { ...one, params: { strips: before.params.strips + one.params.strips } })
    else if (before === undefined) sums.set(one.code, one)
  }
  return [...sums.values()]
}

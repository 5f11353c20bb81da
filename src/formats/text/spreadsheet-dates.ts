/**
 * Formats spreadsheet dates, which are stored as a number of days and displayed by the cell format. A person searches
 * for the date, so the text contains it: `2024-05-06`, `2024-05-06 07:08:09`, `07:08:09`.
 *
 * @see ECMA-376 part 1, 18.8.30 (numFmt, built-in identifiers) and 18.17.4 (dates and times)
 */

/** Built-in formats that show a date or a time, including those of East Asian languages. */
const BUILT_IN: readonly (readonly [from: number, to: number])[] = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
]

/** @param code the format code of the document; null for a built-in format */
export function isDateFormat(id: number, code: string | null): boolean {
  if (code === null) return BUILT_IN.some(([from, to]) => id >= from && id <= to)
  // Text in quotes or behind a backslash is literal; brackets contain colours, conditions and languages.
  const bare = code.replace(/"[^"]*"|\\.|_.|\*./g, '').replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '')
  return /[ymdhs]/i.test(bare) && !/general|standard/i.test(bare)
}

const DAY_MS = 86_400_000
/** 31 December 9999, the last day of a spreadsheet. */
const LAST_DAY = 2_958_465

/**
 * @param days since the end of 1899, or since the beginning of 1904
 * @returns null when the value is not a date: negative, too large, not a number
 */
export function dateText(days: number, from1904: boolean): string | null {
  if (!(days >= 0) || days > LAST_DAY + 1) return null
  const seconds = Math.round((days % 1) * 86_400)
  const time = new Date(seconds * 1000).toISOString().slice(11, 19)
  const whole = Math.floor(days) + (seconds === 86_400 ? 1 : 0)
  if (whole === 0 && !from1904) return time
  // The first spreadsheet treated 1900 as a leap year, and all others copy this error: from March the count is one
  // too high.
  const start = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, whole < 60 ? 31 : 30)
  const day = new Date(start + whole * DAY_MS).toISOString().slice(0, 10)
  return time === '00:00:00' ? day : `${day} ${time}`
}

/** Makes text from a child safe for a terminal, a log line and a ledger: no control, format or bidi characters. */

/** @returns at most `limit` characters, everything unprintable as `\u{…}` */
export function printable(text: string, limit = 500): string {
  const escaped = text.replace(
    /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (char) => `\\u{${(char.codePointAt(0) as number).toString(16)}}`,
  )
  return escaped.length > limit ? `${escaped.slice(0, limit)}…` : escaped
}

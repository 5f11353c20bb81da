/** Messages about the text of one content. */

import type { Secret } from '../contracts/lock.ts'
import type { PrivilegedSenders } from '../contracts/privilege.ts'
import type { CompanionSizes } from './companion-files.ts'

export interface TextLimits {
  /** UTF-16 units of text; the rest is left out with a warning. */
  readonly textChars: number
  /** Bytes that one content may unpack into. */
  readonly unpackedBytes: number
  readonly ratio: number
}

export interface ReadTextHeader extends CompanionSizes {
  readonly mediaType: string
  readonly limits: TextLimits
  /** Most pixels of a picture in which words are read. */
  readonly pixels: number
  readonly privileged: PrivilegedSenders | null
  /** Passwords of the keys file, for a document that takes one; absent: none. */
  readonly secrets?: readonly Secret[]
  /** SHA-256 of a content that is read in place, to be found again; absent: it is not. */
  readonly sha256?: string
  /** Whether the text itself is wanted back. */
  readonly text: boolean
}

/** Invariant 7. One less, because an escaped and cut quote ends with an ellipsis. */
export const QUOTE_CHARACTERS = 200

/** The text with these stretches as blanks: what follows keeps its place. */
export function blanked(text: string, stretches: readonly (readonly [number, number])[]): string {
  let [out, from] = ['', 0]
  for (const [start, end] of [...stretches].sort((a, b) => a[0] - b[0])) {
    if (end <= from) continue
    out +=
      text.slice(from, Math.max(from, start)) + ' '.repeat(Math.min(end, text.length) - Math.max(from, start))
    from = Math.min(end, text.length)
  }
  return out + text.slice(from)
}

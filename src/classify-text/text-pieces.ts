/** Splits text without turns into pieces of about a paragraph, at the end of a line or sentence. */

export interface TextPiece {
  readonly text: string
  /** Offset in the whole text. */
  readonly start: number
}

/** A chat copied as text has a dozen short lines in as many letters. */
const PIECE_CHARS = 500

export function piecesOf(text: string): TextPiece[] {
  const pieces: TextPiece[] = []
  let start = 0
  while (start < text.length) {
    const end = start + PIECE_CHARS >= text.length ? text.length : cutBefore(text, start, start + PIECE_CHARS)
    pieces.push({ text: text.slice(start, end), start })
    start = end
  }
  return pieces.length === 0 ? [{ text: '', start: 0 }] : pieces
}

/** Cuts after the last line, sentence or word that ends in the second half of the piece; without one, at the limit. */
function cutBefore(text: string, start: number, end: number): number {
  const middle = start + PIECE_CHARS / 2
  for (const stop of ['\n', '. ', '? ', '! ', '। ', ' ']) {
    const at = text.lastIndexOf(stop, end - stop.length)
    if (at >= middle) return at + stop.length
  }
  // Never between the two halves of a character.
  return /[\ud800-\udbff]/.test(text[end - 1]!) ? end - 1 : end
}

/** PDF: to the last end mark with a cross-reference at the stated offset; a linearised file states its length. */
import type { Carver } from '../common/carver.ts'
import { Window } from '../common/window.ts'

const END_MARK = Buffer.from('%%EOF')
const HEADER = /^%PDF-[12]\.\d/
/** Behind an end mark: later editions of the same file append theirs, seldom farther away. */
const MOST_BETWEEN_MARKS = 16 << 20

export const PDF: Carver = {
  name: 'pdf',
  mediaType: 'application/pdf',
  begins: (head) => HEADER.test(head.toString('latin1', 0, 8)),
  lengthOf(medium, offset, maxBytes) {
    const file = new Window(medium, offset, maxBytes)
    const stated = statedLength(file)
    if (
      stated !== null &&
      stated <= file.sizeBytes &&
      file.find(END_MARK, Math.max(0, stated - 32), stated) >= 0
    )
      return { length: stated, complete: true }
    let length = 0
    let complete = false
    for (let from = 0; ; ) {
      const mark = file.find(END_MARK, from, Math.min(file.sizeBytes, from + MOST_BETWEEN_MARKS))
      if (mark < 0) break
      const points = startsAt(file, mark)
      // An end mark that leads nowhere, behind one that leads to a cross-reference, belongs to another file.
      if (points === null || (complete && !points)) break
      from = mark + END_MARK.length
      length = behindLine(file, from)
      complete ||= points
    }
    return length > 0 ? { length, complete } : null
  },
}

/** `/Linearized … /L n` in the first object. */
function statedLength(file: Window): number | null {
  const first = file.some(0).toString('latin1', 0, 1024)
  const stated = /\/Linearized[^>]*\/L\s+(\d{1,15})/.exec(first)?.[1]
  return stated === undefined ? null : Number(stated)
}

/**
 * True where the number before an end mark is the offset of a cross-reference inside the file; null when there is no
 * such number.
 */
function startsAt(file: Window, mark: number): boolean | null {
  const from = Math.max(0, mark - 64)
  const stated = /startxref\s+(\d{1,15})\s*$/.exec(file.text(from, mark - from) ?? '')?.[1]
  if (stated === undefined) return null
  const at = Number(stated)
  // The first part of a linearised file contains zero.
  return (
    at > 0 && at < mark && /^\s*(?:xref|\d+\s+\d+\s+obj)/.test(file.text(at, Math.min(32, mark - at)) ?? '')
  )
}

function behindLine(file: Window, at: number): number {
  const next = file.text(at, Math.min(2, file.sizeBytes - at)) ?? ''
  return at + (next === '\r\n' ? 2 : /^[\r\n]/.test(next) ? 1 : 0)
}

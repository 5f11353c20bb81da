/**
 * RIFF: chunks with their sizes inside one with its own. WebP pictures, and AVI videos (with further RIFF parts behind
 * the first).
 */
import type { Medium } from '../../../../contracts/image.ts'
import type { CarvedLength, Carver } from '../common/carver.ts'
import { Window } from '../common/window.ts'

const HEADER = 12

export const WEBP: Carver = {
  name: 'webp',
  mediaType: 'image/webp',
  begins: (head) => isRiff(head, 'WEBP') && /^VP8[ LX]$/.test(head.toString('latin1', HEADER, HEADER + 4)),
  lengthOf: (medium, offset, maxBytes) => riffLength(medium, offset, maxBytes),
}

export const AVI: Carver = {
  name: 'avi',
  mediaType: 'video/x-msvideo',
  begins: (head) => isRiff(head, 'AVI ') && head.toString('latin1', HEADER, HEADER + 4) === 'LIST',
  lengthOf(medium, offset, maxBytes) {
    let found = riffLength(medium, offset, maxBytes)
    const more = new Window(medium, offset, maxBytes)
    // OpenDML: data beyond the first gigabyte follow as `AVIX`.
    while (
      found?.complete &&
      more.text(found.length, 4) === 'RIFF' &&
      more.text(found.length + 8, 4) === 'AVIX'
    ) {
      const next = riffLength(medium, offset + found.length, maxBytes - found.length)
      if (!next) break
      found = { length: found.length + next.length, complete: next.complete }
    }
    return found
  },
}

function isRiff(head: Buffer, form: string): boolean {
  return head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, HEADER) === form
}

function riffLength(medium: Medium, offset: number, maxBytes: number): CarvedLength | null {
  const file = new Window(medium, offset, maxBytes)
  const size = file.u32le(4)
  if (size === null || size < 4 + 8) return null
  const end = 8 + size
  let at = HEADER
  let chunks = 0
  while (at + 8 <= Math.min(end, file.sizeBytes)) {
    const name = file.text(at, 4)
    const length = file.u32le(at + 4)
    if (name === null || length === null || !/^[\x20-\x7e]{4}$/.test(name) || at + 8 + length > end) break
    at += 8 + length + (length & 1)
    chunks++
  }
  if (chunks === 0) return null
  if (at >= end && end <= file.sizeBytes)
    return { length: Math.min(end + (size & 1), file.sizeBytes), complete: true }
  return { length: Math.min(at, end, file.sizeBytes), complete: false }
}

/** Lists the files attached to a Matroska video: covers, fonts and other files. @see RFC 9559, 5.1.6 */

import type { ByteSource } from '../../bytes/byte-source.ts'
import { elementAt } from '../../signatures/embedded/cover-notices.ts'
import type { Stretch } from './behind.ts'

export interface Attachment extends Stretch {
  readonly name: string | null
}

const SEGMENT = 0x18538067
const ATTACHMENTS = 0x1941a469
const FILE = 0x61a7
const NAME = 0x466e
const DATA = 0x465c
/** Enough for one cluster a second. */
const MOST_ELEMENTS = 1_000_000
const NAME_BYTES = 1024

interface Placed extends Stretch {
  readonly id: number
}

export function* attachments(source: ByteSource): Generator<Attachment> {
  const { sizeBytes } = source
  for (const segment of elements(source, 0, sizeBytes)) {
    if (segment.id !== SEGMENT) continue
    for (const part of elements(source, segment.from, segment.to))
      if (part.id === ATTACHMENTS)
        for (const file of elements(source, part.from, part.to))
          if (file.id === FILE) yield* fileIn(source, file)
  }
}

function* fileIn(source: ByteSource, { from, to }: Stretch): Generator<Attachment> {
  const parts = [...elements(source, from, to)]
  const data = parts.find(({ id }) => id === DATA)
  const named = parts.find(({ id }) => id === NAME)
  const name = named && source.read(named.from, Math.min(NAME_BYTES, named.to - named.from)).toString('utf8')
  if (data) yield { from: data.from, to: data.to, name: name || null }
}

function* elements(source: ByteSource, from: number, to: number): Generator<Placed> {
  for (let at = from, i = 0; at < to && i < MOST_ELEMENTS; i++) {
    const element = elementAt(source.read(at, 12))
    if (element === null) return
    const begins = at + element.headBytes
    at = Math.min(begins + element.size, to)
    yield { id: element.id, from: begins, to: at }
  }
}

/** What lies in and behind pictures, sounds and films, and what is written into text, by media type: as if each were appended to its content. */

import type { ByteSource } from '../../bytes/byte-source.ts'
import { endOf } from '../../signatures/embedded/ends.ts'
import type { Appended } from '../program-archive.ts'
import { behind } from './behind.ts'
import { covers } from './covers.ts'
import { written } from './written.ts'

/** @param known what lies behind and is seen to otherwise */
export function within(source: ByteSource, mediaType: string, known: Appended | null): Appended[] {
  const taken = known === null ? [] : [{ from: known.startsAt, to: known.endsAt }]
  const part = (members: Appended['members']): Appended => ({
    source,
    startsAt: 0,
    endsAt: source.sizeBytes,
    members,
    isArchive: false,
  })
  const cover = covers(mediaType) ?? written(mediaType)
  return [
    ...(cover === null ? [] : [part(cover)]),
    ...(endOf(mediaType) === null ? [] : [part((whole, budget) => behind(whole, mediaType, taken, budget))]),
  ]
}

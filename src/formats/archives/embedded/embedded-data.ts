/**
 * Lists embedded data of pictures, sounds, videos and text, by media type. The result has the form of appended
 * archives.
 */

import type { ByteSource } from '../../bytes/byte-source.ts'
import { endOf } from '../../signatures/embedded/ends.ts'
import type { Appended } from '../program-archive.ts'
import { behind } from './behind.ts'
import { covers } from './covers.ts'
import { written } from './written.ts'

/** @param known the appended archive that another extractor handles */
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

/** Current container in the pass over a top-level container, and the extractors for it. */

import { holdsOthers } from '../../media-types/applies.ts'
import { placedType } from '../../media-types/placed-types.ts'
import { UNRECOGNISED } from '../../media-types/sample.ts'
import type { ByteSource } from '../bytes/byte-source.ts'
import { mayHaveAppended } from '../signatures/appended.ts'
import { identifyContent } from '../signatures/index.ts'
import { appendedZip } from './appended-zip.ts'
import { aresState } from './ares-state.ts'
import type { Extractor, Member } from './common/container.ts'
import { within } from './embedded/embedded-data.ts'
import { extractorFor } from './index.ts'
import { officeZip } from './office-zip.ts'
import { thumbnailExtractor } from './picture-thumbnail.ts'
import { type Appended, programArchive } from './program-archive.ts'
import { zip } from './zip.ts'

/** A container with random access, or one that is too large for memory and arrives in pieces. */
export type Place = { readonly suffix: string; readonly mediaType: string } & (
  | { readonly source: ByteSource; readonly pieces: null }
  | { readonly source: null; readonly pieces: AsyncIterable<Buffer> }
)

export interface Extractors {
  readonly own: Pick<Extractor, 'members' | 'streamed' | 'inMemory'> | null
  /** Embedded and appended data, in the order of expansion. */
  readonly appended: readonly Appended[]
}

/**
 * For a listing, a picture is a container only of its embedded and appended data. On the path to a target, its
 * thumbnails are members too.
 */
export function extractorsOf({ mediaType, source }: Place, list: boolean): Extractors {
  return {
    own: ownOpener(mediaType, source) ?? (list ? null : thumbnailExtractor(mediaType)),
    appended: source === null ? [] : appendedTo(source, mediaType),
  }
}

/** Media type of a member, by the same rule as in the main process (source/locked-places.ts). */
export async function typeOfMember(bytes: Buffer, { name }: Member): Promise<string> {
  const { mediaType } = await identifyContent(bytes)
  if (mediaType !== UNRECOGNISED) return mediaType
  return placedType(name.toString('latin1'), BigInt(bytes.length)) ?? mediaType
}

function appendedTo(source: ByteSource, mediaType: string): Appended[] {
  const known = archiveBehind(source, mediaType)
  return [...(known === null ? [] : [known]), ...within(source, mediaType, known)]
}

function archiveBehind(source: ByteSource, mediaType: string): Appended | null {
  if (!mayHaveAppended(mediaType)) return aresState(source)
  const found = appendedZip(source)
  return found === null ? (programArchive(source) ?? aresState(source)) : { ...found, members: zip.members }
}

/** More document types exist than the extractors name. One type (Visio's) is either a compound file or a ZIP. */
function ownOpener(mediaType: string, source: ByteSource | null): Extractor | null {
  const named = extractorFor(mediaType)
  const isOther = (named === null || mediaType === 'application/vnd.visio') && holdsOthers(mediaType)
  return isOther && source?.read(0, LOCAL.length).equals(LOCAL) ? officeZip : named
}

/** Signature of the local header of a ZIP member. */
const LOCAL = Buffer.from('PK\x03\x04', 'latin1')

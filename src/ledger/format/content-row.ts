/** Contents as rows of the table `content`, and back. Digests are stored as bytes and travel as lower-case hex. */
import type { Content, Digests } from '../../contracts/content.ts'
import type { MatchResult } from '../../contracts/ledger.ts'
import { laterStage, type StageResult, UNRECOGNISED_BIT } from '../../contracts/stage.ts'
import { holdsOthers } from '../../media-types/applies.ts'
import { UNRECOGNISED } from '../../media-types/sample.ts'
import { applicableStages, type MoreText } from './applicability.ts'

import { resultFromRow, resultValues } from './result-row.ts'
import type { Value } from './tables.ts'

const OPENABLE = laterStage('opened').bit
const OF_DEVICE = laterStage('records-read').bit

/** A row of `content` as read with big integers. */
export interface ContentRow {
  readonly id: bigint
  readonly sha256: Buffer
  readonly md5: Buffer
  readonly sha1: Buffer
  readonly blake3: Buffer
  readonly ed2k_red: Buffer | null
  readonly ed2k_blue: Buffer | null
  readonly size: bigint
  readonly media_type: string
  readonly applicable: bigint
  readonly matched_result: string
  readonly matched_reason: string | null
  readonly matched_detail_code: string | null
  readonly matched_detail_params: string | null
  readonly suppressed_by: string | null
}

export function contentValues(id: number, content: Content, match: MatchResult, more: MoreText): Value[] {
  const { digests } = content
  return [
    id,
    hex(digests.sha256),
    hex(digests.md5),
    hex(digests.sha1),
    hex(digests.blake3),
    digests.ed2kRed === undefined ? null : hex(digests.ed2kRed),
    digests.ed2kBlue === undefined ? null : hex(digests.ed2kBlue),
    content.sizeBytes,
    content.mediaType,
    stagesFor(content, more),
    ...resultValues(match.result),
    match.suppressedBy,
  ]
}

/**
 * Contents of unrecognised type are many: artefact parsing applies to one only when its place names a device record.
 */
function stagesFor({ mediaType, hasAppended, toldByPlace }: Content, more: MoreText): number {
  const stages = applicableStages(mediaType, more) | (hasAppended ? OPENABLE : 0)
  if (mediaType !== UNRECOGNISED) return stages
  return (toldByPlace ? stages : stages & ~OF_DEVICE) | UNRECOGNISED_BIT
}

export function contentFromRow(row: ContentRow): Content {
  const { media_type: mediaType, size: sizeBytes } = row
  // A container by media type is expanded anyway.
  const hasAppended = (Number(row.applicable) & OPENABLE) !== 0 && !holdsOthers(mediaType)
  const toldByPlace = (Number(row.applicable) & OF_DEVICE) !== 0 && mediaType === UNRECOGNISED
  return {
    digests: digestsFromRow(row),
    sizeBytes,
    mediaType,
    ...(hasAppended && { hasAppended }),
    ...(toldByPlace && { toldByPlace }),
  }
}

export function matchedFromRow(row: ContentRow): StageResult {
  return resultFromRow(
    row.matched_result,
    row.matched_reason,
    row.matched_detail_code,
    row.matched_detail_params,
  )
}

function digestsFromRow(row: ContentRow): Digests {
  return {
    md5: row.md5.toString('hex'),
    sha1: row.sha1.toString('hex'),
    sha256: row.sha256.toString('hex'),
    blake3: row.blake3.toString('hex'),
    ...(row.ed2k_red && { ed2kRed: row.ed2k_red.toString('hex') }),
    ...(row.ed2k_blue && { ed2kBlue: row.ed2k_blue.toString('hex') }),
  }
}

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex')
}

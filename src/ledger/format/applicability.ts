/**
 * Which stages apply to a media type. The answer is stored with each content when it is first read, so that a ledger
 * keeps its own answer when the table of media types grows.
 */
import type { Scope } from '../../contracts/case.ts'
import { LATER_STAGES } from '../../contracts/stage.ts'
import { mediaTypeRow } from '../../media-types/applies.ts'

/** Bits of LATER_STAGES. */
export function applicableStages(mediaType: string): number {
  const row = mediaTypeRow(mediaType)
  return LATER_STAGES.reduce((bits, { bit, family }) => (row[family] === undefined ? bits : bits | bit), 0)
}

/**
 * Whether the scope includes this media type in the unknown phase. `image/*` names a family; an empty list means every
 * type.
 */
export function inMediaScope(mediaType: string, scope: Scope): boolean {
  return (
    scope.mediaTypes.length === 0 ||
    scope.mediaTypes.some((wanted) =>
      wanted.endsWith('/*') ? mediaType.startsWith(wanted.slice(0, -1)) : mediaType === wanted,
    )
  )
}

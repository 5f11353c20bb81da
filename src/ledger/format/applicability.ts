/**
 * Which stages apply to a media type. The answer is stored with each content when it is first read, so that a ledger
 * keeps its own answer when the table of media types grows.
 */
import type { Scope } from '../../contracts/case.ts'
import { LATER_STAGES, laterStage } from '../../contracts/stage.ts'
import { mediaTypeRow } from '../../media-types/applies.ts'

/** Bits of LATER_STAGES. @param words whether the plan has the words in pictures read */
export function applicableStages(mediaType: string, words = false): number {
  const row = mediaTypeRow(mediaType)
  const bits = LATER_STAGES.reduce((all, { bit, family }) => (row[family] === undefined ? all : all | bit), 0)
  return words && row.look === 'picture' ? bits | laterStage('text-read').bit : bits
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

/**
 * Which stages apply to a media type. The answer is stored with each content when it is first read, so that a ledger
 * keeps its own answer when the table of media types grows.
 */
import type { Plan, Scope } from '../../contracts/case.ts'
import { hearsSpeech } from '../../contracts/speech.ts'
import { LATER_STAGES, laterStage } from '../../contracts/stage.ts'
import { readsWordsInPictures } from '../../contracts/words-in-pictures.ts'
import { holdsSound, mediaTypeRow } from '../../media-types/applies.ts'

/** What a plan has read as text beside texts. */
export interface MoreText {
  /** Words in pictures. */
  readonly words: boolean
  /** Speech in sounds and videos. */
  readonly speech: boolean
}

export function moreTextOf(plan: Plan): MoreText {
  return { words: readsWordsInPictures(plan), speech: hearsSpeech(plan) }
}

/** Bits of LATER_STAGES. */
export function applicableStages(
  mediaType: string,
  more: MoreText = { words: false, speech: false },
): number {
  const row = mediaTypeRow(mediaType)
  const bits = LATER_STAGES.reduce((all, { bit, family }) => (row[family] === undefined ? all : all | bit), 0)
  const isText = (more.words && row.look === 'picture') || (more.speech && holdsSound(mediaType))
  return isText ? bits | laterStage('text-read').bit : bits
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

/**
 * Places from which a content is read again. A member of a container is recorded once, at one copy of it, and lies in every
 * other copy too: where the first is away or damaged, another one is read.
 */
import type { EntryView } from '../contracts/view.ts'
import type { ReviewSession } from './session.ts'

const MOST = 1000

/** True where any place of it can be read from an exhibit that is at hand. */
export function hasPlaceAtHand(session: ReviewSession, number: number): boolean {
  const { lookup, catalogue, asked } = session
  if (asked.ofCase === undefined) return true
  return (
    lookup.placesOf(catalogue.ids[number]!).some(asked.ofCase.isAtHand) ||
    placesAtHand(session, number, 1).length > 0
  )
}

/** @param most of the recorded places, and of those that follow from them @returns recorded places first */
export function placesAtHand(session: ReviewSession, number: number, most = MOST): readonly EntryView[] {
  const { lookup, facts, catalogue, asked } = session
  const { isAtHand = () => true, isPathAtHand = () => true } = asked.ofCase ?? {}
  const every = lookup.placesOf(catalogue.ids[number]!)
  const recorded = every
    .filter(isAtHand)
    .slice(0, most)
    .map((entry) => facts.view(entry))
  const others = every
    .slice(0, most)
    .flatMap((entry) => facts.placesOf(entry).slice(1))
    .filter(({ entry }) => isPathAtHand(entry.path))
  return [...recorded, ...others.slice(0, most)]
}

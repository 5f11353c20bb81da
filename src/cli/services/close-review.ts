/** The end of a review, in its log. */
import type { Ending } from '../../review/run-route.ts'
import type { ReviewSession } from '../../review/session.ts'
import type { OpenSight } from './review-sight.ts'

/** What is in sight counts as hidden now; then the end is logged. */
export function closeReview(
  ending: Ending,
  session: ReviewSession,
  sight: Pick<OpenSight, 'reveals' | 'screens'> | null,
  refusals: Readonly<Record<string, string>>,
): Ending {
  try {
    sight?.reveals?.hide('ended')
    sight?.screens.hide(ending.how)
    session.close(ending.how, { ...refusals, ...sight?.reveals?.totals, ...sight?.screens.totals })
    return ending
  } catch (error) {
    // The log is missing or full: the decisions stand, but the log does not contain the end.
    const why = error instanceof Error ? error.message : String(error)
    const problem = `${ending.problem ?? ''} The end of the review is not in the custody log (${why}).`.trim()
    return { how: 'over', problem }
  }
}

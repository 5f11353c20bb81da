/** Runs the work of one route and sends its answer, or the sentence of its refusal. */
import type { ServerResponse } from 'node:http'
import { SeizedError } from '../base/errors.ts'
import { PageRefusal, refusalOf } from './page-refusal.ts'
import { send, sendJson, sendPieces } from './respond.ts'
import { SessionOver } from './review-log.ts'
import type { RouteAnswer } from './route.ts'

/** The end of a review: a code for the log, and a message where there was a problem. */
export interface Ending {
  readonly how: 'ended' | 'left' | 'interrupted' | 'silent' | 'idle' | 'over'
  readonly problem: string | null
}

/**
 * @param ends whether the answer ends the session
 * @returns how the session ended by it; null: it goes on
 */
export async function runRoute(
  response: ServerResponse,
  work: () => RouteAnswer | Promise<RouteAnswer>,
  ends: boolean,
): Promise<Ending | null> {
  try {
    const answer = await work()
    if (Buffer.isBuffer(answer)) {
      send(response, 200, 'application/octet-stream', answer)
      // Overwrites the pixels after they were sent or dropped.
      response.once('close', () => answer.fill(0))
    } else if (Symbol.asyncIterator in answer) await sendPieces(response, answer)
    else sendJson(response, 200, answer)
    if (!ends) return null
    return { how: 'ended' in answer && answer.ended === 'left' ? 'left' : 'ended', problem: null }
  } catch (error) {
    // Tiles were under way: the page asks again.
    if (response.headersSent) response.destroy()
    if (response.headersSent && error instanceof SeizedError && !(error instanceof SessionOver)) return null
    if (!(error instanceof SeizedError)) {
      sendJson(response, 500, { ...refusalOf(new PageRefusal('refused-bug')), ended: true })
      const problem = error instanceof Error ? (error.stack ?? error.message) : String(error)
      return { how: 'over', problem }
    }
    const over = error instanceof SessionOver
    sendJson(response, 409, { ...refusalOf(error), ...(over ? { ended: true } : {}) })
    return over ? { how: 'over', problem: error.message } : null
  }
}

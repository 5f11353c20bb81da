/**
 * What persons put into the queue of rescue, or took out of it: events of the custody log, each with a reason. The last
 * one on a content stands.
 */
import type { CustodyEvent } from '../../contracts/custody.ts'

export interface RescueMove {
  readonly isIn: boolean
  readonly operator: string
  readonly utc: string
  readonly why: string
}

export class RescueMoves {
  readonly #moves = new Map<string, RescueMove[]>()

  take({ event, detail, operator, utc: logged }: CustodyEvent): void {
    const { why, contents, markedUtc: utc = logged } = detail
    if ((event !== 'rescue-put' && event !== 'rescue-taken') || why === undefined || contents === undefined)
      return
    for (const sha256 of contents.split(' ')) {
      const moves = this.#moves.get(sha256) ?? []
      this.#moves.set(sha256, moves)
      // A case takes moves of single ledgers in later than they were made.
      const later = moves.findIndex((one) => one.utc > utc)
      const move = { isIn: event === 'rescue-put', operator: operator ?? '', utc, why }
      moves.splice(later === -1 ? moves.length : later, 0, move)
    }
  }

  /** Oldest first. @param sha256 lower-case hex */
  of(sha256: string): readonly RescueMove[] {
    return this.#moves.get(sha256) ?? []
  }

  /** Every content that was moved. */
  contents(): Iterable<string> {
    return this.#moves.keys()
  }
}

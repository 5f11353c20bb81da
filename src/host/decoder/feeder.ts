/** What reads a content of the exhibit and hands it to one child, over a pipe that nobody else has: it never passes this process. */
import type { PendingRead } from '../../contracts/ledger.ts'
import type { StageResult } from '../../contracts/stage.ts'
import { NOTHING } from '../../process/frame.ts'

/** A content to be handed over, which comes through this process where that does not work. */
export interface Handed {
  readonly job: PendingRead
  readonly bytes: () => Promise<{ readonly bytes: Buffer } | StageResult>
}

export function isHanded(source: object): source is Handed {
  return 'job' in source
}

/** What a job is given of a source. */
export function givenOf(source: Buffer | Handed): { readonly bytes: Buffer; readonly handed?: Handed } {
  return isHanded(source) ? { bytes: NOTHING, handed: source } : { bytes: source }
}

export interface Feeder {
  /** The end of the pipe that the child inherits. */
  readonly descriptor: number
  /** The child has it: ours is closed. */
  inherited(): void
  /**
   * Hands over one content whole, or tells the child that it does not.
   * @returns `lost`: nobody tells the child anything any more
   */
  hand(job: PendingRead): Promise<'handed' | 'refused' | 'lost'>
  end(): void
}

/** @returns null where no pipe can be made */
export type StartFeeder = () => Promise<Feeder | null>

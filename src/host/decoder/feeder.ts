/**
 * A process that reads contents of the exhibit and passes them to one child. The pipe is theirs alone; the
 * bytes never reach the main process.
 */
import type { PendingRead } from '../../contracts/ledger.ts'
import type { StageResult } from '../../contracts/stage.ts'
import { NOTHING } from '../../process/frame.ts'

/** A content to be passed to a child directly; `bytes` reads it through the main process where that fails. */
export interface Handed {
  readonly job: PendingRead
  readonly bytes: () => Promise<{ readonly bytes: Buffer } | StageResult>
}

export function isHanded(source: object): source is Handed {
  return 'job' in source
}

/** The part of a job that carries the content: its bytes, or the instruction to pass it. */
export function givenOf(source: Buffer | Handed): { readonly bytes: Buffer; readonly handed?: Handed } {
  return isHanded(source) ? { bytes: NOTHING, handed: source } : { bytes: source }
}

export interface Feeder {
  /** The end of the pipe that the child inherits. */
  readonly descriptor: number
  /** The child has it: ours is closed. */
  inherited(): void
  /**
   * Passes one whole content, or reports to the child that it does not.
   * @returns `lost`: the connection is gone and the child receives no report
   */
  hand(job: PendingRead): Promise<'handed' | 'refused' | 'lost'>
  end(): void
}

/** @returns null where no pipe can be made */
export type StartFeeder = () => Promise<Feeder | null>

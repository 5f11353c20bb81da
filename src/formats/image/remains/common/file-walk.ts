/** A walk of a file's structure that can go on from a saved state with other bytes: for files that lie in several pieces. */

/** `more`: sound so far, and not at its end. `unchecked`: a kind whose data say nothing of themselves. */
export type Walked = 'more' | 'whole' | 'broken' | 'unchecked'

export interface FileWalk<State> {
  /** Behind `whole`: bytes of the file. */
  readonly at: number
  /** Behind `broken`: bytes between which the data stop being those of the file. */
  readonly suspect: readonly [number, number]
  save(): State
  restore(state: State): void
  /** @param bytes from the beginning of the file; those before `at` are not read again */
  walk(bytes: Uint8Array, end: number): Walked
}

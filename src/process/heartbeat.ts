/** Data that a process shares with its watcher thread, and the format of a heartbeat. */

/** The descriptor that heartbeats go out at, for a process that sends them. */
export const HEARTBEAT_FD = 4

/** First of the other passed descriptors of such a process. */
export const HANDED_FD = 5

/** Where a process that walks or reads a mount asks for copies (wire/attribute-copies.ts); its others begin behind. */
export const COPIES_FD = HANDED_FD
/** The mounts of this machine, for a process that walks one of them. */
export const MOUNTS_FD = COPIES_FD + 1

/**
 * Positions in the memory that a process shares with its watcher. `moved` counts every step forward; `within` is the
 * progress in a long task: mebibytes of a content, names of a folder.
 */
export const PROGRESS = { batch: 0, job: 1, moved: 2, within: 3 } as const

/** Four int32, in the order of PROGRESS: a size that divides what one read of a socket returns. */
export const BEAT_BYTES = 16

export interface WatchData {
  readonly parentPid: number
  /** See PROGRESS; null for a process that sends no heartbeats. */
  readonly progress: Int32Array | null
}

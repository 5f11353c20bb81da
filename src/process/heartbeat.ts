/** What a process that sends heartbeats shares with its watcher, and how a beat looks. */

/** The descriptor that heartbeats go out at, for a process that sends them. */
export const HEARTBEAT_FD = 4

/** Where the descriptors begin that such a process was handed besides. */
export const HANDED_FD = 5

/** Places in the memory that a process shares with its watcher; `moved` counts up with every step forward. */
export const PROGRESS = { batch: 0, job: 1, moved: 2 } as const

/** Three int32 (batch, job, count) and padding: a size that divides what one read of a socket returns. */
export const BEAT_BYTES = 16

export interface WatchData {
  readonly parentPid: number
  /** See PROGRESS; null for a process that sends no heartbeats. */
  readonly progress: Int32Array | null
}

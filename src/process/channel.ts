/** Frames over an inherited socket between the run and a process that reads the exhibit, and the heartbeats beside it. */

export const CHANNEL_FD = 3

export const HEARTBEAT_FD = 4

/** Places in the memory that a child shares with its watcher; `moved` counts up with every chunk read. */
export const PROGRESS = { batch: 0, job: 1, moved: 2 } as const

export const HEADER_BYTES = 5

/** Three int32 (batch, job, count) and padding: a size that divides what one read of a socket returns. */
export const BEAT_BYTES = 16

export const MAX_FRAME_BYTES = 256 * 1024 * 1024

export function encodeFrame(type: number, payload: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(HEADER_BYTES + payload.length)
  frame[0] = type
  frame.writeUInt32LE(payload.length, 1)
  payload.copy(frame, HEADER_BYTES)
  return frame
}

export function jsonFrame(type: number, value: unknown): Buffer {
  return encodeFrame(type, Buffer.from(JSON.stringify(value)))
}

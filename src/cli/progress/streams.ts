/** Waits for a stream to take what it was handed. */
import type { Writable } from 'node:stream'

/** Resolves too when the reader went away (EPIPE): nobody is left to wait for. */
export function drained(stream: Writable): Promise<void> {
  if (stream.destroyed || stream.writableEnded) return Promise.resolve()
  return new Promise((resolve) => {
    stream.write('', () => resolve())
  })
}

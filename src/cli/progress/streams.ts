/** Waits until a stream has accepted its data. */
import type { Writable } from 'node:stream'

/** Also resolves when the reader went away (EPIPE): there is then nothing to wait for. */
export function drained(stream: Writable): Promise<void> {
  if (stream.destroyed || stream.writableEnded) return Promise.resolve()
  return new Promise((resolve) => {
    stream.write('', () => resolve())
  })
}

/** Outputs of commands: under a temporary name first, so that a file which stands there is whole. */
import { createWriteStream, renameSync, rmSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'

/** @throws what the stream or `write` throws; nothing is left behind then */
export async function writeWhole(out: string, write: (stream: Writable) => Promise<void>): Promise<void> {
  const temporary = `${out}.partial-${process.pid}`
  const stream: Writable = createWriteStream(temporary, { flags: 'wx' })
  try {
    await write(stream)
    stream.end()
    await finished(stream)
    renameSync(temporary, out)
  } catch (error) {
    stream.destroy()
    rmSync(temporary, { force: true })
    throw error
  }
}

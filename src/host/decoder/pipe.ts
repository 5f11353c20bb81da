/**
 * Makes a pipe whose two ends are descriptors. Node offers pipes only as streams, which two processes cannot
 * share.
 */
import { execFile } from 'node:child_process'
import { closeSync, constants, openSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { found } from '../confine/tools.ts'

export interface Pipe {
  /** For reading only, as the other is for writing only; both block. */
  readonly readFd: number
  readonly writeFd: number
}

/**
 * Makes a pipe through a FIFO, whose name exists for a moment in a folder of this account alone; its bytes stay in
 * memory.
 * @returns null where none can be made
 */
export async function makePipe(): Promise<Pipe | null> {
  const mkfifo = found('mkfifo')
  if (mkfifo === null) return null
  const opened: number[] = []
  const open = (name: string, flags: number) => {
    opened.push(openSync(name, flags))
    return opened.at(-1)!
  }
  const folder = await mkdtemp(join(tmpdir(), 'seized-'))
  try {
    const name = join(folder, 'pipe')
    await promisify(execFile)(mkfifo, ['-m', '600', name])
    // Opening one end waits for the other, except where one descriptor is opened for both (fifo(7)).
    const both = open(name, constants.O_RDWR)
    const pipe = { readFd: open(name, constants.O_RDONLY), writeFd: open(name, constants.O_WRONLY) }
    closeSync(both)
    return pipe
  } catch {
    // Any failure (no FIFOs on this file system, no descriptor left) means that contents go through the main
    // process.
    for (const fd of opened) closeSync(fd)
    return null
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

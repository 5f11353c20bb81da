/** Looks for bytes in the memory of processes, and for processes that another one started. */
import { readdirSync, readFileSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

/** It and all below it. */
export function processesBelow(pid: number): readonly number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = statOf(Number(name))
      return stat === null
        ? []
        : [{ pid: Number(name), parent: Number(stat.split(') ').at(-1)!.split(' ')[1]) }]
    })
  const found = [pid]
  for (const one of found) found.push(...parents.filter(({ parent }) => parent === one).map((it) => it.pid))
  return found
}

/** Null: it has ended. */
function statOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH'].includes(String(error.code)))
      return null
    throw error
  }
}

const PIECE = 8 << 20

/** In how many pieces of it each of some bytes stands, of the memory that a process may write to. Needs the right to look at it: root has it. */
export async function timesInMemory(pid: number, needles: readonly Buffer[]): Promise<readonly number[]> {
  const maps = readFileSync(`/proc/${pid}/maps`, 'latin1')
  const memory = await open(`/proc/${pid}/mem`, 'r')
  const piece = Buffer.alloc(PIECE)
  const times = needles.map(() => 0)
  const overlap = Math.max(...needles.map(({ length }) => length))
  try {
    for (const [, from, to] of maps.matchAll(/^([0-9a-f]+)-([0-9a-f]+) rw/gm)) {
      const [start, end] = [Number.parseInt(from!, 16), Number.parseInt(to!, 16)]
      for (let at = start; at < end; at += PIECE - overlap) {
        const read = piece.subarray(0, await pieceAt(memory, piece, at, Math.min(PIECE, end - at)))
        for (const [i, needle] of needles.entries()) if (read.includes(needle)) times[i]!++
      }
    }
    return times
  } finally {
    await memory.close()
    piece.fill(0)
  }
}

/** What is reserved and was never used cannot be read. */
async function pieceAt(memory: FileHandle, into: Buffer, at: number, length: number): Promise<number> {
  try {
    return (await memory.read(into, 0, length, at)).bytesRead
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['EIO', 'EFAULT'].includes(String(error.code))) return 0
    throw error
  }
}

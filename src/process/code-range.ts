/**
 * Room that V8 reserves for machine code. From Node 24 on it counts as data, although nearly all of it stays unused.
 */
import { readFileSync } from 'node:fs'

/** Enough for a thread that runs a few lines; without it a thread reserves as much as a whole process. */
export const SMALL_CODE_RANGE = { codeRangeSizeMb: 16 } as const

/** A smaller mapping of machine code is a library's, not V8's. */
const SMALLEST_RESERVED = 64 << 20

let reserved: number | undefined

/**
 * What this runtime reserves at the start of every process, and RLIMIT_DATA counts: private, writable and executable.
 *
 * @returns bytes, rounded up to 64 MiB: 512 MiB with Node 24 on x64, 0 where the reservation is not writable (Node 20, 22)
 *   or there is no /proc
 * @see V8, src/heap/code-range.cc; proc_pid_maps(5)
 */
export function codeRangeBytes(): number {
  reserved ??= reservedHere()
  return reserved
}

function reservedHere(): number {
  if (process.platform !== 'linux') return 0
  const sizes = [
    ...readFileSync('/proc/self/maps', 'latin1').matchAll(/^([0-9a-f]+)-([0-9a-f]+) rwxp /gm),
  ].map(([, from, to]) => Number.parseInt(to as string, 16) - Number.parseInt(from as string, 16))
  const largest = Math.max(0, ...sizes)
  return largest < SMALLEST_RESERVED ? 0 : Math.ceil(largest / SMALLEST_RESERVED) * SMALLEST_RESERVED
}

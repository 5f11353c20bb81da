/** CPU time and memory of a process that a bench started, as Linux counts them. */
import { readdirSync, readFileSync } from 'node:fs'

/** Of USER_HZ, which is 100 on Linux. */
const TICK_MS = 10

/** CPU time of the process and all below it, children that ended included. */
export function cpuBelow(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce((sum, one) => sum + ticksOf(one) * TICK_MS, 0)
}

/** CPU time of the process alone, in milliseconds; 0: it has ended. */
export function cpuOf(pid: number): number {
  const [user = 0, system = 0] = statOf(pid).slice(11, 13).map(Number)
  return (user + system) * TICK_MS
}

/** The processes that it began, and those that they did. */
export function childrenOf(pid: number): readonly number[] {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(statOf(Number(name))[1]) === pid)
    .map(Number)
  return children.flatMap((one) => [one, ...childrenOf(one)])
}

function ticksOf(pid: number): number {
  return statOf(pid)
    .slice(11, 15)
    .reduce((sum, one) => sum + Number(one), 0)
}

/** Fields of /proc/PID/stat behind the name; none when it has ended. */
function statOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ')
  } catch (error) {
    if (error instanceof Error && 'code' in error) return []
    throw error
  }
}

export function residentOf(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? []
  return Number(kilobytes) * 1024
}

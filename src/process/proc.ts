/** Values of a process from /proc; null if there is no /proc or the process has ended. */
import { readFileSync } from 'node:fs'

// USER_HZ, which /proc/<pid>/stat counts in, is 100 on every architecture that Node supports (proc(5), sysconf(3)).
const MS_PER_TICK = 10
// Field numbers of proc_pid_stat(5), counted from the state, which follows the command's closing parenthesis.
const UTIME = 14 - 3
const STIME = 15 - 3

/** CPU time of the process and all its threads, user and system. */
export function cpuMsOf(pid: number | undefined): number | null {
  return cpuMsIn(text(pid, 'stat'))
}

/** CPU time of the thread that the process began with: helpers of the engine and watchers beside it do not count. */
export function mainThreadCpuMsOf(pid: number | undefined): number | null {
  return cpuMsIn(text(pid, `task/${pid}/stat`))
}

function cpuMsIn(stat: string | null): number | null {
  if (stat === null) return null
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[UTIME]) + Number(fields[STIME])) * MS_PER_TICK
}

/** Data and stack, which RLIMIT_DATA (nearly) counts. */
export function dataBytesOf(pid: number | undefined): number | null {
  const status = text(pid, 'status')
  const kib = status === null ? undefined : /^VmData:\s+(\d+) kB/m.exec(status)?.[1]
  return kib === undefined ? null : Number(kib) * 1024
}

function text(pid: number | undefined, file: string): string | null {
  if (pid === undefined) return null
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    return null
  }
}

/** Processes of a run by what they do, read from /proc. */
import { readdirSync, readFileSync } from 'node:fs'

export interface Seen {
  readonly pid: number
  /** Clock ticks since boot: a number that comes again is another process. */
  readonly started: string
  readonly commandLine: string
}

/** Everything that descends from a process. */
export function descendantsOf(root: number): Seen[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    const found = /^\d+$/.test(name) ? statOf(Number(name)) : null
    if (found) children.set(found.parent, [...(children.get(found.parent) ?? []), Number(name)])
  }
  const below = (pid: number): number[] => (children.get(pid) ?? []).flatMap((one) => [one, ...below(one)])
  return below(root).flatMap((pid) => lookedAt(pid)?.seen ?? [])
}

export function isAlive({ pid, started }: Seen): boolean {
  const found = lookedAt(pid)
  return found !== null && found.seen.started === started && found.state !== 'Z'
}

function lookedAt(pid: number): { seen: Seen; state: string } | null {
  const stat = statOf(pid)
  const commandLine = stat && textOf(pid, 'cmdline')?.replaceAll('\0', ' ')
  return stat && typeof commandLine === 'string'
    ? { seen: { pid, started: stat.started, commandLine }, state: stat.state }
    : null
}

function statOf(pid: number): { state: string; parent: number; started: string } | null {
  const stat = textOf(pid, 'stat')
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields ? { state: fields[0]!, parent: Number(fields[1]), started: fields[19]! } : null
}

/** Null: gone between the listing and the look. */
function textOf(pid: number, file: 'stat' | 'cmdline'): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
}

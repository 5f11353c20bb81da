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
  const children = new Map<number, Seen[]>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const found = lookedAt(Number(name))
    if (found) children.set(found.parent, [...(children.get(found.parent) ?? []), found.seen])
  }
  const below = (pid: number): Seen[] => (children.get(pid) ?? []).flatMap((one) => [one, ...below(one.pid)])
  return below(root)
}

export function isAlive({ pid, started }: Seen): boolean {
  const found = lookedAt(pid)
  return found !== null && found.seen.started === started && found.state !== 'Z'
}

function lookedAt(pid: number): { seen: Seen; parent: number; state: string } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')
    return { seen: { pid, started: fields[19]!, commandLine }, parent: Number(fields[1]), state: fields[0]! }
  } catch (error) {
    // Gone between the listing and the look.
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
}

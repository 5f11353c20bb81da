/** Resident memory of a program and all its children while it runs; pages that they share are counted for each. */
import { readdirSync, readFileSync } from 'node:fs'

const SAMPLE_MS = 250

interface Peak {
  readonly mb: number
  /** The most that one process of a name had. */
  readonly byName: ReadonlyMap<string, number>
}

/** Looks at a process and its children until it ends, which costs time of theirs: not where time is compared. */
export function peakOf(pid: number): () => Peak {
  let mb = 0
  const byName = new Map<string, number>()
  const watch = setInterval(() => {
    const now = residentMb(pid, byName)
    if (now === 0) clearInterval(watch)
    mb = Math.max(mb, now)
  }, SAMPLE_MS)
  return () => ({ mb, byName })
}

function residentMb(pid: number, byName: Map<string, number>): number {
  try {
    const own = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
    const [, name = 'main'] =
      /([a-z-]+)\.js\0[^\0]*$/.exec(readFileSync(`/proc/${pid}/cmdline`, 'latin1')) ?? []
    byName.set(name, Math.max(byName.get(name) ?? 0, own))
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
    )
    return children.reduce((sum, child) => sum + residentMb(Number(child), byName), own)
  } catch {
    // The process ended between two calls.
    return 0
  }
}

/** Drops root rights: a process that parses hostile bytes drops them before it receives any. */
import { readFileSync } from 'node:fs'

/** Gives root up for good, all groups included. Returns whether the process is not root now because of it. */
export function dropRoot(id: number | null): boolean {
  if (id === null || process.getuid?.() !== 0) return false
  process.setgroups?.([])
  process.setgid?.(id)
  process.setuid?.(id)
  return process.getuid?.() === id && process.geteuid?.() === id && process.getegid?.() === id
}

/** nobody and nogroup on Linux. */
export const NOBODY = 65534

/** Account that a process of ours changes to; null: this process is not root. */
export function whoToBecome(): number | null {
  return process.getuid?.() === 0 ? NOBODY : null
}

const CAP_SETGID = 6n
const CAP_SETUID = 7n

/**
 * Why no process of ours can change to that account; null: it can. `only-root`: a namespace in which only root is mapped has no other;
 * `no-right`: root without the capabilities that changing takes, as in a container that drops all. @see user_namespaces(7), capabilities(7)
 */
export function keepsRoot(): 'only-root' | 'no-right' | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null
  const isMapped = (file: string) =>
    readFileSync(file, 'latin1')
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number))
      .some(([inside, , count]) => inside! <= NOBODY && NOBODY < inside! + count!)
  const isDenied = readFileSync('/proc/self/setgroups', 'latin1').trim() === 'deny'
  if (isDenied || !isMapped('/proc/self/uid_map') || !isMapped('/proc/self/gid_map')) return 'only-root'
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1]
  const rights = BigInt(`0x${effective ?? '0'}`)
  return [CAP_SETGID, CAP_SETUID].every((bit) => (rights >> bit) & 1n) ? null : 'no-right'
}

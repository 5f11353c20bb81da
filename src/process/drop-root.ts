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

/** Whether a process of ours can change to that account. A namespace in which only root is mapped has no other. @see user_namespaces(7) */
export function canDropRoot(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return true
  const isMapped = (file: string) =>
    readFileSync(file, 'latin1')
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number))
      .some(([inside, , count]) => inside! <= NOBODY && NOBODY < inside! + count!)
  return (
    readFileSync('/proc/self/setgroups', 'latin1').trim() !== 'deny' &&
    isMapped('/proc/self/uid_map') &&
    isMapped('/proc/self/gid_map')
  )
}

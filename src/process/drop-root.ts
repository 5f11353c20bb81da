/** Drops root rights: a process that parses hostile bytes drops them before it receives any. */

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

/** Packages of the lock file that a run can load: those that the program's own packages reach. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface LockRow {
  readonly version: string
  readonly license?: string
  readonly integrity?: string
  readonly dev?: boolean
  readonly libc?: readonly string[]
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/**
 * Packages that no run loads, with all that they alone need: node-av imports werift for calls between browsers, and
 * this program imports `node-av/lib`, which does not (test/package/reached.test.ts).
 */
export const NEVER_LOADED: readonly string[] = ['werift']

/** @param rows by path in the lock file; `''` is the program @returns the paths that are reached, without `''` */
export function reached(rows: Readonly<Record<string, LockRow>>): ReadonlySet<string> {
  const seen = new Set<string>([''])
  for (const path of seen) {
    const { dependencies, optionalDependencies, peerDependencies } = rows[path]!
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      const found = NEVER_LOADED.includes(name) ? null : nearest(rows, path, name)
      if (found !== null) seen.add(found)
    }
  }
  seen.delete('')
  return seen
}

/** As Node looks: in the package's own folder, then in each folder above. */
function nearest(rows: Readonly<Record<string, LockRow>>, from: string, name: string): string | null {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const path = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`
    if (Object.hasOwn(rows, path)) return path
    if (at === '') return null
  }
}

/** Rows of the lock file by path. */
export function lockRows(root: string): Readonly<Record<string, LockRow>> {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, LockRow>>
  }
  return packages
}

export function isInstalled(root: string, path: string): boolean {
  return existsSync(join(root, path, 'package.json'))
}

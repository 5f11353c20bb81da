/** What other programs say of a volume: find and hashdeep of what a mount shows, fls and icat of what was deleted. */
import { spawnSync } from 'node:child_process'
import { sha256 } from './made-tree.ts'
import { sh } from './made-volumes.ts'

export interface Shown {
  /** Path in latin1 → SHA-256 of every regular file. */
  readonly files: ReadonlyMap<string, string>
  readonly folders: ReadonlySet<string>
}

export function shownBy(root: string): Shown {
  const files = new Map<string, string>()
  const folders = new Set<string>()
  const sizes = new Map<string, string>()
  for (const line of sh('cd "$1"; find . -mindepth 1 -printf "%y %s %P\\0"', root)
    .split('\0')
    .filter(Boolean)) {
    const [, type, size, path] = /^(.) (\d+) (.*)$/s.exec(line) ?? []
    if (type === 'd') folders.add(path!)
    else sizes.set(path!, `${type} ${size}`)
  }
  for (const line of sh('cd "$1"; hashdeep -c sha256 -r -l -o f .', root).split('\n')) {
    const [, digest, path] = /^\d+,([0-9a-f]{64}),\.\/(.*)$/.exec(line) ?? []
    if (path !== undefined) files.set(path, digest!)
  }
  for (const [path, what] of sizes)
    if (what.startsWith('f') && !files.has(path)) files.set(path, 'not hashed by hashdeep')
  return { files, folders }
}

export interface FlsEntry {
  readonly type: string
  readonly inode: string
  readonly path: string
  readonly reallocated: boolean
}

export function flsDeleted(file: string): FlsEntry[] {
  return sh('fls -r -p -d "$1"', file)
    .split('\n')
    .flatMap((line) => {
      const [, type, inode, again, path] = /^(\S+) \* ([\d-]+)(\(realloc\))?:\t(.*)$/.exec(line) ?? []
      return path === undefined
        ? []
        : [{ type: type!, inode: inode!, path, reallocated: again !== undefined }]
    })
}

export const flsLiveCount = (file: string): number => Number(sh('fls -r -p -u "$1" | wc -l', file))

/** Null: icat gives nothing. */
export function icatDigest(file: string, inode: string): string | null {
  const { stdout, status } = spawnSync('icat', [file, inode], { maxBuffer: 1 << 28 })
  return status === 0 && stdout.length > 0 ? sha256(stdout) : null
}

/**
 * What is kept of files between runs, so that half a gigabyte is not read each time: by size, times and inode, in
 * the user's own cache folder.
 * A person who can change a file there can change the program too. Remove it to read all parts again.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { PROGRAM_ROOT } from '../base/version.ts'
import type { PartFile } from './part-files.ts'

export interface Remembered {
  readonly folders: Readonly<Record<string, string>>
  readonly files: readonly (PartFile & { readonly stamp: string; readonly sha256: string })[]
}

const CACHE_VERSION = 1

/** One file for each installation and Node version. @param of what it keeps, the beginning of its name */
export function cacheFile(of: 'parts' | 'models'): string {
  const asked = process.env.XDG_CACHE_HOME
  const folder = asked && isAbsolute(asked) ? asked : join(homedir(), '.cache')
  const key = createHash('sha256')
    .update(`${CACHE_VERSION} ${PROGRAM_ROOT} ${process.execPath}`)
    .digest('hex')
  return join(folder, 'seized', `${of}-${key.slice(0, 16)}.json`)
}

/** Includes the change time, which cannot be set back without setting the clock. */
export function stampOf(path: string): string | null {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stat ? `${stat.size} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.dev}:${stat.ino}` : null
}

/** @returns null when the cache is missing or unusable */
export function recall(file: string): Remembered | null {
  const { folders, files } = (readKept(file) ?? {}) as Partial<Remembered>
  const usable = typeof folders === 'object' && folders !== null && Array.isArray(files)
  return usable ? { folders, files } : null
}

/** @returns what {@link keep} wrote, unchecked; null when there is nothing or no JSON */
export function readKept(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (['ENOENT', 'EACCES', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/**
 * Replaced in one step, so that another run reads the old or the new one. If it cannot be written, the next run reads
 * all files again.
 */
export function keep(file: string, value: unknown): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const whole = `${file}.${process.pid}`
    writeFileSync(whole, JSON.stringify(value), { mode: 0o600 })
    renameSync(whole, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
  }
}

/** The files of the page, read once. The server serves no other file by name. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../base/errors.ts'
import { PROGRAM_ROOT } from '../base/version.ts'

export interface PageFile {
  readonly type: string
  readonly bytes: Buffer
}

/** By path. */
export type PageFiles = ReadonlyMap<string, PageFile>

const FILES = [
  ['/', 'page.html', 'text/html; charset=utf-8'],
  ['/page.css', 'page.css', 'text/css; charset=utf-8'],
  ['/page.js', 'page.js', 'text/javascript; charset=utf-8'],
  ['/bengali.ttf', 'bengali.ttf', 'font/ttf'],
] as const

/** Reads the output of scripts/build.js. @throws UsageError where the program was not built */
export function readPageFiles(folder = join(PROGRAM_ROOT, 'dist/program/page')): PageFiles {
  if (!existsSync(join(folder, 'page.js')))
    throw new UsageError(`The page of the review is missing (${folder}): build the program (npm run build).`)
  return new Map(FILES.map(([path, file, type]) => [path, { type, bytes: readFileSync(join(folder, file)) }]))
}

/** SHA-256 over all files of the page, for the custody log. */
export function digestOfPage(files: PageFiles): string {
  const hash = createHash('sha256')
  for (const { bytes } of files.values()) hash.update(bytes)
  return hash.digest('hex')
}

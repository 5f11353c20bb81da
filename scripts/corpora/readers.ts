/** Second readers: what each finds in a sample, as SHA-256 by name. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Expected } from './sample.ts'

/** Digest → a name under which it was found; empty files are left out, because they say nothing of a reader. */
export type Contents = ReadonlyMap<string, string>

/** @param folder an empty folder that the reader may fill */
export function contentsBy(expected: Expected, file: string, folder: string): Contents {
  const into = join(folder, 'out')
  mkdirSync(into)
  if (expected.by === 'tsk_recover') recovered(file, into, folder, expected.qemu === true)
  else if (expected.by === '7z')
    run('7z', ['x', '-y', `-o${into}`, `-p${expected.password ?? ''}`, file], [0, 1, 2])
  else if (['gzip', 'bzip2', 'xz', 'zstd'].includes(expected.by)) {
    const bytes = spawnSync(expected.by, ['-dc', file], { maxBuffer: 1 << 30 }).stdout
    return new Map([[digest(bytes), 'its content']])
  } else throw new Error(`${expected.by} gives no contents`)
  return filesOf(into)
}

function recovered(file: string, into: string, folder: string, qemu: boolean): void {
  let image = file
  if (qemu) {
    image = join(folder, 'raw.dd')
    run('qemu-img', ['convert', '-O', 'raw', file, image])
  }
  const listed = spawnSync('mmls', [image], { encoding: 'utf8' }).stdout
  const offsets = [...listed.matchAll(/^\d+: +\d+(?::\d+)? +(\d+) /gm)].map(([, start]) => start!)
  const args = offsets.length === 0 ? [[]] : offsets.map((start) => ['-o', start])
  for (const [i, at] of args.entries()) {
    const part = join(into, `${i}`)
    mkdirSync(part)
    // One that is no file system ends with 1.
    run('tsk_recover', ['-a', ...at, image, part], [0, 1])
  }
}

/** @param codes exit codes that are an answer; a missing program is an error */
function run(program: string, args: readonly string[], codes: readonly number[] = [0]): void {
  const { status, error, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28 })
  if (error !== undefined) throw error
  if (!codes.includes(status ?? -1))
    throw new Error(`${program} ended with ${status}: ${stderr.slice(0, 300)}`)
}

function filesOf(folder: string, found = new Map<string, string>()): Map<string, string> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    const about = lstatSync(path)
    if (about.isDirectory()) filesOf(path, found)
    else if (about.isFile() && about.size > 0) found.set(digest(readFileSync(path)), name)
  }
  return found
}

export function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** The texts of a query, one a row. */
export function textsOf(file: string, query: string): readonly string[] {
  const { stdout, status, stderr } = spawnSync('sqlite3', ['-readonly', '-json', file, query], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`sqlite3 ended with ${status}: ${stderr}`)
  return (JSON.parse(stdout || '[]') as Record<string, unknown>[]).map((row) => String(Object.values(row)[0]))
}

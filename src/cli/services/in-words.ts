/**
 * Messages for errors of the operating system that are not bugs: a full disk, a machine short of resources, or an
 * unusable file that the operator named.
 */
import { dirname, resolve } from 'node:path'
import { SeizedError, TryAgain, UsageError } from '../../base/errors.ts'
import { lastWords } from '../../base/last-words.ts'

const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT'])
const SHORT: ReadonlySet<string> = new Set([
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'EAGAIN',
  'ERR_WORKER_OUT_OF_MEMORY',
  'ERR_MEMORY_ALLOCATION_FAILED',
])

/** Error codes for a package that is missing, or was built for another machine. */
const UNLOADABLE: ReadonlySet<string> = new Set([
  'MODULE_NOT_FOUND',
  'ERR_MODULE_NOT_FOUND',
  'ERR_DLOPEN_FAILED',
])
/** Texts of packages that try several binaries and then throw their own error. */
const UNLOADABLE_WORDS = /ERR_DLOPEN_FAILED|Cannot find native binding/

/** @param argv arguments of the command: a file error concerns the operator only when the arguments name the file */
export function inWords(error: unknown, argv: readonly string[]): unknown {
  if (error instanceof SeizedError || !(error instanceof Error)) return error
  const { code, path } = error as NodeJS.ErrnoException
  const options = { cause: error }
  if (UNLOADABLE.has(code ?? '') || UNLOADABLE_WORDS.test(error.message))
    return new TryAgain(
      `This installation of seized is broken: a part of it cannot be loaded (${lastWords(code ?? error.name, error.message)}). Install seized again.`,
      'installation-broken',
      options,
    )
  if (code === undefined) return error
  const where = path === undefined ? '' : ` for ${path}`
  if (FULL.has(code))
    return new TryAgain(
      `No room is left on the disk${where} (${code}). Make room, then try again.`,
      'disk-full',
      options,
    )
  if (SHORT.has(code))
    return new TryAgain(
      `This machine has too few descriptors, processes or too little memory left (${code}). Raise the limit (ulimit) or try again later.`,
      'machine-short',
      options,
    )
  if (path === undefined || !isNamed(resolve(path), argv)) return error
  // The operator knows a temporary file by its final name.
  const named = path.replace(/\.partial-\d+$/, '')
  return new UsageError(`${named} cannot be used (${REASONS[code] ?? code}).`, {
    ...options,
    code: 'file-unusable',
  })
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of the path is no folder',
  EISDIR: 'it is a folder',
  EACCES: 'this account may not',
  EPERM: 'this account may not',
  EROFS: 'the file system is read-only',
  EEXIST: 'it exists already',
}

/** Whether the path is an argument, a file that the program makes next to it, or a folder above it. */
function isNamed(path: string, argv: readonly string[]): boolean {
  return argv
    .flatMap((word) => [word, word.slice(word.indexOf('=') + 1), word.slice(word.indexOf(':') + 1)])
    .filter((word) => word !== '' && !word.startsWith('-'))
    .map((word) => resolve(word))
    .some((named) => path.startsWith(named) || path === dirname(named))
}

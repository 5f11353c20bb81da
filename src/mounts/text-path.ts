/**
 * Text path to a file whose name is not valid text: the library of extended attributes accepts no other.
 * A folder is reached through its descriptor. Of a file, cp(1) makes an empty copy with the same attributes in memory,
 * which is read instead: an attribute may contain a picture, which must never be written to a disk.
 */
import { isUtf8 } from 'node:buffer'
import { spawnSync } from 'node:child_process'
import { closeSync, constants, fstatSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { ANSWER_HEAD_BYTES, RELEASED, REQUEST_BYTES } from '../wire/attribute-copies.ts'

/** A tmpfs on every Linux; kernels before 6.6 keep no user attributes on it, which cp then reports. */
export const IN_MEMORY = '/dev/shm'

/** Neither the file nor a copy can be read; the message is cp's. */
export class NoTextPath extends Error {}

export const O_PATH = 0o10000000
/** Arguments of cp(1), before the copy's own path. */
export const COPY_ATTRIBUTES = ['--attributes-only', '--preserve=xattr', '/proc/self/fd/3']

/**
 * @param at of a file or folder, without links on its way
 * @param ask told also whether the path is of a copy
 * @throws NoTextPath, errors of open(2)
 */
export function withTextPath<T>(at: Buffer, ask: (path: string, isCopy: boolean) => T): T {
  if (isUtf8(at)) return ask(at.toString(), false)
  const opened = openSync(at, O_PATH | constants.O_NOFOLLOW)
  try {
    if (fstatSync(opened).isDirectory()) return ask(`/proc/self/fd/${opened}/.`, false)
    return withCopy(opened, ask)
  } finally {
    closeSync(opened)
  }
}

/** Asks a copy with the same attributes. @throws NoTextPath */
type Copier = <T>(opened: number, ask: (path: string, isCopy: boolean) => T) => T

let withCopy: Copier = copiedHere

/** From now on the main process makes the copies, one at a time, over this socket: a confined process makes no file and no process. */
export function askForCopies(fd: number): void {
  withCopy = (opened, ask) => {
    const request = Buffer.alloc(REQUEST_BYTES)
    request.writeUInt32LE(opened)
    writeSync(fd, request)
    const head = taken(fd, ANSWER_HEAD_BYTES)
    const text = taken(fd, head.readUInt16LE(1)).toString()
    if (head[0] !== 1) throw new NoTextPath(text)
    try {
      return ask(text, true)
    } finally {
      request.writeUInt32LE(RELEASED)
      writeSync(fd, request)
    }
  }
}

function taken(fd: number, length: number): Buffer {
  const into = Buffer.alloc(length)
  for (let at = 0; at < length; ) {
    const got = readSync(fd, into, at, length - at, null)
    if (got === 0) throw new NoTextPath('the main process makes no copies any more')
    at += got
  }
  return into
}

function copiedHere<T>(opened: number, ask: (path: string, isCopy: boolean) => T): T {
  const folder = inMemory()
  try {
    const copy = join(folder, 'copy')
    const { status, error, stderr } = spawnSync('cp', [...COPY_ATTRIBUTES, copy], {
      stdio: ['ignore', 'ignore', 'pipe', opened],
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
    })
    if (status !== 0) throw new NoTextPath(error?.message ?? stderr.toString('latin1').split('\n')[0])
    return ask(copy, true)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function inMemory(): string {
  try {
    return mkdtempSync(join(IN_MEMORY, 'seized-'))
  } catch (error) {
    throw new NoTextPath((error as Error).message)
  }
}

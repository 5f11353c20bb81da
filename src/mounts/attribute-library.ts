/**
 * Reads extended attributes from the kernel, and tells which of them are contents.
 *
 * Node has no call for them; the library is a thin one over llistxattr(2) and lgetxattr(2) that ships prebuilt. It
 * takes paths and names as text. The kernel gives out at most 64 KiB of each (XATTR_SIZE_MAX, linux/limits.h).
 */
import { createRequire } from 'node:module'

const library = loaded()

/** False on a platform for which the library is not built. */
export const canListExtendedAttributes = library !== null

/** @param at a path without symbolic links on its way @throws errors of the library: {@link errnoIn} */
export function attributesAt(at: string): readonly string[] {
  return library === null ? [] : library.listAttributesSync(at)
}

/** Null: absent, not readable, or longer than the kernel returns. */
export function attributeAt(at: string, name: string): Buffer | null {
  try {
    return library === null ? null : library.getAttributeSync(at, name)
  } catch {
    return null
  }
}

/**
 * Attributes that a driver presents besides the content: kept by users and their programs, or by the system that wrote
 * the file.
 */
const OF_THE_SYSTEM = /^(security|system|trusted)\./

export function isOfTheSystem(name: string): boolean {
  return OF_THE_SYSTEM.test(name)
}

const USER = 'user.'

/**
 * The name of a step `stream`: as an image has it, without the prefix by which Linux knows it.
 * @param all every attribute of the same entry: two of them never get one name
 */
export function streamName(raw: string, all: readonly string[]): string {
  const bare = raw.slice(USER.length)
  return raw.startsWith(USER) && bare !== '' && !isOfTheSystem(bare) && !all.includes(bare) ? bare : raw
}

/** Bytes of the attribute with this name from {@link streamName}. */
export function streamAt(at: string, name: string): Buffer | null {
  return attributeAt(at, name) ?? attributeAt(at, USER + name)
}

// ntfs-3g with streams_interface=windows: streams are opened as `file:name` and are no attributes; this one names them
// (ntfs-3g(8)).
const WINDOWS_STREAMS = 'ntfs.streams.list'

/** Streams that are opened by name, of any length; null: not a mount of that kind. */
export function windowsStreamsAt(at: string): readonly string[] | null {
  const list = attributeAt(at, WINDOWS_STREAMS)
  if (list === null) return null
  return list
    .toString('utf8')
    .split('\0')
    .filter((name) => name !== '')
}

/** Path of a stream as a file; null if its name would lead to another folder. */
export function companionPath(file: string, name: string): string | null {
  return name.includes('/') ? null : `${file}:${name}`
}

/** The library's errors carry the number in their text only. */
export function errnoIn(error: unknown): number {
  return Number(/os error (\d+)/.exec((error as Error).message)?.[1] ?? 0)
}

function loaded(): typeof import('@napi-rs/xattr') | null {
  try {
    return createRequire(import.meta.url)('@napi-rs/xattr') as typeof import('@napi-rs/xattr')
  } catch (error) {
    // Built for these: streams would be passed over without a word because of an installation that is not whole.
    if (process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch)) throw error
    return null
  }
}

/**
 * Reads a stream of a mount in a reader process: an extended attribute, or a file `name:stream`. Its path has the step
 * `stream`.
 */
import { isUtf8 } from 'node:buffer'
import { lstatSync } from 'node:fs'
import { type ByteString, byteString, bytesOf } from '../base/byte-string.ts'
import { parseEvidencePath } from '../base/evidence-path.ts'
import { NotRead } from '../wire/not-read.ts'
import type { JobTuple } from '../wire/reader-protocol.ts'
import { companionPath, streamAt, windowsStreamsAt } from './attribute-library.ts'
import type { Extractor } from './open-below.ts'
import { expectSame, expectSize, expectUnchanged, notOpened } from './read-file.ts'
import { NoTextPath, withTextPath } from './text-path.ts'

export function isStream(path: ByteString): boolean {
  return path.includes('\0')
}

/** Where a mount that shows streams as files has this one; the path of anything else as it is. @throws NotRead */
export function streamFileOf(path: ByteString): ByteString {
  if (!isStream(path)) return path
  const { file, name } = partsOf(path)
  const at = companionPath(file, byteString(name))
  if (at === null) throw unreadable()
  return at
}

/**
 * Null: the mount presents streams as files. @throws NotRead unless its file and its size equal those of the inventory
 */
export function readAttribute(opener: Extractor, job: JobTuple): Buffer | null {
  const { file, name } = partsOf(job[0])
  const at = looked(() => opener.at(file))
  const before = looked(() => lstatSync(at, { bigint: true }))
  if (!isUtf8(name)) throw unreadable()
  const content = looked(() => contentAt(at, name.toString()))
  if (content === 'shown-as-file') return null
  if (content === null) throw unreadable()
  expectSame(before, job, at)
  expectSize(content.length, job)
  expectUnchanged(
    before,
    looked(() => lstatSync(at, { bigint: true })),
    content.length,
  )
  return content
}

function contentAt(at: Buffer, name: string): Buffer | 'shown-as-file' | null {
  try {
    return withTextPath(
      at,
      (path) => streamAt(path, name) ?? (windowsStreamsAt(path) === null ? null : 'shown-as-file'),
    )
  } catch (error) {
    if (error instanceof NoTextPath) return null
    throw error
  }
}

function partsOf(path: ByteString): { readonly file: ByteString; readonly name: Buffer } {
  const [file, stream] = parseEvidencePath(bytesOf(path)).steps
  return { file: byteString(file!.name), name: stream!.name }
}

function looked<T>(look: () => T): T {
  try {
    return look()
  } catch (error) {
    throw notOpened(error)
  }
}

function unreadable(): NotRead {
  return new NotRead('attribute-unreadable', null)
}

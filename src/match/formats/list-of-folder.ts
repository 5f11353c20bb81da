/**
 * A list made of an agency's own holdings: digests, sizes and beginnings of every file below a folder. No content and no name
 * leaves the folder.
 */
import { createHash } from 'node:crypto'
import { closeSync, type Dirent, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { BEGINNING_COLUMNS } from './header-hashes.ts'
import { TextFile } from './text-file.ts'

const SHORT_BYTES = 512
const LONG_BYTES = 1 << 16
const PIECE_BYTES = 1 << 20
/** Alignment of contents in nearly every file system, in bytes. */
const BLOCK_BYTES = 4096
/** Blocks with fewer different byte values (filler, zeros, spaces) occur on every disk and are left out. */
const LEAST_BYTE_VALUES = 16

export interface FolderList {
  readonly contents: number
  readonly duplicates: number
  /** Number of blocks written, where the caller asked for them. */
  readonly blocks: number
  readonly unread: readonly { readonly path: string; readonly code: string }[]
  readonly sha256: string
}

/**
 * Writes one row per content; links are not followed.
 * @param target path of the list, must not exist
 * @param blockFile path of a list of the MD5 of every whole block of 4 KiB, for samples of free space; null: none
 */
export function listOfFolder(folder: string, target: string, blockFile: string | null): FolderList {
  const list = new TextFile(target)
  const blockList = blockFile === null ? null : new TextFile(blockFile)
  const seen = new Set<string>()
  const unread: { path: string; code: string }[] = []
  let duplicates = 0
  let blocks = 0
  try {
    list.write(`${BEGINNING_COLUMNS.join(',')}\n`)
    for (const path of filesBelow(folder, unread)) {
      const row = rowOf(path, unread)
      // Every empty file of an exhibit would match one of a list.
      if (!row || row.size === 0) continue
      if (seen.has(row.sha256)) {
        duplicates++
        continue
      }
      seen.add(row.sha256)
      list.write(`${row.md5},${row.sha1},${row.sha256},${row.size},${row.short},${row.long}\n`)
      for (const block of blockList ? row.blocks : []) {
        blockList?.write(`${block}\n`)
        blocks++
      }
    }
    const sha256 = list.finish()
    blockList?.finish()
    return { contents: seen.size, duplicates, blocks, unread, sha256 }
  } catch (error) {
    list.abandon()
    blockList?.abandon()
    throw error
  }
}

function* filesBelow(folder: string, unread: { path: string; code: string }[]): Generator<string> {
  const open = [folder]
  for (let here = open.pop(); here !== undefined; here = open.pop()) {
    let found: Dirent[]
    try {
      found = readdirSync(here, { withFileTypes: true })
    } catch (error) {
      unread.push({ path: here, code: codeOf(error) })
      continue
    }
    for (const entry of found.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.isDirectory()) open.push(join(here, entry.name))
      else if (entry.isFile()) yield join(here, entry.name)
    }
  }
}

interface Row {
  readonly md5: string
  readonly sha1: string
  readonly sha256: string
  readonly size: number
  /** Empty where the content is shorter. */
  readonly short: string
  readonly long: string
  readonly blocks: readonly string[]
}

function rowOf(path: string, unread: { path: string; code: string }[]): Row | null {
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch (error) {
    unread.push({ path, code: codeOf(error) })
    return null
  }
  try {
    return rowOfOpen(fd)
  } catch (error) {
    unread.push({ path, code: codeOf(error) })
    return null
  } finally {
    closeSync(fd)
  }
}

function rowOfOpen(fd: number): Row {
  const hashes = { md5: createHash('md5'), sha1: createHash('sha1'), sha256: createHash('sha256') }
  const piece = Buffer.alloc(PIECE_BYTES)
  const blocks: string[] = []
  let [short, long] = ['', '']
  let size = 0
  for (let got = filled(fd, piece); got > 0; got = filled(fd, piece)) {
    const bytes = piece.subarray(0, got)
    for (const hash of Object.values(hashes)) hash.update(bytes)
    if (size === 0) {
      if (got >= SHORT_BYTES) short = md5Of(bytes.subarray(0, SHORT_BYTES))
      if (got >= LONG_BYTES) long = md5Of(bytes.subarray(0, LONG_BYTES))
    }
    for (let at = 0; at + BLOCK_BYTES <= got; at += BLOCK_BYTES) {
      const block = bytes.subarray(at, at + BLOCK_BYTES)
      if (new Set(block).size >= LEAST_BYTE_VALUES) blocks.push(md5Of(block))
    }
    size += got
  }
  const { md5, sha1, sha256 } = hashes
  return {
    md5: md5.digest('hex'),
    sha1: sha1.digest('hex'),
    sha256: sha256.digest('hex'),
    size,
    short,
    long,
    blocks,
  }
}

/** Reads until the piece is full or the file ends. */
function filled(fd: number, piece: Buffer): number {
  let got = 0
  while (got < piece.length) {
    const read = readSync(fd, piece, got, piece.length - got, null)
    if (read === 0) break
    got += read
  }
  return got
}

function md5Of(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex')
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) throw error
  return String(error.code)
}

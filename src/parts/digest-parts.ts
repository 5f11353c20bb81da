/** One digest over every part, such that `seized parts | sha256sum` gives it. */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { damagedParts } from './damaged-parts.ts'
import type { Listing, PartFile } from './part-files.ts'
import { keep, type Remembered, recall, stampOf } from './parts-cache.ts'

export interface PartsDigest {
  /** SHA-256 of `lines`, as UTF-8. */
  readonly sha256: string
  /** `<sha256>  <name>` and a line feed for each file, in the code-unit order of the names, as sha256sum prints it. */
  readonly lines: string
  /** SHA-256 of the running Node. */
  readonly nodeSha256: string
  readonly files: number
  readonly bytes: number
  /** Names of parts that differ from those of their packages. */
  readonly damaged: readonly string[]
}

/**
 * @param cache file that stores list and digests between runs; null: every file is read
 * @param list lists the parts; loaded and called only when the cache is unusable
 */
export async function digestParts(
  cache: string | null,
  list: () => Promise<Listing> = async () => (await import('./part-files.ts')).listPartFiles(),
): Promise<PartsDigest> {
  const before = cache === null ? null : recall(cache)
  const unchanged = before && unchangedParts(before)
  if (unchanged) return digestOf(unchanged)
  const listing = unchangedList(before) ?? dated(await list())
  const known = new Map(before?.files.map((file) => [`${file.path} ${file.stamp}`, file.sha256]))
  // One buffer for all files: a thousand buffers would have to be collected.
  const piece = Buffer.allocUnsafeSlow(PIECE_BYTES)
  const files = listing.files.flatMap(({ name, path }) => {
    const stamp = stampOf(path)
    return stamp === null
      ? []
      : [{ name, path, stamp, sha256: known.get(`${path} ${stamp}`) ?? sha256Of(path, piece) }]
  })
  if (cache !== null) keep(cache, { folders: listing.folders, files } satisfies Remembered)
  return digestOf(files)
}

/** From the cache alone, after checking the times of a thousand files. @returns null when any of them changed */
export function rememberedParts(cache: string): PartsDigest | null {
  const before = recall(cache)
  const unchanged = before && unchangedParts(before)
  return unchanged && digestOf(unchanged)
}

type Files = Remembered['files']

/** Null when the list or any file of it changed. */
function unchangedParts(before: Remembered): Files | null {
  const listed = unchangedList(before) !== null
  return listed && before.files.every(({ path, stamp }) => stampOf(path) === stamp) ? before.files : null
}

function digestOf(files: Files): PartsDigest {
  const lines = files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join('')
  return {
    sha256: createHash('sha256').update(lines).digest('hex'),
    lines,
    nodeSha256: files.find(({ name }) => name === 'node')?.sha256 ?? '',
    files: files.length,
    bytes: files.reduce((sum, { stamp }) => sum + Number.parseInt(stamp, 10), 0),
    damaged: damagedParts(files),
  }
}

interface Dated {
  readonly files: readonly PartFile[]
  readonly folders: Remembered['folders']
}

/** The stored list, if no folder of it changed. */
function unchangedList(before: Remembered | null): Dated | null {
  if (before === null) return null
  return Object.entries(before.folders).every(([path, stamp]) => stampOf(path) === stamp) ? before : null
}

function dated({ files, folders }: Listing): Dated {
  return { files, folders: Object.fromEntries(folders.map((path) => [path, stampOf(path) ?? ''])) }
}

const PIECE_BYTES = 1 << 20

function sha256Of(path: string, piece: Buffer): string {
  const hash = createHash('sha256')
  const fd = openSync(path, 'r')
  try {
    for (let got = readSync(fd, piece); got > 0; got = readSync(fd, piece))
      hash.update(piece.subarray(0, got))
  } finally {
    closeSync(fd)
  }
  return hash.digest('hex')
}

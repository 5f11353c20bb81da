/**
 * Walk and readers alone: what inventory and known cost before anything is matched or recorded.
 * `node dist/bench/known-bare.js [folder] [workers]`; without a folder a synthetic one is made and kept for the next run.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { walk } from '../src/confined/walker/walk.ts'
import type { PendingRead, WalkedEntry } from '../src/contracts/ledger.ts'
import { ReaderPool } from '../src/host/reader/reader-pool.ts'

export interface KnownBare {
  readonly entries: number
  readonly files: number
  readonly bytes: number
  readonly walkMs: number
  readonly readMs: number
}

const LIMITS = { sparseLogicalBytes: 16 * 1024 ** 3, readStallMs: 30_000 }

export async function run(folder: string, workers = 2): Promise<KnownBare> {
  const startMs = performance.now()
  let entries = 0
  const jobs: PendingRead[] = []
  for (const walked of walk(folder, LIMITS)) {
    entries++
    if (walked.read === null) jobs.push(pending(walked, entries))
  }
  jobs.sort((a, b) => Number(a.inode! - b.inode!))
  const walkedMs = performance.now()
  const pool = new ReaderPool({ root: folder, workers, limits: LIMITS })
  let files = 0
  let bytes = 0
  for await (const items of pool.readAll(jobs))
    for (const { outcome } of items) {
      files += outcome.content === null ? 0 : 1
      bytes += Number(outcome.bytesRead)
    }
  const endMs = performance.now()
  await pool.close()
  return { entries, files, bytes, walkMs: walkedMs - startMs, readMs: endMs - walkedMs }
}

/**
 * `times` times 20,040 files and 1.3 GB, no two alike, the same bytes every time.
 * @param parent where its folder is made, unless it is there already
 */
export function madeCorpus(times = 1, parent = tmpdir()): string {
  return made(join(parent, `seized-known-corpus-${times}`), times, [
    ...Array.from({ length: 18_000 * times }, (_, i) => 1000 + ((i * 7919) % 39_000)),
    ...Array.from({ length: 2000 * times }, (_, i) => 150_000 + ((i * 104_729) % 240_000)),
    ...Array.from({ length: 40 * times }, (_, i) => 9_000_000 + (i % 40) * 50_000),
  ])
}

export const SMALL_FILES = 40_000
const MEAN_BYTES = 32_768

/** Files of exponential sizes around 32 kB, 1.3 GB of them: a median of 23 kB, none over 370 kB. */
export function smallCorpus(parent = tmpdir()): string {
  const sizes = Array.from({ length: SMALL_FILES }, (_, i) => {
    // Evenly over the distribution, in an order that says nothing of the size.
    const share = (((i * 7919) % SMALL_FILES) + 0.5) / SMALL_FILES
    return Math.max(64, Math.round(-Math.log(share) * MEAN_BYTES))
  })
  return made(join(parent, 'seized-known-small'), 2, sizes)
}

function made(folder: string, times: number, sizes: readonly number[]): string {
  if (existsSync(folder)) return folder
  const noise = Buffer.alloc(12_000_000)
  for (let at = 0, block = 0; at < noise.length; block++)
    at += createHash('sha512').update(`block ${block}`).digest().copy(noise, at)
  for (const [i, size] of sizes.entries()) {
    const into = join(folder, `folder-${i % (97 * times)}`, `sub-${i % 5}`)
    mkdirSync(into, { recursive: true })
    const content = Buffer.from(noise.subarray(i % 1000, (i % 1000) + size))
    BEGINNINGS[i % BEGINNINGS.length]!.copy(content)
    content.writeUInt32LE(i, size - 4)
    writeFileSync(join(into, `file-${i}.bin`), content)
  }
  return folder
}

/** How files of an ordinary disk begin: half say what they are, the rest is noise. */
const BEGINNINGS: readonly Buffer[] = [
  Buffer.from('ffd8ffe000104a46494600010100', 'hex'),
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
  Buffer.from('MZ'),
  Buffer.from('%PDF-1.7\n'),
  ...Array.from({ length: 4 }, () => Buffer.alloc(0)),
]

function pending(walked: WalkedEntry, entryId: number): PendingRead {
  const { path, sizeBytes, times, device, inode, allocatedBytes } = walked.entry
  return { entryId, path, sizeBytes, modifiedNs: times.modified?.ns ?? null, device, inode, allocatedBytes }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2] ?? madeCorpus()
  const { entries, files, bytes, walkMs, readMs } = await run(folder, Number(process.argv[3] ?? 2))
  console.log(
    `${entries} entries walked in ${walkMs.toFixed(0)} ms; ${files} files, ${(bytes / 1e6).toFixed(0)} MB read in ${readMs.toFixed(0)} ms`,
  )
}

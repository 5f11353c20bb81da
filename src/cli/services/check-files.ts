/**
 * Tries secrets on the locked files of an image: those whose name is usual for a locked format, up to a number and a size. A scan
 * finds locked files by their content, under any name and inside others.
 */
import { listedName, printPath } from '../../base/evidence-path.ts'
import type { Entry } from '../../contracts/entry.ts'
import { type FileLockFormat, type FileLockTried, fileLockOf } from '../../contracts/file-lock.ts'
import type { PendingRead } from '../../contracts/ledger.ts'
import { isUsedFor, type Secret, type SecretKind } from '../../contracts/lock.ts'
import { keepSecrets } from '../../host/decoder/file-keys.ts'
import { JobPool } from '../../host/decoder/job-pool.ts'
import { budgetOf, openAll } from '../../host/decoder/open-request.ts'
import type { HeldImage } from '../../host/held/held-image.ts'
import { ReaderPool } from '../../host/reader/reader-pool.ts'
import { DEFAULT_LIMITS, DEFAULT_OPTIONS, WHOLE_EXHIBIT } from '../../plan.ts'
import { mayBeTold, withPlace } from '../../source/locked-places.ts'
import { pendingOf } from '../../source/pending-read.ts'
import { imageSource } from '../../source/source.ts'
import { trySource } from '../../source/try-source.ts'

/** Names of files that may be locked; an iOS backup is found by the lister. */
const USUAL =
  /\.(ab|crypt1[245]|backup|zip|7z|rar|pdf|do[ct][xm]?|xl[st][xmb]?|pp[tsx][xm]?|epub|od[tsp]|dmg)$/i
const MOST_FILES = 200
const MOST_BYTES = 1 << 30

export interface CheckedFile {
  readonly path: string
  readonly format: FileLockFormat
  /** Secret that opened it; null: it is closed. */
  readonly secret: number | null
  readonly tried: readonly number[]
  readonly wanted: readonly SecretKind[]
}

export interface CheckedFiles {
  readonly files: readonly CheckedFile[]
  /** Files with a usual name that were not tried: there are more, or they are larger, than the limits. */
  readonly left: number
}

/** Nothing is listed where no secret is for files. */
export async function checkFiles(
  held: HeldImage,
  secrets: readonly Secret[],
  allowUnconfined: boolean,
): Promise<CheckedFiles> {
  if (!secrets.some((secret) => isUsedFor('files', secret))) return { files: [], left: 0 }
  const { entries, left } = await candidates(held)
  if (entries.length === 0) return { files: [], left }
  const [limits, files] = [DEFAULT_LIMITS, [] as CheckedFile[]]
  const readers = new ReaderPool({
    root: held.path,
    image: held,
    workers: 1,
    limits,
    ed2k: false,
    tried: () => trySource('image'),
  })
  const openers = new JobPool({
    size: 1,
    dataBytes: limits.childDataBytes,
    cpuMs: limits.decodeCpuMs,
    allowUnconfined,
    ops: ['open'],
  })
  keepSecrets(openers, secrets)
  try {
    for await (const items of readers.readAll(oneByOne(entries)))
      for (const { job, outcome } of items) {
        const { content } = withPlace(job.path, outcome)
        const lock = content && fileLockOf(content.mediaType)
        if (!content || !lock || lock.takes.length === 0) continue
        const read = await readers.bytes(job, limits.lookBytes)
        if (!('bytes' in read)) continue
        const budget = budgetOf(limits, { entries: 0, bytes: 0n })
        const target = { path: job.path, budget, packedBytes: read.bytes.length }
        const outer = { path: job.path, content, band: 0, source: read.bytes, beside: [] }
        const [opened] = await openAll(openers, outer, [target], limits)
        const tried: FileLockTried | undefined = opened?.lock
        const isClosed = opened?.result.result === 'not-done' && opened.result.reason === 'encrypted'
        if (tried === undefined && !isClosed) continue
        files.push({
          path: printPath(job.path),
          format: lock.format,
          secret: tried?.secret ?? null,
          tried: tried?.tried ?? [],
          wanted: lock.takes,
        })
      }
  } finally {
    await Promise.all([readers.close(), openers.close()])
  }
  return { files, left }
}

/** Live files with a usual name, in the order of the listing. */
async function candidates(held: HeldImage): Promise<{ entries: readonly Entry[]; left: number }> {
  const entries: Entry[] = []
  let [left, bytes] = [0, 0]
  const plan = { limits: DEFAULT_LIMITS, scope: WHOLE_EXHIBIT, options: DEFAULT_OPTIONS }
  for await (const batch of imageSource(held).list(plan, { image: null, beginnings: null }))
    for (const { entry, read } of batch) {
      const isCandidate = entry.kind === 'file' && (read ?? null) === null && entry.sizeBytes > 0n
      if (!isCandidate || !(USUAL.test(nameOf(entry)) || mayBeTold(entry.path))) continue
      const size = Number(entry.sizeBytes)
      if (entries.length === MOST_FILES || bytes + size > MOST_BYTES) left++
      else {
        entries.push(entry)
        bytes += size
      }
    }
  return { entries, left }
}

function nameOf({ path }: Entry): string {
  return listedName(path).toString('latin1')
}

async function* oneByOne(entries: readonly Entry[]): AsyncGenerator<readonly PendingRead[]> {
  for (const entry of entries) yield [pendingOf(entry)]
}

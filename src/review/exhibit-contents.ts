/**
 * Reads contents from the exhibit again, as the scan did: through the reader processes, and members of containers
 * through confined children.
 */
import { createHash } from 'node:crypto'
import { depthOf, listedPath, parseEvidencePath } from '../base/evidence-path.ts'
import type { Limits } from '../contracts/case.ts'
import type { EvidencePath } from '../contracts/entry.ts'
import { STAGES } from '../contracts/stage.ts'
import type { EntryView } from '../contracts/view.ts'
import type { JobPool } from '../host/decoder/job-pool.ts'
import { derivedBytes } from '../host/decoder/open-request.ts'
import type { ContentReaders } from '../host/reader/content-readers.ts'
import { type PlaceBeside, placesBeside } from '../pipeline/beside.ts'
import { pendingOf } from '../source/pending-read.ts'

export interface ExhibitParts {
  readonly readers: ContentReaders
  readonly openers: JobPool
  readonly limits: Limits
  /** The entry at a path, from the ledger; null when there is none. */
  readonly listedAt: (path: EvidencePath) => EntryView | null
}

export type ReadAgain = { readonly bytes: Buffer } | { readonly refused: 'cannot-read' | 'differs' }

/**
 * The caller overwrites the bytes after use.
 * @param places places of one content: the first whose bytes have its SHA-256 is used
 */
export async function readAgain(parts: ExhibitParts, places: readonly EntryView[]): Promise<ReadAgain> {
  let refused: 'cannot-read' | 'differs' = 'cannot-read'
  for (const place of places) {
    const bytes = await bytesAt(parts, place)
    if (bytes === null) continue
    // Only this digest: the others leave fragments of the content in their working memory.
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    if (sha256 === place.content!.digests.sha256) return { bytes }
    bytes.fill(0)
    refused = 'differs'
  }
  return { refused }
}

async function bytesAt(parts: ExhibitParts, view: EntryView): Promise<Buffer | null> {
  const { readers, openers, limits } = parts
  const { path } = view.entry
  if (depthOf(path) === 1) {
    const read = await readers.bytes(pendingOf(view.entry), limits.lookBytes)
    return 'bytes' in read ? read.bytes : null
  }
  const outer = parts.listedAt(listedPath(path))
  if (!outer?.content) return null
  const read = await readers.bytes(pendingOf(outer.entry), limits.lookBytes)
  if (!('bytes' in read)) return null
  const { content, entry } = outer
  const beside = await readCompanion(parts, outer, limits.lookBytes - read.bytes.length)
  const companionsAt = (at: EvidencePath) => companionsThere(parts, at)
  const typeAt = (at: Buffer) => parts.listedAt(parseEvidencePath(at))?.content?.mediaType ?? null
  const within = {
    path: entry.path,
    content,
    band: entry.band,
    source: read.bytes,
    beside,
    companionsAt,
    typeAt,
  }
  let found: Buffer | null = null
  await derivedBytes(openers, within, [path], limits, (_, bytes) => {
    found = bytes
  })
  for (const bytes of [read.bytes, ...beside.map((one) => one.bytes)]) bytes.fill(0)
  return found
}

/** Companion files of a container inside the same top-level content, as the scan used them. */
function companionsThere({ listedAt, limits }: ExhibitParts, path: EvidencePath): readonly PlaceBeside[] {
  const container = listedAt(path)
  if (!container?.content) return []
  let left = BigInt(limits.lookBytes) - container.entry.sizeBytes
  return placesBeside(path, container.content.mediaType).filter((place) => {
    const there = listedAt(place.path)
    if (!there?.content || there.entry.sizeBytes > left || wasPrivileged(there)) return false
    left -= there.entry.sizeBytes
    return true
  })
}

/** Reads a companion file (database log, other files of a cache): without it some members cannot be read. */
async function readCompanion(
  { readers, listedAt }: ExhibitParts,
  { entry, content }: EntryView,
  mostBytes: number,
): Promise<{ readonly name: string; readonly bytes: Buffer }[]> {
  const found: { readonly name: string; readonly bytes: Buffer }[] = []
  let left = mostBytes
  for (const { name, path } of placesBeside(entry.path, content!.mediaType)) {
    const there = listedAt(path)
    if (!there?.content || there.entry.sizeBytes > left || wasPrivileged(there)) continue
    const read = await readers.bytes(pendingOf(there.entry), left)
    if (!('bytes' in read)) continue
    left -= read.bytes.length
    found.push({ name, bytes: read.bytes })
  }
  return found
}

/** Whether the scan withheld the companion file as privileged. It was not applied then, and is not applied now. */
function wasPrivileged({ stages }: EntryView): boolean {
  return STAGES.some((stage) => stages[stage].result === 'not-done' && stages[stage].reason === 'privileged')
}

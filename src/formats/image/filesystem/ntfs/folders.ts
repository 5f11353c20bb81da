/** Paths of folders, through the references of their names to the folder above, while sequence numbers fit. */
import { type ByteString, byteString, bytesOf } from '../../../../base/byte-string.ts'
import type { FileName } from './gather.ts'
import { inUse, isDirectory, isRecord, type Reference, sequenceOf } from './record.ts'

/** First component of entries whose folder is unknown. */
export const ORPHAN: readonly Buffer[] = [Buffer.from('$Orphan')]
export const ROOT = 5
/** Depth limit: no path of Windows is deeper (32,767 characters), and few come near it. */
const MAX_DEPTH = 1_000
/** Folders that are kept, in each of two generations: some 200 bytes each. */
const KEPT = 75_000

export interface Folder {
  readonly path: readonly Buffer[]
  /** True where a reference on the way up does not match: the path begins with `$Orphan`. */
  readonly lost: boolean
}

/** A folder as a step of a path. */
interface Step {
  /** A string, because a short buffer keeps its whole pool in memory. */
  readonly name: ByteString
  /** Null where the parent is unknown, and for the root (depth 0). */
  readonly above: Step | null
  readonly depth: number
  readonly sequence: number
  readonly live: boolean
}

const LOST: Folder = { path: ORPHAN, lost: true }

/** @param nameOf name of a record that is a folder; null where there is none */
export function folders(
  recordOf: (number: number) => Buffer | null,
  nameOf: (number: number, record: Buffer) => FileName | null,
): (reference: Reference) => Folder {
  // Two generations: removing the oldest entries one by one costs more than it saves.
  let known = new Map<number, Step>()
  let older = new Map<number, Step>()
  // Entries of one folder are adjacent.
  let last: Step | null = null
  let lastFolder = LOST

  function stepOf(number: number, below: Set<number>): Step | null {
    const cached = known.get(number)
    if (cached) return cached
    const aged = older.get(number)
    if (aged) return keep(number, aged)
    const record = recordOf(number)
    if (!record || !isRecord(record) || !isDirectory(record)) return null
    const sequence = sequenceOf(record)
    if (number === ROOT) return keep(ROOT, rootOf(sequence))
    const live = inUse(record)
    const name = nameOf(number, record)
    if (!name || below.has(number)) return null
    const above = fitting(name.parent, below.add(number))
    // Deeper folders than any path of Windows start a new path.
    const kept = above && above.depth < MAX_DEPTH ? above : null
    return keep(number, {
      name: byteString(name.name),
      above: kept,
      depth: (kept?.depth ?? 0) + 1,
      sequence,
      live,
    })
  }

  function keep(number: number, step: Step): Step {
    if (known.size >= KEPT) {
      older = known
      known = new Map()
    }
    known.set(number, step)
    return step
  }

  function fitting(reference: Reference, below: Set<number>): Step | null {
    if (below.size > MAX_DEPTH) return null
    const step = stepOf(reference.number, below)
    return step && fits(reference.sequence, step) ? step : null
  }

  return (reference) => {
    const step = fitting(reference, new Set())
    if (!step) return LOST
    if (step !== last) {
      last = step
      lastFolder = folderOf(step)
    }
    return lastFolder
  }
}

function rootOf(sequence: number): Step {
  return { name: '', above: null, depth: 0, sequence, live: true }
}

function folderOf(step: Step): Folder {
  const names: Buffer[] = []
  let at: Step | null = step
  for (; at !== null && at.depth > 0; at = at.above) names.push(bytesOf(at.name))
  names.reverse()
  return at === null ? { path: [...ORPHAN, ...names], lost: true } : { path: names, lost: false }
}

/** A folder that was deleted carries the next number; references of sequence 0 fit any. */
function fits(sequence: number, folder: Step): boolean {
  if (sequence === 0 || sequence === folder.sequence) return true
  return !folder.live && folder.sequence === (sequence === 0xffff ? 1 : sequence + 1)
}

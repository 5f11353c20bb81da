/** Paths of folders, through the references of their names to the folder above, while sequence numbers fit. */
import type { FileName } from './gather.ts'
import { inUse, isDirectory, isRecord, type Reference, sequenceOf } from './record.ts'

/** First component of what lies in a folder that is no longer known. */
export const ORPHAN: readonly Buffer[] = [Buffer.from('$Orphan')]
export const ROOT = 5
const ROOT_PATH: readonly Buffer[] = []
/** Folders in folders; no path of Windows is deeper (32,767 characters), few are deeper than this. */
const MAX_DEPTH = 1_000
/** Components of paths that are kept. */
const KEPT = 200_000

export interface Folder {
  readonly path: readonly Buffer[]
  /** True where a reference on the way up did not fit: the path begins with `$Orphan`. */
  readonly lost: boolean
}

interface Known extends Folder {
  readonly sequence: number
  readonly live: boolean
}

const LOST: Folder = { path: ORPHAN, lost: true }

/** @param nameOf the name of a record that is a folder, null where there is none */
export function folders(
  recordOf: (number: number) => Buffer | null,
  nameOf: (number: number, record: Buffer) => FileName | null,
): (reference: Reference) => Folder {
  const known = new Map<number, Known>()
  let kept = 0

  function climb(reference: Reference, below: Set<number>): Known | null {
    const cached = known.get(reference.number)
    if (cached) return cached
    const record = recordOf(reference.number)
    if (!record || !isRecord(record) || !isDirectory(record)) return null
    const sequence = sequenceOf(record)
    const live = inUse(record)
    if (reference.number === ROOT) return keep(ROOT, { path: ROOT_PATH, lost: false, sequence, live: true })
    const name = nameOf(reference.number, record)
    if (!name || below.size > MAX_DEPTH || below.has(reference.number)) return null
    const above = folderAt(name.parent, below.add(reference.number))
    return keep(reference.number, { path: [...above.path, name.name], lost: above.lost, sequence, live })
  }

  function keep(number: number, folder: Known): Known {
    kept += folder.path.length
    for (const [oldest, { path }] of known) {
      if (kept <= KEPT) break
      known.delete(oldest)
      kept -= path.length
    }
    known.set(number, folder)
    return folder
  }

  function folderAt(reference: Reference, below: Set<number>): Folder {
    const found = climb(reference, below)
    return found && fits(reference.sequence, found) ? found : LOST
  }

  return (reference) => folderAt(reference, new Set())
}

/** A folder that was deleted carries the next number; references of sequence 0 fit any. */
function fits(sequence: number, folder: Known): boolean {
  if (sequence === 0 || sequence === folder.sequence) return true
  return !folder.live && folder.sequence === (sequence === 0xffff ? 1 : sequence + 1)
}

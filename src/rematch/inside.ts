/** The place of an entry in an old ledger: its parent, and whether the analysis found it inside a picture. */
import type { EvidencePath } from '../contracts/entry.ts'
import type { EntryView } from '../contracts/view.ts'

/**
 * Tells entries that the analysis found inside a picture from members of containers, by their stages.
 * Call it for every entry in evidence-path order: a parent comes before its children.
 */
export function foundByLooking(): (view: EntryView) => boolean {
  const pictures = new Set<string>()
  return ({ entry, content }) => {
    const { path } = entry
    const isInside = path.steps.at(-1)!.kind === 'thumbnail' && pictures.has(parentKey(path))
    if (content?.mediaType.startsWith('image/')) pictures.add(keyOf(path.bytes))
    return isInside
  }
}

export function parentKey({ bytes }: EvidencePath): string {
  return keyOf(bytes.subarray(0, bytes.lastIndexOf(0)))
}

export function keyOf(path: Buffer): string {
  return path.toString('latin1')
}

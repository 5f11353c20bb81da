/** Where an entry of an old ledger lies: below which other, and whether a look found it inside a picture. */
import type { EvidencePath } from '../contracts/entry.ts'
import type { EntryView } from '../contracts/view.ts'

/**
 * Tells which entries a look found inside a picture, by stages apart from those of containers.
 * To be asked of every entry in evidence-path order: a parent comes before what lies in it.
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

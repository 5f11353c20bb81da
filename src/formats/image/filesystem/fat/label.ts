/** The label of a volume: an entry of the root directory; the boot sector keeps an older one. */
import type { ClusterHeap } from '../clusters/heap.ts'
import type { FatBoot } from './boot-sector.ts'
import { textOfCp437 } from './cp437.ts'

const SLOT = 32
const LABEL = 0x08
/** Of the root directory: the label is among the first entries. */
const LOOKED_AT_BYTES = 1 << 16

/** Null when the beginning of the root directory has none. */
export function labelOf(heap: ClusterHeap, boot: FatBoot): string | null {
  const offset = boot.root?.offset ?? heap.offsetOf(boot.rootCluster)
  if (!boot.root && !heap.holds(boot.rootCluster)) return null
  const bytes = Buffer.alloc(Math.min(LOOKED_AT_BYTES, boot.root?.length ?? boot.clusterBytes))
  heap.volume.readInto(bytes, offset)
  for (let at = 0; at + SLOT <= bytes.length && bytes[at] !== 0; at += SLOT) {
    if (bytes[at] === 0xe5 || (bytes.readUInt8(at + 11) & 0x3f & ~0x20) !== LABEL) continue
    return textOfCp437(bytes.subarray(at, at + 11)).trimEnd()
  }
  return null
}

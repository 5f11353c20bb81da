/** An entry without facts of a file system: a derived entry, or a name whose metadata could not be read. */
import type { Entry } from '../contracts/entry.ts'

type Known = Pick<Entry, 'path' | 'kind' | 'sizeBytes' | 'band'> & Partial<Entry>

export function bareEntry(known: Known): Entry {
  return {
    allocatedBytes: null,
    times: { modified: null, changed: null, accessed: null, born: null },
    device: null,
    inode: null,
    links: null,
    mode: null,
    uid: null,
    gid: null,
    linkTarget: null,
    ...known,
  }
}

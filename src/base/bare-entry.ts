/** An entry of which no file system says anything: what was found inside a file, and names that could not be looked at. */
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

/**
 * Readers of several exhibits as one: a path of the joined ledger begins with the name of its exhibit, and the rest is the
 * path on that exhibit.
 */
import { parseEvidencePath } from '../base/evidence-path.ts'
import type { EvidencePath } from '../contracts/entry.ts'
import type { PendingRead } from '../contracts/ledger.ts'
import { notDone } from '../contracts/stage.ts'
import type { ContentReaders } from '../host/reader/content-readers.ts'

const SLASH = 0x2f

/** @param byExhibit readers of the exhibits at hand */
export function readersOfCase(byExhibit: ReadonlyMap<string, ContentReaders>): ContentReaders {
  return {
    bytes: (job: PendingRead, maxBytes: number) => {
      for (const [exhibit, readers] of byExhibit) {
        const path = pathOn(exhibit, job.path)
        if (path !== null) return readers.bytes({ ...job, path }, maxBytes)
      }
      return Promise.resolve(notDone('vanished'))
    },
    close: async () => {
      await Promise.all([...byExhibit.values()].map((readers) => readers.close()))
    },
  }
}

/** The path on the exhibit; null for a path of another one. */
export function pathOn(exhibit: string, { bytes }: EvidencePath): EvidencePath | null {
  const name = Buffer.from(exhibit)
  if (!bytes.subarray(0, name.length).equals(name)) return null
  const next = bytes[name.length]
  if (next === SLASH) return parseEvidencePath(bytes.subarray(name.length + 1))
  // An image is the empty path: the steps of its volumes follow the name at once.
  return next === 0 ? parseEvidencePath(bytes.subarray(name.length)) : null
}

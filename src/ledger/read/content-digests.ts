/** Digests of every content of a ledger, for tools that identify contents by MD5 or SHA-1. */
import { readingAll } from '../format/database.ts'
import { openForReading } from '../format/open-readonly.ts'

/** Lower-case hex. */
export interface ContentDigests {
  readonly sha256: string
  readonly sha1: string
  readonly md5: string
}

export function* contentDigests(path: string): IterableIterator<ContentDigests> {
  const file = openForReading(path)
  try {
    const rows = file.db
      .prepare('SELECT sha256, sha1, md5 FROM content ORDER BY id')
      .iterate() as IterableIterator<Record<keyof ContentDigests, Buffer>>
    for (const { sha256, sha1, md5 } of readingAll(path, rows))
      yield { sha256: sha256.toString('hex'), sha1: sha1.toString('hex'), md5: md5.toString('hex') }
  } finally {
    file.close()
  }
}

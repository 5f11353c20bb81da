/**
 * Reads the Chromium cache on Windows: the URL of each separate cache file (`f_000001`). Bodies in blocks are members
 * whose name is their URL.
 */

import { type ArtefactReader, NotAnArtefact } from '../../records/artefact.ts'
import { BlockFiles, ownFile } from '../../web-cache/block-files.ts'
import { addressIn, chromiumTime, responseIn } from '../../web-cache/chromium-response.ts'

export const chromiumCache: ArtefactReader = {
  id: 'chromium-cache',
  mediaTypes: ['application/x-chromium-cache-blocks'],
  read(bytes, sink) {
    if (bytes.length < HEADER_BYTES) throw new NotAnArtefact()
    const files = new BlockFiles(bytes)
    for (const entry of files.entries()) {
      const path = ownFile(entry.body)
      if (path === null) continue
      // A key that does not fit into the entry is in another file.
      const key = files.keyOf(entry)
      const headers = files.stretch(entry.headers)
      const when = (headers === null ? null : responseIn(headers).modified) ?? chromiumTime(entry.created)
      sink.add({
        what: {
          code: 'cached',
          params: {
            program: 'chromium',
            path: `Cache_Data/${path}`,
            sizeBytes: entry.body.bytes,
            ...(key === null ? {} : { url: addressIn(key.toString('utf8')) }),
          },
        },
        when: when && { ns: String(when.ns), resolution: 'us', zone: 'utc' },
        sizeBytes: entry.body.bytes,
      })
    }
    return []
  },
}

const HEADER_BYTES = 8192

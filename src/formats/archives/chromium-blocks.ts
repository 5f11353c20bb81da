/**
 * Extractor for the block-file cache of the Chromium family on Windows. It lists bodies stored in block files. Bodies
 * in files of their own are entries of the exhibit already.
 */
import { BlockFiles, ownFile } from '../web-cache/block-files.ts'
import { addressIn, chromiumTime, responseIn } from '../web-cache/chromium-response.ts'
import { bodyMembers, isUnpackedHere, unpackedMembers } from './cached-body.ts'
import { ContainerDamaged, type Extractor, NO_COMPANIONS, wholeOf } from './common/container.ts'

export const chromiumBlocks: Extractor = {
  id: 'chromium-blocks',
  mediaTypes: ['application/x-chromium-cache-blocks'],
  inMemory: true,
  async *members(source, budget, beside = NO_COMPANIONS) {
    const bytes = wholeOf(source)
    if (bytes.length < HEADER_BYTES) throw new ContainerDamaged({ code: 'ends-inside-header', params: {} })
    const files = new BlockFiles(bytes, beside.values())
    let broken = 0
    for (const entry of files.entries()) {
      if (entry.body.bytes === 0) continue
      const headers = files.stretch(entry.headers)
      const said = headers === null ? { encoding: null, modified: null } : responseIn(headers)
      const own = ownFile(entry.body)
      if (own !== null && !isUnpackedHere(said.encoding)) continue
      const key = files.keyOf(entry)
      const body = own === null ? files.stretch(entry.body) : (beside.get(own) ?? null)
      if (key === null || body === null) broken++
      if (body === null) continue
      const of = {
        url: key === null ? '(no name)' : addressIn(key.toString('utf8')),
        encoding: said.encoding,
        modified: said.modified ?? chromiumTime(entry.created),
        sizeBytes: body.length,
        pieces: async function* () {
          yield body
        },
      }
      yield* own === null ? bodyMembers(of, budget) : unpackedMembers(of, budget)
    }
    if (broken > 0) throw new ContainerDamaged({ code: 'records-unreadable', params: { records: broken } })
  },
}

const HEADER_BYTES = 8192

/**
 * Reads bookmarks of the Chromium family (`Bookmarks`, JSON): pages in folders, each with the time it was added.
 * @see Chromium, components/bookmarks/browser/bookmark_codec.cc
 */
import { definedOnly } from '../../../base/defined-only.ts'
import { isObject, jsonObject } from '../../bytes/json-values.ts'
import { webkitTime } from '../../bytes/times.ts'
import { type ArtefactReader, NotAnArtefact, type RecordCollector } from '../../records/artefact.ts'

const MOST_BYTES = 64 << 20
const MOST_DEPTH = 100

export const chromiumBookmarks: ArtefactReader = {
  id: 'chromium-bookmarks',
  mediaTypes: ['application/x-chromium-bookmarks+json'],
  read(bytes, sink) {
    const roots = jsonObject(sink.beginning(bytes, MOST_BYTES).toString('utf8'))?.roots
    if (!isObject(roots)) throw new NotAnArtefact()
    for (const root of Object.values(roots)) addBelow(root, 0, sink)
    return []
  },
}

function addBelow(node: unknown, depth: number, sink: RecordCollector): void {
  if (!isObject(node)) return
  if (depth > MOST_DEPTH) {
    sink.leave(1)
    return
  }
  const { url, name, date_added: added, children } = node
  if (typeof url === 'string' && url !== '')
    sink.add({
      what: {
        code: 'bookmark',
        params: definedOnly({
          program: 'chromium',
          url,
          title: typeof name === 'string' && name !== '' ? name : undefined,
        }) as { program: string; url: string },
      },
      when: typeof added === 'string' && /^\d{1,20}$/.test(added) ? webkitTime(BigInt(added)) : null,
    })
  if (Array.isArray(children)) for (const child of children) addBelow(child, depth + 1, sink)
}

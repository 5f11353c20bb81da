/**
 * Extractor for a Firefox cache entry (`cache2/entries`; Tor Browser and Firefox for Android use the same format).
 * The entry contains the body, digests of its pieces, and metadata. Data that Firefox derived from the body (compiled
 * scripts) follows the body and is not part of it.
 *
 * @see Firefox netwerk/cache2/CacheFileMetadata.h
 */

import { piecesOf } from '../bytes/byte-source.ts'
import { firefoxMetadata } from '../signatures/firefox-cache.ts'
import { headerOf } from '../web-cache/header.ts'
import { bodyMembers } from './cached-body.ts'
import { ContainerDamaged, type Extractor } from './common/container.ts'

export const firefoxEntry: Extractor = {
  id: 'firefox-entry',
  mediaTypes: ['application/x-firefox-cache-entry'],
  async *members(source, budget) {
    const tail = source.read(Math.max(0, source.sizeBytes - MOST_METADATA), MOST_METADATA)
    const found = firefoxMetadata(tail, source.sizeBytes)
    if (found === null) throw new ContainerDamaged({ code: 'ends-inside-header', params: {} })
    const elements = elementsOf(tail.toString('latin1', found.elementsAt, tail.length - 4))
    const made = /^\d+;(\d+),/.exec(elements.get('alt-data') ?? '')
    const end = made === null ? found.bodyBytes : Math.min(found.bodyBytes, Number(made[1]))
    const seconds = BigInt(found.modifiedSeconds)
    yield* bodyMembers(
      {
        url: addressIn(tail.toString('utf8', found.keyAt, found.elementsAt - 1)),
        encoding: headerOf(elements.get('response-head') ?? '', 'content-encoding'),
        modified:
          seconds === 0n
            ? null
            : { ns: seconds * 1_000_000_000n, source: 'archive', resolution: 's', zone: 'utc' },
        sizeBytes: end,
        pieces: async function* () {
          yield* piecesOf(source, 0, end)
        },
      },
      budget,
    )
  },
}

const MOST_METADATA = 1 << 20

/** Tags for the requesting context precede the URL. A comma ends each tag; the last tag is empty. */
function addressIn(key: string): string {
  const at = key.startsWith(':') ? 1 : key.indexOf(',:') + 2
  return key.slice(at < 2 && !key.startsWith(':') ? 0 : at)
}

/** Names and values alternate; a zero byte ends each. */
function elementsOf(text: string): ReadonlyMap<string, string> {
  const parts = text.split('\0')
  const elements = new Map<string, string>()
  for (let i = 0; i + 1 < parts.length; i += 2) elements.set(parts[i]!, parts[i + 1]!)
  return elements
}

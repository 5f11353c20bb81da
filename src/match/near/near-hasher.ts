/** Near matches by an agency's own hasher: its hashes of a content, with the hashes of that name in lists. */
import type { NearMatch, PerceptualHash } from '../../contracts/finding.ts'
import type { HasherHashes, HasherRecords } from '../records/hasher-records.ts'
import { MetricIndex } from './metric-index.ts'

export interface ListedHashes {
  readonly list: HasherRecords
  readonly loaded: HasherHashes
  readonly index: MetricIndex
}

export function listedHashes(list: HasherRecords): ListedHashes {
  const loaded = list.load()
  const { hashBytes, metric } = list.hasher.hasher
  return { list, loaded, index: new MetricIndex(loaded.hashes, hashBytes, metric) }
}

/** The nearest record of each category and meaning of a list, over all hashes that its hasher made of a content. */
export function nearByHasher(
  { list, loaded, index }: ListedHashes,
  hashes: readonly PerceptualHash[],
): NearMatch[] {
  const { id, sha256, hasher } = list.hasher
  const best = new Map<string, NearMatch & { readonly exactly: number }>()
  for (const { algorithm, flavour, hex, quality, part } of hashes) {
    const bytes = Buffer.from(hex, 'hex')
    if (algorithm !== 'hasher' || flavour !== id || bytes.length !== hasher.hashBytes) continue
    for (const found of index.query(bytes, hasher.similar)) {
      const listed = loaded.record(found.index)
      const key = JSON.stringify([listed.category, listed.meaning])
      if ((best.get(key)?.exactly ?? Number.POSITIVE_INFINITY) <= found.distance) continue
      best.set(key, {
        kind: 'near',
        hashSet: list.hashSet,
        hashSetSha256: list.hashSetSha256,
        edition: list.edition,
        algorithm: 'hasher',
        distanceBits: Math.ceil(found.distance),
        quality,
        band: found.distance <= hasher.nearExact ? 'near-exact' : 'similar',
        orientation: /^\d/.test(part) ? 'original' : part,
        video: null,
        hasher: {
          id,
          sha256,
          cardSha256: hasher.cardSha256,
          metric: hasher.metric,
          distance: shortNumber(found.distance),
          limit: shortNumber(hasher.similar),
        },
        exactly: found.distance,
        ...listed,
      })
    }
  }
  return [...best.values()].map(({ exactly: _, ...match }) => match)
}

/** At most two decimals, rounded up: a distance is never shown smaller than it is. */
function shortNumber(number: number): string {
  return String(Math.ceil(number * 100) / 100)
}

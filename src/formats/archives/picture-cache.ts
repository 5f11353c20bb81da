/**
 * Extractor for caches of galleries and games that keep pictures one behind the other (`imgcache.0` of Android's gallery,
 * `.thumbdata3` to `5`). Pictures are found by their first bytes at any offset, and each ends by its own structure. So
 * a cache needs no description of its records, and a damaged record costs only itself.
 *
 * @see AOSP, Gallery2, BlobCache.java (first bytes of `imgcache.N`)
 */
import type { ByteSource } from '../bytes/byte-source.ts'
import { endOf } from '../signatures/embedded/ends.ts'
import { walked } from '../signatures/embedded/walk.ts'
import { type Budget, ContainerDamaged, type Extractor, type Member } from './common/container.ts'

export const pictureCache: Extractor = {
  id: 'picture-cache',
  mediaTypes: ['application/x-picture-cache'],
  members: async function* (source, budget) {
    let broken = 0
    for (const { from, to } of pictures(source)) {
      if (to === null) broken++
      else yield memberOf(source, from, to, budget)
    }
    if (broken > 0) throw new ContainerDamaged({ code: 'slots-unreadable', params: { slots: broken } })
  },
}

const WINDOW_BYTES = 64 << 10
const STRIDE_BYTES = 1 << 20
const MOST_BYTES = 64 << 20
const KINDS = [
  { mediaType: 'image/jpeg', first: Buffer.from('ffd8ff', 'hex') },
  { mediaType: 'image/png', first: Buffer.from('89504e470d0a1a0a', 'hex') },
] as const
const LONGEST = 8

/** In order; `to` is null where the picture breaks off. One inside another, such as its thumbnail, is passed over. */
function* pictures(source: ByteSource): Generator<{ readonly from: number; readonly to: number | null }> {
  let behind = 0
  for (let stride = 0; stride < source.sizeBytes; stride += STRIDE_BYTES) {
    const bytes = source.read(stride, STRIDE_BYTES + LONGEST)
    const found = KINDS.flatMap(({ mediaType, first }) =>
      [...placesIn(bytes, first)].map((at) => ({ from: stride + at, mediaType })),
    ).sort((a, b) => a.from - b.from)
    for (const { from, mediaType } of found) {
      if (from < behind) continue
      const to = endIn(source, mediaType, from)
      yield { from, to }
      behind = to ?? from + 1
    }
  }
}

function endIn(source: ByteSource, mediaType: string, from: number): number | null {
  const walk = endOf(mediaType)!(from)
  const { at, isBroken } = walked(walk, (to, least) => source.read(to, Math.max(least, WINDOW_BYTES)))
  return isBroken || at > source.sizeBytes || at - from > MOST_BYTES ? null : at
}

function* placesIn(bytes: Buffer, first: Buffer): Generator<number> {
  for (let at = bytes.indexOf(first); at !== -1 && at < STRIDE_BYTES; at = bytes.indexOf(first, at + 1))
    yield at
}

function memberOf(source: ByteSource, from: number, to: number, budget: Budget): Member {
  budget.entry()
  return {
    kind: 'thumbnail',
    name: Buffer.from(`picture at ${from}`),
    entryKind: 'file',
    sizeBytes: BigInt(to - from),
    modified: null,
    linkTarget: null,
    read: async () => {
      budget.charge(to - from)
      return source.read(from, to - from)
    },
  }
}

/** Digests that an image states of its files (L01, AD1, a report), beside those of the bytes and beside the lists. No stage itself: two ask. */
import { definedOnly } from '../base/defined-only.ts'
import { type Attribute, attribute } from '../contracts/attribute.ts'
import type { Content } from '../contracts/content.ts'
import type { StatedHash } from '../contracts/content-place.ts'
import type { Parts } from './parts.ts'

/**
 * @param stated   of one file, as the image states them
 * @param content  what was read of it; null: nothing could be
 * @returns what agrees and what does not; of those that do not, and of all where there is no content, which list holds them
 */
export function besideStated(
  stated: readonly StatedHash[],
  content: Content | null,
  sizeBytes: bigint,
  named: Parts['named'],
): readonly Attribute[] {
  const compared = stated.map(({ algorithm, hex }) => ({
    algorithm,
    hex,
    computed: content?.digests[algorithm] ?? null,
  }))
  const apart = compared.filter(({ hex, computed }) => computed !== hex)
  return [
    ...compared.flatMap(({ algorithm, hex, computed }) =>
      computed === null
        ? []
        : computed === hex
          ? [attribute('stated-digest-agrees', { algorithm })]
          : [attribute('stated-digest-differs', { algorithm, stated: hex, computed })],
    ),
    ...(apart.length === 0 ? [] : listed(apart, sizeBytes, named)),
  ]
}

function listed(
  apart: readonly StatedHash[],
  sizeBytes: bigint,
  named: Parts['named'],
): readonly Attribute[] {
  const digests = Object.fromEntries(apart.map(({ algorithm, hex }) => [algorithm, hex]))
  const { hits, conflicts } = named(digests, sizeBytes)
  const found = [
    ...hits.map((of) => ({ of, by: of.algorithms })),
    ...conflicts.map((of) => ({ of, by: of.agreeing })),
  ]
  return found.flatMap(({ of, by }) => {
    const one = apart.find(({ algorithm }) => by.includes(algorithm))
    if (one === undefined || of.meaning === 'known') return []
    const params = {
      algorithm: one.algorithm,
      digest: one.hex,
      list: of.hashSet,
      meaning: of.meaning,
      category: of.category ?? undefined,
    }
    return [attribute('stated-digest-listed', definedOnly(params))]
  })
}

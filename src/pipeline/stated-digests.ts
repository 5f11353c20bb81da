/**
 * Compares digests that an image states (L01, AD1, a report) with computed digests and with the lists. A helper, not a
 * step.
 */
import { listedName, printName } from '../base/evidence-path.ts'
import { type Attribute, attribute } from '../contracts/attribute.ts'
import type { Exhibit } from '../contracts/case.ts'
import type { Content } from '../contracts/content.ts'
import type { StatedHash } from '../contracts/content-place.ts'
import type { EvidencePath } from '../contracts/entry.ts'
import { type StatedFile, statedAttribute } from '../findings/stated-reference.ts'
import type { Parts } from './parts.ts'

/** The file with the stated digests. */
export interface StatedOf {
  readonly path: EvidencePath
  readonly sizeBytes: bigint
  readonly image: Exhibit['image']
}

/** Image formats that contain selected files and no medium. */
const LOGICAL: readonly string[] = ['ewf-l01', 'ewf-lx01', 'ad1', 'aff4-logical']

/**
 * @param stated   digests of one file, as the image states them
 * @param content  the read content; null: it could not be read
 * @returns agreeing and differing digests, and hits of the digests that differ (of all digests without a content)
 */
export function besideStated(
  stated: readonly StatedHash[],
  content: Content | null,
  of: StatedOf,
  named: Parts['named'],
): readonly Attribute[] {
  const compared = stated.map(({ algorithm, hex }) => ({
    algorithm,
    hex,
    computed: content?.digests[algorithm] ?? null,
  }))
  return [
    ...compared.flatMap(({ algorithm, hex, computed }) =>
      computed === null
        ? []
        : computed === hex
          ? [attribute('stated-digest-agrees', { algorithm })]
          : [attribute('stated-digest-differs', { algorithm, stated: hex, computed })],
    ),
    ...listedOfStated(stated, content, of, named),
  ]
}

/** Hits of stated digests that differ from the read content. */
export function listedOfStated(
  stated: readonly StatedHash[],
  content: Content | null,
  { path, sizeBytes, image }: StatedOf,
  named: Parts['named'],
): readonly Attribute[] {
  const apart = stated.filter(({ algorithm, hex }) => content?.digests[algorithm] !== hex)
  if (apart.length === 0) return []
  const digests = Object.fromEntries(apart.map(({ algorithm, hex }) => [algorithm, hex]))
  const { hits, conflicts } = named(digests, sizeBytes)
  const found = [
    ...hits.map((of) => ({ of, by: of.algorithms })),
    ...conflicts.map((of) => ({ of, by: of.agreeing })),
  ]
  return found.flatMap(({ of, by }) => {
    const one = apart.find(({ algorithm }) => by.includes(algorithm))
    if (one === undefined || of.meaning === 'known') return []
    const file: StatedFile = {
      algorithm: one.algorithm,
      digest: one.hex,
      path: printName(listedName(path)),
      sizeBytes: Number(sizeBytes),
      by: LOGICAL.includes(image?.format ?? '') ? 'logical-image' : undefined,
    }
    return [statedAttribute(of, file)]
  })
}

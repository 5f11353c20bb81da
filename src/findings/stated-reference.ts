/**
 * A reference at an entry: an image states a digest of a file whose content is missing or different, and a list
 * contains that digest.
 * It is kept as an attribute of the entry, because there may be no content for it.
 */
import { definedOnly } from '../base/defined-only.ts'
import { type Attribute, type AttributeParams, attribute } from '../contracts/attribute.ts'
import type { Reference } from '../contracts/finding.ts'
import type { Meaning } from '../contracts/hash-set.ts'
import type { OfList } from './list-columns.ts'

/** Facts that the image states about a file, for one digest. */
export interface StatedFile {
  readonly algorithm: string
  readonly digest: string
  readonly path: string
  readonly sizeBytes: number
  /** `logical-image`; absent: the report of an extraction. */
  readonly by?: string | undefined
}

/** SQL of such attributes. Without the digest of the list they are of an earlier program, and attributes alone. */
export const IS_STATED_REFERENCE =
  "code = 'stated-digest-listed' AND json_extract(params, '$.listSha256') IS NOT NULL"

export function statedAttribute(of: OfList, stated: StatedFile): Attribute {
  const { hashSet, hashSetSha256, edition, meaning, category, scale, categoryLabel } = of
  return attribute(
    'stated-digest-listed',
    definedOnly({
      ...stated,
      list: hashSet,
      listSha256: hashSetSha256,
      edition: edition ?? undefined,
      meaning,
      category: category ?? undefined,
      scale: scale ?? undefined,
      categoryLabel: categoryLabel ?? undefined,
    }),
  )
}

/** @param found whether the listed content is elsewhere on the exhibit @returns null for any other attribute */
export function statedReference({ code, params }: Attribute, found: boolean): Reference | null {
  if (code !== 'stated-digest-listed') return null
  const one = params as AttributeParams<'stated-digest-listed'>
  if (one.listSha256 === undefined) return null
  const { path, sizeBytes, by } = one
  return {
    kind: 'reference',
    hashSet: one.list,
    hashSetSha256: one.listSha256,
    edition: one.edition ?? null,
    category: one.category ?? null,
    scale: one.scale ?? null,
    categoryLabel: one.categoryLabel ?? null,
    meaning: one.meaning as Meaning,
    record: { code: 'reported-file', params: definedOnly({ path: path ?? '', sizeBytes, by }) },
    direction: null,
    times: null,
    when: null,
    whenKind: null,
    moreTimes: [],
    digests: { [one.algorithm]: one.digest },
    algorithm: one.algorithm,
    digest: one.digest,
    found,
  }
}

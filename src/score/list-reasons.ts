/** Reasons that rest on lists: one for each list and category, in an order that depends on nothing but the findings. */
import { canonicalJson } from '../base/canonical-json.ts'
import type { Attribute, AttributeParams } from '../contracts/attribute.ts'
import type { DigestConflict, Hit, NearMatch, Reference } from '../contracts/finding.ts'
import type { Meaning } from '../contracts/hash-set.ts'
import type { ReviewReason } from '../contracts/review-reason.ts'

type OfList = Hit | DigestConflict | NearMatch | Reference

interface ListParams {
  readonly list: string
  readonly edition?: string
  readonly category?: string
  readonly label?: string
}

/** @param meaning null: any meaning */
export function listReasons<
  C extends 'hit-illegal' | 'hit-illegal-and-given-on' | 'hit-interest' | 'digest-conflict',
>(
  code: C,
  findings: readonly (Hit | DigestConflict)[],
  meaning: Meaning | null,
): { readonly code: C; readonly params: ListParams }[] {
  return byList(findings, meaning).map(([params]) => ({ code, params }))
}

export function nearReasons(
  code: 'near-illegal' | 'near-interest',
  near: readonly NearMatch[],
  meaning: Meaning,
): ReviewReason[] {
  return byList(near, meaning).map(([params, of]) => ({
    code,
    params: {
      ...params,
      ...nearest(of),
      ...(of.every(({ algorithm }) => algorithm === 'vpdq') && { isVideo: true }),
    },
  }))
}

/** In bits of PDQ where there are any; else by the hasher of the agency whose distance is least. */
function nearest(near: readonly NearMatch[]): { readonly distanceBits: number; readonly hasher?: string } {
  const byBits = near.filter(({ hasher }) => hasher === undefined)
  if (byBits.length > 0) return { distanceBits: Math.min(...byBits.map(({ distanceBits }) => distanceBits)) }
  const [first] = [...near].sort(
    (a, b) => a.distanceBits - b.distanceBits || (a.hasher!.id < b.hasher!.id ? -1 : 1),
  )
  return { distanceBits: first!.distanceBits, hasher: first!.hasher!.id }
}

/** A list with a scale has no meaning by itself: of its beginnings a person looks as at those of illegal material. */
export function beginningReasons(
  code: 'beginning-illegal' | 'beginning-interest',
  { attributes }: { readonly attributes: readonly Attribute[] },
): ReviewReason[] {
  return attributes.flatMap((one) => {
    if (one.code !== 'listed-beginning') return []
    const { list, meaning, agreement } = one.params as AttributeParams<'listed-beginning'>
    const isInterest = meaning === 'interest'
    return isInterest === (code === 'beginning-interest') ? [{ code, params: { list, agreement } }] : []
  })
}

export function referenceReasons(
  code: 'reference-illegal' | 'reference-interest',
  references: readonly Reference[],
  meaning: Meaning,
): ReviewReason[] {
  return byList(references, meaning).map(([params, of]) => ({
    code,
    params: {
      ...params,
      digests: new Set(of.map(({ digest }) => digest)).size,
      found: new Set(of.filter(({ found }) => found).map(({ digest }) => digest)).size,
    },
  }))
}

function byList<T extends OfList>(findings: readonly T[], meaning: Meaning | null): [ListParams, T[]][] {
  const groups = new Map<string, [ListParams, T[]]>()
  for (const finding of findings) {
    if (meaning !== null && finding.meaning !== meaning) continue
    const params = listParams(finding)
    const key = canonicalJson(params)
    const group = groups.get(key)
    if (group) group[1].push(finding)
    else groups.set(key, [params, [finding]])
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group)
}

function listParams({ hashSet, edition, category, categoryLabel }: OfList): ListParams {
  return {
    list: hashSet,
    ...(edition !== null && { edition }),
    ...(category !== null && { category }),
    ...(categoryLabel !== null && { label: categoryLabel }),
  }
}

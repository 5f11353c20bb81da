/** Events about contents that other hosts analysed for a run, and what they add up to. */
import type { RunHistory } from './ledger-reader.ts'

/** An answer was checked, and is kept until no shard is left. */
export const SHARD_HELD = 'look-shard-held'
export const SHARD_MERGED = 'look-shard-merged'
export const SHARD_REFUSED = 'look-shard-refused'
/** Every answer of this origin was thrown away. */
export const SHARDS_DISCARDED = 'look-shards-discarded'

/** SHA-256 of the host's key; answers without a signature are all of one origin, whatever name they state. */
export const UNSIGNED = 'none'

export interface SharedLooks {
  readonly origins: number
  readonly contents: number
  /** Analysed again by the scan's own host, drawn after the answer had come. */
  readonly checked: number
  /** Least share that was analysed again of any merged shard, above 0, at most 1. */
  readonly leastShare: number
  readonly refused: number
  readonly discarded: number
}

/** Sum over all parts of a run; null: no other host was heard. */
export function sharedLooksOf(ledger: Pick<RunHistory, 'events'>): SharedLooks | null {
  const events = ledger.events()
  const of = (kind: string) => events.filter(({ event }) => event === kind).map(({ detail }) => detail)
  const [merged, refused, discarded] = [of(SHARD_MERGED), of(SHARD_REFUSED), of(SHARDS_DISCARDED)]
  if (merged.length + refused.length + discarded.length === 0) return null
  const number = (text: string | undefined) => (/^\d{1,9}$/.test(text ?? '') ? Number(text) : 0)
  const sum = (details: typeof merged, name: string) =>
    details.reduce((total, detail) => total + number(detail[name]), 0)
  const shares = merged.map(({ contents, checked }) => number(checked) / Math.max(1, number(contents)))
  return {
    origins: new Set(merged.map(({ key }) => key)).size,
    contents: sum(merged, 'contents'),
    checked: sum(merged, 'checked'),
    leastShare: Math.min(1, ...shares),
    refused: refused.length,
    discarded: sum(discarded, 'contents'),
  }
}

export interface HeldBefore {
  /** SHA-256 of each answer that was checked and not thrown away. */
  readonly bundles: ReadonlySet<string>
  /** Origins of which nothing more is taken. */
  readonly refused: ReadonlySet<string>
}

/** What an earlier part of the run had checked. */
export function heldBefore(ledger: Pick<RunHistory, 'events'>): HeldBefore {
  const bundles = new Map<string, string>()
  const refused = new Set<string>()
  for (const { event, detail } of ledger.events()) {
    const key = detail.key ?? UNSIGNED
    if (event === SHARD_HELD) bundles.set(detail.bundle ?? '', key)
    if (event === SHARDS_DISCARDED) refused.add(key)
  }
  return {
    bundles: new Set([...bundles].flatMap(([bundle, key]) => (refused.has(key) ? [] : [bundle]))),
    refused,
  }
}

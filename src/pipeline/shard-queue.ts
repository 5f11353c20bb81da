/** Cuts what waits for media analysis into shards of about equal work, in the order of the queue. */
import { randomBytes } from 'node:crypto'
import { canonicalJson } from '../base/canonical-json.ts'
import type { PendingContent } from '../contracts/ledger.ts'
import { previewPolicy } from '../host/decoder/pool.ts'
import { lookOf } from '../media-types/applies.ts'
import { planDigest } from '../plan.ts'
import { type LookShard, SHARD_CONTENTS, type ShardItem } from '../wire/look-shard.ts'
import { isDerived } from './each-content.ts'
import type { LookHosts } from './parts.ts'
import { quarantined, type Run } from './run.ts'

/** Of one core, at most. */
const SHARD_MS = 50_000
/** Few contents are cut into about so many shards, of at least LEAST_CONTENTS: every host gets one. */
const SHARDS = 32
const LEAST_CONTENTS = 8
const PAGE_CONTENTS = 256
/** Measured: a messenger's picture takes 73 ms, one of 2.4 MB 143 ms; a video of 0.5 MB 2.4 s. They bound a shard, nothing else. */
const COST_MS = { picture: { each: 70, aMegabyte: 30 }, video: { each: 1000, aMegabyte: 2700 } } as const

export interface Shard {
  readonly name: string
  readonly contents: readonly PendingContent[]
  readonly shard: LookShard
  readonly text: string
}

export class ShardQueue {
  readonly #run: Run
  readonly #about: LookHosts['about']
  readonly #isHeld: (sha256: string) => boolean
  readonly #name = randomBytes(16).toString('hex')
  #cursor: PendingContent | null = null
  #left: PendingContent[] = []
  #isOver = false
  #n = 0
  readonly #most: number

  /** @param isHeld whether a content has an answer that counts, by its SHA-256 */
  constructor(run: Run, about: LookHosts['about'], isHeld: (sha256: string) => boolean) {
    this.#run = run
    this.#about = about
    this.#isHeld = isHeld
    const waiting = Math.ceil(run.session.pendingCount('looked-at') / SHARDS)
    this.#most = Math.min(SHARD_CONTENTS, Math.max(LEAST_CONTENTS, waiting))
  }

  /** @returns null when nothing is left */
  next(): Shard | null {
    const contents: PendingContent[] = []
    let costMs = 0
    for (let next = this.#peek(); next !== null; next = this.#peek()) {
      const cost = costOf(next)
      if (contents.length === this.#most || (contents.length > 0 && costMs + cost > SHARD_MS)) break
      contents.push(this.#left.shift()!)
      costMs += cost
    }
    return contents.length === 0 ? null : this.#shardOf(contents)
  }

  #peek(): PendingContent | null {
    while (this.#left.length === 0 && !this.#isOver) {
      const page = this.#run.session.pendingContents('looked-at', this.#cursor, PAGE_CONTENTS)
      this.#isOver = page.length === 0
      this.#cursor = page.at(-1) ?? this.#cursor
      this.#left.push(...page.filter((content) => this.#isShared(content)))
    }
    return this.#left[0] ?? null
  }

  /** What lies as it is in the image, is opened by no key, and may be read. */
  #isShared(content: PendingContent): boolean {
    const { limits } = this.#run.session.plan
    const place = content.onImage?.place
    return (
      place !== undefined &&
      place.kind !== 'none' &&
      place.sealed === undefined &&
      !isDerived(content) &&
      !this.#isHeld(content.content.digests.sha256) &&
      lookOf(content.content.mediaType) !== null &&
      content.content.sizeBytes <= BigInt(limits.lookBytes) &&
      quarantined(this.#run, content) === null
    )
  }

  #shardOf(contents: readonly PendingContent[]): Shard {
    const { plan } = this.#run.session
    const shard: LookShard = {
      ...{ shard: 1, run: this.#name, n: this.#n++, planDigest: planDigest(plan), ...this.#about },
      plan: JSON.parse(canonicalJson(plan)) as Record<string, unknown>,
      items: contents.map((content) => itemOf(content, previewPolicy(content, plan))),
    }
    return { name: `${this.#name}-${shard.n}`, contents, shard, text: JSON.stringify(shard) }
  }
}

function itemOf({ content, onImage }: PendingContent, preview: ShardItem['preview']): ShardItem {
  const { volume, place } = onImage!
  const { digests, mediaType, sizeBytes } = content
  return { sizeBytes: Number(sizeBytes), mediaType, sha256: digests.sha256, volume, place, preview }
}

function costOf({ content: { mediaType, sizeBytes } }: PendingContent): number {
  const { each, aMegabyte } = COST_MS[lookOf(mediaType) === 'video' ? 'video' : 'picture']
  return each + aMegabyte * (Number(sizeBytes) / 1e6)
}

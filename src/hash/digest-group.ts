/**
 * Digests of many small contents together, which is faster than one by one: their MD5s run side by side (md5-lanes.ts).
 *
 * Each content is read straight into the group's memory, and its other digests are made while it is still in a core's
 * cache. A group is finished when it is full.
 */
import { hash } from 'node:crypto'
import type { Digests } from '../contracts.ts'
import { hash as blake3 } from './blake3.ts'
import type { ExtraDigest } from './digest.ts'
import { type LaneCount, Md5Lanes, PADDING_BYTES, type Span } from './md5-lanes.ts'

export class DigestGroup {
  readonly #lanes: Md5Lanes | null
  readonly #arena: Buffer
  #spans: Span[] = []
  /** Of each span: every digest but MD5. */
  #others: Omit<Digests, 'md5'>[] = []
  #used = 0

  constructor(arenaBytes: number) {
    this.#lanes = Md5Lanes.create(arenaBytes)
    this.#arena = this.#lanes?.arena ?? Buffer.allocUnsafeSlow(arenaBytes)
  }

  get size(): number {
    return this.#spans.length
  }

  /**
   * Memory for the next content, one byte longer than it, so that a reader sees when there is more.
   * Null: the group is full, finish it first. The same memory comes again until `add` takes it.
   */
  place(length: number): Buffer | null {
    const end = this.#used + length + PADDING_BYTES
    return end <= this.#arena.length ? this.#arena.subarray(this.#used, this.#used + length + 1) : null
  }

  /** Takes the content that was put into the place. @returns it, until the group is finished */
  add(length: number, extra?: ExtraDigest): Buffer {
    const at = this.#used
    const content = this.#arena.subarray(at, at + length)
    extra?.update(content)
    const others = {
      sha1: hash('sha1', content, 'hex'),
      sha256: hash('sha256', content, 'hex'),
      blake3: blake3(content).toString('hex'),
    }
    this.#spans.push({ at, length })
    this.#others.push(extra === undefined ? others : { ...others, ...extra.finish() })
    // Vectors are loaded faster from whole multiples of their size.
    this.#used = (at + length + PADDING_BYTES + 15) & ~15
    return content
  }

  /** Digests in the order of `add`; the group is empty afterwards. */
  finish(): Digests[] {
    const md5 = this.#md5()
    const digests = this.#others.map((others, i) => ({ md5: md5[i]!, ...others }))
    this.#spans = []
    this.#others = []
    this.#used = 0
    return digests
  }

  #md5(): string[] {
    const spans = this.#spans
    const { alone, together, lanes } = planned(spans)
    const out = spans.map(() => '')
    for (const i of this.#lanes ? alone : spans.keys()) {
      const { at, length } = spans[i]!
      out[i] = hash('md5', this.#arena.subarray(at, at + length), 'hex')
    }
    const inLanes = this.#lanes?.digests(
      together.map((i) => spans[i]!),
      lanes,
    )
    inLanes?.forEach((digest, k) => {
      out[together[k]!] = digest
    })
    return out
  }
}

interface Plan {
  readonly lanes: LaneCount
  /** Indices of the contents that go into lanes, and of those that are hashed one by one. */
  readonly together: readonly number[]
  readonly alone: readonly number[]
}

// Bytes per nanosecond of one chain, measured: alone in OpenSSL, in one of four lanes, in one of eight.
const RATES = { 1: 0.66, 4: 0.49, 8: 0.41 } as const

/** The cheapest way: a few contents much longer than the rest would leave the other lanes empty, so they go alone. */
function planned(spans: readonly Span[]): Plan {
  const order = spans.map((_, i) => i).sort((a, b) => spans[b]!.length - spans[a]!.length)
  let rest = 0
  for (const { length } of spans) rest += length + PER_CONTENT_BYTES
  let alone = 0
  let cheapest = rest / RATES[1]
  let lanes: LaneCount = 4
  let from = order.length
  for (let i = 0; i < order.length; i++) {
    const longest = spans[order[i]!]!.length + PER_CONTENT_BYTES
    for (const count of LANE_COUNTS) {
      const cost = alone / RATES[1] + Math.max(longest, rest / count) / RATES[count]
      if (cost >= cheapest) continue
      cheapest = cost
      lanes = count
      from = i
    }
    alone += longest
    rest -= longest
  }
  return { lanes, together: order.slice(from), alone: order.slice(0, from) }
}

const LANE_COUNTS: readonly LaneCount[] = [4, 8]
// Starting and ending a content costs about as much as this many bytes.
const PER_CONTENT_BYTES = 500

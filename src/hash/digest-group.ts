/**
 * Digests of many small contents together, which is faster than one by one: their MD5s run side by side (md5-lanes.ts).
 *
 * Each content is read straight into the group's memory, and its other digests are made while it is still in a core's
 * cache. A group is finished when it is full.
 */
import { hash } from 'node:crypto'
import type { Digests } from '../contracts/content.ts'
import { hash as blake3 } from './blake3.ts'
import type { ExtraDigest } from './digest.ts'
import { type LaneCount, Md5Lanes, PADDING_BYTES, type Span } from './md5-lanes.ts'

export class DigestGroup {
  readonly #lanes: Md5Lanes | null
  readonly #arena: Buffer
  #spans: Span[] = []
  /** Of each span; its MD5 comes last, when the group is finished. */
  #digests: Writable<Digests>[] = []
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
    const digests = {
      md5: '',
      sha1: hash('sha1', content, 'hex'),
      sha256: hash('sha256', content, 'hex'),
      blake3: blake3(content).toString('hex'),
    }
    if (extra !== undefined) {
      extra.update(content)
      Object.assign(digests, extra.finish())
    }
    this.#spans.push({ at, length })
    this.#digests.push(digests)
    // Vectors are loaded faster from whole multiples of their size.
    this.#used = (at + length + PADDING_BYTES + 15) & ~15
    return content
  }

  /** Digests in the order of `add`; the group is empty afterwards. */
  finish(): Digests[] {
    const digests = this.#digests
    this.#md5(this.#spans, digests)
    this.#spans = []
    this.#digests = []
    this.#used = 0
    return digests
  }

  #md5(spans: readonly Span[], digests: Writable<Digests>[]): void {
    const order = longestFirst(spans)
    const { alone, lanes } = this.#lanes ? planned(spans, order) : { alone: order.length, lanes: 4 as const }
    for (let i = 0; i < alone; i++) {
      const { at, length } = spans[order[i]!]!
      digests[order[i]!]!.md5 = hash('md5', this.#arena.subarray(at, at + length), 'hex')
    }
    if (alone === order.length) return
    const together: Span[] = []
    for (let i = alone; i < order.length; i++) together.push(spans[order[i]!]!)
    const inLanes = this.#lanes!.digests(together, lanes)
    for (let i = alone; i < order.length; i++) digests[order[i]!]!.md5 = inLanes[i - alone]!
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/**
 * Indices, pushed one by one as elsewhere in this file: arrays of `map` have another hidden class, and the engine would
 * compile for both.
 */
function longestFirst(spans: readonly Span[]): number[] {
  const order: number[] = []
  for (let i = 0; i < spans.length; i++) order.push(i)
  return order.sort((a, b) => spans[b]!.length - spans[a]!.length)
}

interface Plan {
  /** How many of the longest contents are hashed one by one; the others go into lanes. */
  readonly alone: number
  readonly lanes: LaneCount
}

// Bytes per nanosecond of one chain, measured: alone in OpenSSL, in one of four lanes, in one of eight.
const RATES = { 1: 0.66, 4: 0.49, 8: 0.41 } as const

/** The cheapest plan. A few contents much longer than the others would leave lanes empty, so they are hashed alone. */
function planned(spans: readonly Span[], order: readonly number[]): Plan {
  let rest = 0
  for (let i = 0; i < spans.length; i++) rest += spans[i]!.length + PER_CONTENT_BYTES
  let soFar = 0
  let cheapest = rest / RATES[1]
  let lanes: LaneCount = 4
  let alone = order.length
  for (let i = 0; i < order.length; i++) {
    const longest = spans[order[i]!]!.length + PER_CONTENT_BYTES
    for (const count of LANE_COUNTS) {
      const cost = soFar / RATES[1] + Math.max(longest, rest / count) / RATES[count]
      if (cost >= cheapest) continue
      cheapest = cost
      lanes = count
      alone = i
    }
    soFar += longest
    rest -= longest
  }
  return { lanes, alone }
}

const LANE_COUNTS: readonly LaneCount[] = [4, 8]
// Starting and ending a content costs about as much as this many bytes.
const PER_CONTENT_BYTES = 500

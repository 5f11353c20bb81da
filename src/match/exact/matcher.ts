/**
 * Asks every list for the records that share a digest with a content, and judges them.
 *
 * One content at a time, in the main process. A miss costs a few reads of filters and must stay that cheap.
 */
import type { ModelUse } from '../../contracts/case.ts'
import type { Digests } from '../../contracts/content.ts'
import type { HashSetInfo } from '../../contracts/hash-set.ts'
import type { MatchResult } from '../../contracts/ledger.ts'
import type { RecordDigests } from '../../contracts/record.ts'
import { type AlgorithmPlace, algorithmsIn, decodeHexText, ED2K, WIDE_WORDS } from '../records/algorithms.ts'
import { type HasherRecords, hasherRecordsOf } from '../records/hasher-records.ts'
import type { LoadedSet } from '../records/loaded-set.ts'
import { type PdqRecords, pdqRecordsOf } from '../records/pdq-records.ts'
import type { Found } from '../records/record-source.ts'
import {
  compareText,
  EMPTY_CONTENT,
  Judge,
  type Judged,
  NO_HASH_SETS,
  NOTHING_FOUND,
  toResult,
} from './judge.ts'

export interface ExactMatcher {
  /** Sorted by SHA-256, so that a plan does not depend on the order of options. */
  readonly hashSets: readonly HashSetInfo[]
  match(digests: Digests, sizeBytes: bigint): MatchResult
  /**
   * Matches digests that a record on the exhibit names.
   * @param sizeBytes null: the record has no size
   */
  matchNamed(digests: RecordDigests, sizeBytes: bigint | null): MatchResult
  /** The PDQ records of every list that has any, for the near index. Gathered when asked for. */
  pdqRecords(): readonly PdqRecords[]
  /** The same of the hashers that the plan names among its models. */
  hasherRecords(models: readonly ModelUse[]): readonly HasherRecords[]
  close(): void
}

/** Bytes of a digest that the filters use. */
const FILTER_BYTES = 8

export function makeMatcher(unsorted: readonly LoadedSet[]): ExactMatcher {
  const sets = [...unsorted].sort((a, b) => compareText(a.info.sha256, b.info.sha256))
  const usedBits = sets.reduce((bits, set) => bits | set.source.present, 0)
  const [red, blue] = [new WantedDigests(usedBits), new WantedDigests(usedBits & ED2K.bit)]
  const usesEd2k = (usedBits & ED2K.bit) !== 0
  const judges = sets.map((set) => new Judge(set))
  const found: Found[] = []
  const points = sets.some(({ info }) => info.meaning !== 'known')

  return {
    hashSets: sets.map((set) => set.info),
    match,
    // Sizes only matter for warnings, and a reference shows none.
    matchNamed: ({ ed2k, ...others }, sizeBytes) =>
      match(ed2k === undefined ? others : { ...others, ed2kRed: ed2k }, sizeBytes ?? 1n),
    pdqRecords: () => sets.flatMap(pdqRecordsOf),
    hasherRecords: (models) => sets.flatMap((set) => hasherRecordsOf(set, models)),
    close,
  }

  function match(digests: Partial<Digests>, sizeBytes: bigint): MatchResult {
    const result = judgedBy(digests, sizeBytes)
    // Lists of known contents only set contents aside; they are no comparison with illegal or of-interest material.
    return points || result === EMPTY_CONTENT ? result : { ...result, result: NO_HASH_SETS.result }
  }

  function judgedBy(digests: Partial<Digests>, sizeBytes: bigint): MatchResult {
    if (sets.length === 0) return NO_HASH_SETS
    if (sizeBytes === 0n) return EMPTY_CONTENT
    red.set(digests)
    // The second of the two eD2k digests, where it differs: a list may contain either.
    if (usesEd2k) {
      const { ed2kRed, ed2kBlue } = digests
      blue.set(ed2kBlue === undefined || ed2kBlue === ed2kRed ? {} : { ed2kRed: ed2kBlue })
    }
    const judged: Judged[] = []
    for (let s = 0; s < sets.length; s++) {
      const set = sets[s]!
      if (found.length > 0) found.length = 0
      if (set.source.mayHold(red.words, red.bits)) {
        red.complete()
        set.source.find(red.words, red.bits, found)
      }
      if (blue.bits !== 0 && set.source.mayHold(blue.words, blue.bits)) findBlue(set)
      for (let i = 0; i < found.length; i++) {
        judged.push(judges[s]!.judge(found[i]!, red.bits | blue.bits, sizeBytes))
      }
    }
    return judged.length === 0 ? NOTHING_FOUND : toResult(judged)
  }

  function findBlue({ source }: LoadedSet): void {
    red.complete()
    blue.complete()
    const more: Found[] = []
    source.find(blue.words, blue.bits, more)
    for (const record of more) {
      const same = found.find((other) => other.record === record.record)
      if (same !== undefined) same.agreed |= ED2K.bit
      else found.push({ ...record, agreed: ED2K.bit | source.agreement(record.record, red.words, red.bits) })
    }
  }

  function close(): void {
    for (const set of sets) set.source.close()
  }
}

/**
 * The digests of one content as a wide record. Most contents match no record, and the filters need eight bytes of each
 * digest.
 */
class WantedDigests {
  bits = 0
  readonly words = new Uint32Array(WIDE_WORDS)
  readonly #bytes = new Uint8Array(this.words.buffer)
  readonly #places: readonly AlgorithmPlace[]
  #digests: Partial<Digests> = {}
  #complete = false

  constructor(usedBits: number) {
    this.#places = algorithmsIn(usedBits).filter((place) => place.exact)
  }

  set(digests: Partial<Digests>): void {
    this.bits = 0
    this.#digests = digests
    this.#complete = false
    for (const place of this.#places) {
      const hex = digestOf(digests, place)
      if (hex === undefined) continue
      this.#decode(place, hex, FILTER_BYTES)
      this.bits |= place.bit
    }
  }

  complete(): void {
    if (this.#complete) return
    this.#complete = true
    for (const place of this.#places) {
      const hex = digestOf(this.#digests, place)
      if (hex !== undefined) this.#decode(place, hex, place.bytes)
    }
  }

  #decode(place: AlgorithmPlace, hex: string, bytes: number): void {
    if (hex.length !== place.bytes * 2 || !decodeHexText(hex, this.#bytes, place.at, bytes)) {
      throw new TypeError(`not a ${place.title} digest: ${hex}`)
    }
  }
}

function digestOf(digests: Partial<Digests>, place: AlgorithmPlace): string | undefined {
  switch (place.name) {
    case 'ed2k':
      return digests.ed2kRed
    case 'pdq':
    case 'vpdq':
    case 'alternative':
      return undefined
    default:
      return digests[place.name]
  }
}

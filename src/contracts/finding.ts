/** Findings: a hit is a fact, a near match needs a person, a score is an opinion. */

import type { Attribute } from './attribute.ts'
import type { HashMetric } from './case.ts'
import type { Coded, Params } from './coded.ts'
import type { FileTime } from './entry.ts'
import type { Meaning } from './hash-set.ts'
import type { Sign } from './record.ts'
import type { RecordFacts } from './record-time.ts'
import type { ReviewReason } from './review-reason.ts'
import type { StageName, StageResult } from './stage.ts'

export interface Hit {
  readonly kind: 'hit'
  readonly hashSet: string
  readonly hashSetSha256: string
  readonly edition: string | null
  /** Every compared algorithm of the list record; all of them agreed. */
  readonly algorithms: readonly string[]
  /** True when only MD5 or only SHA-1 was compared: labelled so everywhere. */
  readonly weak: boolean
  /** On the list's own scale, exactly as the list states it; null if the record has no category. */
  readonly category: string | null
  readonly scale: string | null
  /** The scale's word for the category, null on an unknown scale. */
  readonly categoryLabel: string | null
  readonly meaning: Meaning
}

export interface DigestConflict {
  readonly kind: 'conflict'
  readonly hashSet: string
  readonly hashSetSha256: string
  readonly edition: string | null
  readonly agreeing: readonly string[]
  readonly differing: readonly string[]
  readonly category: string | null
  readonly scale: string | null
  readonly categoryLabel: string | null
  readonly meaning: Meaning
}

export interface NearMatch {
  readonly kind: 'near'
  readonly hashSet: string
  readonly hashSetSha256: string
  readonly edition: string | null
  readonly algorithm: 'pdq' | 'vpdq' | 'hasher'
  /** Of a hasher's match: its distance, rounded up to a whole number. */
  readonly distanceBits: number
  readonly quality: number
  readonly band: 'near-exact' | 'similar'
  /** Orientation in which the content matched: `original` unless `--orientations`. */
  readonly orientation: string
  /** For a listed video. Null for a listed picture, and in ledgers of versions that did not count both sides. */
  readonly video: VideoShares | null
  readonly category: string | null
  readonly scale: string | null
  readonly categoryLabel: string | null
  readonly meaning: Meaning
  /** Present if the hash of an agency's hasher matched. */
  readonly hasher?: HasherMatch
  /** Measurements of another matching method. */
  readonly details?: Params
}

/** A match by the hasher that an agency added. */
export interface HasherMatch {
  readonly id: string
  /** Of the hasher's file, and of its card. */
  readonly sha256: string
  readonly cardSha256: string
  readonly metric: HashMetric
  /** Distance and greatest distance of a match, in the unit of the metric, with at most two decimals. */
  readonly distance: string
  readonly limit: string
}

/**
 * A match of two videos, compared in both directions. A second matches if one of its frames is within 31 bits of a
 * frame of the other.
 */
export interface VideoShares {
  /** Name of the video in the list; null if the list is one video. */
  readonly id: string | null
  /** Seconds of the content that match the listed video. A picture counts as one second. */
  readonly ours: Share
  /** Seconds of the listed video that match the content. */
  readonly listed: Share
  /** Distinct frames of the content that match. */
  readonly frames: number
  /**
   * Number of matching videos of the same list, category and meaning. Only the closest videos become findings of their
   * own.
   */
  readonly videos: number
}

export interface Share {
  readonly found: number
  readonly of: number
}

export interface Score {
  readonly kind: 'score'
  readonly classifier: string
  readonly modelSha256: string
  readonly label: string
  readonly scorePer10k: number
  /** Null for labels that no rule reads. */
  readonly thresholdPer10k: number | null
}

export interface Lead {
  readonly classifier: string
  readonly modelSha256: string
  readonly label: string
  readonly scorePer10k: number
  readonly thresholdPer10k: number
  readonly scores: Readonly<Record<string, number>>
}

export interface Signal {
  readonly kind: 'signal'
  readonly classifier: string
  readonly rule: string
  readonly stage: string | null
  readonly quote: string
  readonly start: number
  readonly end: number
  readonly messageIndex: number | null
  /** Position of words that were recognised in a picture or in speech. */
  readonly details?: Params
}

export interface PerceptualHash {
  readonly kind: 'perceptual-hash'
  readonly algorithm: 'pdq' | 'vpdq' | 'hasher'
  readonly hex: string
  readonly quality: number
  /** Of `hasher`: the id of the hasher. */
  readonly flavour: string
  /** `original`, or for video the frame number. */
  readonly part: string
}

/** A record on the exhibit that names a digest of a list. Never a hit: the content may be missing from the exhibit. */
export interface Reference extends RecordFacts {
  readonly kind: 'reference'
  readonly hashSet: string
  readonly hashSetSha256: string
  readonly edition: string | null
  readonly category: string | null
  readonly scale: string | null
  readonly categoryLabel: string | null
  readonly meaning: Meaning
  /** Kind of record: a row of a catalogue, a message, an entry of a log. */
  readonly record: Coded
  /** Transfer of the content according to the record; null if the record does not state it. */
  readonly direction: 'shared' | 'sent' | 'received' | null
  /** Number of transfers according to the record; null if the record does not count them. */
  readonly times: number | null
  /** Time of the record; null if it has none. */
  readonly when: FileTime | null
  readonly algorithm: string
  /** Lower-case hex. */
  readonly digest: string
  /** Whether a content with this digest was read on the exhibit. */
  readonly found: boolean
}

export type Finding =
  | Hit
  | DigestConflict
  | NearMatch
  | Score
  | Signal
  | Attribute
  | PerceptualHash
  | Reference

/** By kind, the list of a view that holds its findings. */
export const FINDING_LISTS = {
  hit: 'hits',
  conflict: 'conflicts',
  near: 'near',
  reference: 'references',
  score: 'scores',
  signal: 'signals',
  attribute: 'attributes',
  'perceptual-hash': 'perceptualHashes',
} as const satisfies Readonly<Record<Finding['kind'], string>>

export type FindingOf<K extends Finding['kind']> = Extract<Finding, { readonly kind: K }>

export type FindingLists = {
  readonly [K in Finding['kind'] as (typeof FINDING_LISTS)[K]]: readonly FindingOf<K>[]
}

export interface Preview {
  readonly width: number
  readonly height: number
  /** Row-major, one byte a cell. */
  readonly cells: Buffer
}

export type NameFinding = Attribute | Score

export interface Examination {
  readonly stage: StageName
  readonly result: StageResult
  readonly findings: readonly Finding[]
  readonly preview: Preview | null
  /** Artefact records that the ledger stores, beside the findings. */
  readonly signs?: readonly Sign[]
}

export const PRIORITIES = [1, 2, 3, 4, 5, 6] as const

/** Of leads without a person in the picture, and of pictures of programs; of nothing else. */
export const PUT_LAST = 6

export type Priority = (typeof PRIORITIES)[number]

export interface Ranked {
  /** Null if no rule applied: the content needs no review. */
  readonly priority: Priority | null
  readonly reasons: readonly ReviewReason[]
}

/** Findings: a hit is a fact, a near match needs a person, a score is an opinion. */

import type { Attribute } from './attribute.ts'
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
  /** Every algorithm of the record that was compared; all of them agreed. */
  readonly algorithms: readonly string[]
  /** True when only MD5 or only SHA-1 was compared: labelled so everywhere. */
  readonly weak: boolean
  /** On the list's own scale, exactly as the list has it; null when the record has none. */
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
  readonly algorithm: 'pdq' | 'vpdq'
  readonly distanceBits: number
  readonly quality: number
  readonly band: 'near-exact' | 'similar'
  /** How the content was turned to match: `original` unless `--orientations`. */
  readonly orientation: string
  /** Of a listed video; null of a listed picture, and in ledgers of versions that did not count both sides. */
  readonly video: VideoShares | null
  readonly category: string | null
  readonly scale: string | null
  readonly categoryLabel: string | null
  readonly meaning: Meaning
  /** What another way of matching measured. */
  readonly details?: Params
}

/** A match of videos, asked both ways. A second is found when one of its frames lies within 31 bits of one of the other video. */
export interface VideoShares {
  /** Which video of the list, as the list names it; null where the list is one video. */
  readonly id: string | null
  /** Seconds of the content that are found in the listed video. A picture is one second. */
  readonly ours: Share
  /** Seconds of the listed video that are found in the content. */
  readonly listed: Share
  /** Distinct frames of the content that are found. */
  readonly frames: number
  /** Videos of the same list, category and meaning that match; the closest of them stand as findings of their own. */
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
  /** Where the words stand that were read in a picture or heard. */
  readonly details?: Params
}

export interface PerceptualHash {
  readonly kind: 'perceptual-hash'
  readonly algorithm: 'pdq' | 'vpdq'
  readonly hex: string
  readonly quality: number
  readonly flavour: string
  /** `original`, or for video the frame number. */
  readonly part: string
}

/** A record on the exhibit that names a digest which a list holds. Never a hit: the content need not be here. */
export interface Reference extends RecordFacts {
  readonly kind: 'reference'
  readonly hashSet: string
  readonly hashSetSha256: string
  readonly edition: string | null
  readonly category: string | null
  readonly scale: string | null
  readonly categoryLabel: string | null
  readonly meaning: Meaning
  /** What the record is: a row of a catalogue, a message, an entry of a log. */
  readonly record: Coded
  /** What the record says became of the content; null where it does not say. */
  readonly direction: 'shared' | 'sent' | 'received' | null
  /** How often the record says so; null where it does not count. */
  readonly times: number | null
  /** Of the record; null where it has none. */
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
  /** Records of the device that the ledger keeps, apart from findings. */
  readonly signs?: readonly Sign[]
}

export const PRIORITIES = [1, 2, 3, 4, 5] as const

export type Priority = (typeof PRIORITIES)[number]

export interface Ranked {
  /** Null when no rule applied: nothing asks for review. */
  readonly priority: Priority | null
  readonly reasons: readonly ReviewReason[]
}

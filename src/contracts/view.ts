/** Views of a ledger for reports: one entry with everything known about it, and totals. */
import type { Attribute } from './attribute.ts'
import type { Coded } from './coded.ts'
import type { Content } from './content.ts'
import type { Entry, EvidencePath } from './entry.ts'
import type { LockCheck } from './file-lock.ts'
import type { FindingLists, Lead, Preview, Ranked } from './finding.ts'
import type { Meaning } from './hash-set.ts'
import type { EntryStatus } from './image.ts'
import type { IncompleteCode } from './incomplete.ts'
import type { Sign } from './record.ts'
import { STAGES, type StageName, type StageOutcome, type StageResult } from './stage.ts'

export interface EntryView extends FindingLists {
  readonly entry: Entry
  readonly content: Content | null
  /** Evidence path of the representative copy, if that is another entry; else null. */
  readonly copyOf: EvidencePath | null
  /**
   * Null: this path is recorded. Otherwise the path follows from equal bytes: a member of a container is in its other
   * copies too. Then this is the recorded path that it follows from.
   */
  readonly followsFrom: EvidencePath | null
  /** Number of further paths that follow from this path but exceed the listing limit (ledger/read/places.ts). */
  readonly placesLeftOut: bigint
  readonly stages: Readonly<Record<StageName, StageResult>>
  readonly leads: readonly Lead[]
  readonly ranked: Ranked
  readonly preview: Preview | null
  /** Records on the device that name this content; at most fifty. */
  readonly records: readonly ContentRecord[]
}

/** A record that names a content, as listed with that content. */
export interface ContentRecord
  extends Pick<Sign, 'direction' | 'when' | 'whenKind' | 'moreTimes' | 'person' | 'status'> {
  /** Path of the file that contains the record. */
  readonly path: EvidencePath
  readonly record: Coded
}

export interface CameraGroup {
  readonly make: string | null
  readonly model: string
  /** Serial number of the body; most phones write none. */
  readonly serial: string | null
  readonly software: string | null
  /** Distinct contents. */
  readonly contents: number
  /** Contents of these with a hit or near match on a list of illegal material or of interest. */
  readonly listed: number
  /** Contents of these in a folder with a camera's folder name. */
  readonly inCameraFolder: number
}

/** Positions that contents name; at most 2,000 points and 100 countries, those of most contents first. */
export interface Positions {
  /** Contents with a position. */
  readonly contents: number
  readonly points: readonly PositionCount[]
  readonly countries: readonly CountryCount[]
}

/** Contents within half a degree. */
export interface PositionCount {
  readonly latitude: number
  readonly longitude: number
  readonly contents: number
}

export interface CountryCount {
  /** As the map data call it; null: none, as at sea. */
  readonly country: string | null
  /** Of the map data. */
  readonly edition: string
  readonly contents: number
}

export interface GeneratorSign {
  /** The attribute without the parameters that differ between contents. */
  readonly sign: Attribute
  /** Distinct contents; for a `model-place`: entries. */
  readonly count: number
}

export type View =
  | { readonly kind: 'none' }
  | { readonly kind: 'preview' }
  | { readonly kind: 'revealed'; readonly operator: string; readonly reason: string }

export type Coverage = Readonly<Record<StageName, Readonly<Record<StageOutcome, number>>>>

/** Totals of contents by kind of finding. If any total is above 0, the exit code is that of findings. */
/** What a report lists and counts of all entries, without the view of each. */
export interface Remarks {
  readonly entries: number
  /** Places, contents and records of hits on lists of known contents. */
  readonly known: { readonly entries: number; readonly contents: number; readonly records: number }
  /** Entries of an image that are not live, by status. */
  readonly recovered: ReadonlyMap<EntryStatus, number>
  /** In the order of their evidence paths. */
  readonly remarked: readonly Pick<EntryView, 'entry' | 'content' | 'stages'>[]
}

export const COUNTED = ['hits', 'conflicts', 'near', 'references', 'leads'] as const

/** Stages that these counts have a row for: a ledger that was sealed before a stage existed counts none of it. */
export function countedStages({ stages }: Pick<Summary, 'stages'>): readonly StageName[] {
  return STAGES.filter((stage) => stages[stage] !== undefined)
}

export interface Summary {
  readonly entries: number
  readonly contents: number
  readonly stages: Coverage
  /** Distinct contents. */
  readonly hits: number
  /** Distinct contents on a list of that meaning; a content can count under several. `hits` excludes known contents. */
  readonly hitsByMeaning: Readonly<Record<Meaning, number>>
  readonly conflicts: number
  readonly near: number
  readonly references: number
  /** Contents that a model marked, those that were put last among them. */
  readonly leads: number
  /** Of `leads`, contents with the last priority and no other (PUT_LAST). Counted when the ledger is read, never sealed. */
  readonly leadsPutLast?: number
  readonly complete: boolean
  /** Reasons for an incomplete examination, most serious first; absent in seals of seized 0.2 and earlier. */
  readonly incomplete?: readonly IncompleteCode[]
}

/** Locked files of one format, all opened or all closed. */
export interface FileLockGroup {
  readonly format: string
  /** Kinds of secret that open this format; empty for opened files. */
  readonly wanted: readonly string[]
  /** Numbers of the secrets that opened them; empty for closed files. */
  readonly secrets: readonly number[]
  /** What confirms the bytes of opened files; null for closed files. */
  readonly check: LockCheck | null
  /** Number of contents. */
  readonly files: number
  /** Path of one of them. */
  readonly first: EvidencePath
}

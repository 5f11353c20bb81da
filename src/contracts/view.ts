/** What reports read of a ledger: one entry with everything known about it, and totals. */
import type { Attribute } from './attribute.ts'
import type { Coded } from './coded.ts'
import type { Content } from './content.ts'
import type { Entry, EvidencePath } from './entry.ts'
import type { FindingLists, Lead, Preview, Ranked } from './finding.ts'
import type { Meaning } from './hash-set.ts'
import type { IncompleteCode } from './incomplete.ts'
import type { Sign } from './record.ts'
import type { StageName, StageOutcome, StageResult } from './stage.ts'

export interface EntryView extends FindingLists {
  readonly entry: Entry
  readonly content: Content | null
  /** Evidence path of the representative copy when it is another entry, else null. */
  readonly copyOf: EvidencePath | null
  /**
   * Null: this place is recorded. Otherwise it follows from equal bytes: what lies in a container lies in its other copies too,
   * and this is the recorded place that it follows from.
   */
  readonly followsFrom: EvidencePath | null
  /** Places that follow from this one and are over the bound of what is listed (ledger/read/places.ts). */
  readonly placesLeftOut: bigint
  readonly stages: Readonly<Record<StageName, StageResult>>
  readonly leads: readonly Lead[]
  readonly ranked: Ranked
  readonly preview: Preview | null
  /** What records on the device say of this content, as far as they name it; at most fifty. */
  readonly records: readonly ContentRecord[]
}

/** A record that names a content, seen from that content. */
export interface ContentRecord
  extends Pick<Sign, 'direction' | 'when' | 'whenKind' | 'moreTimes' | 'person' | 'status'> {
  /** Where the record stands. */
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
  /** Of these on a list of illegal material or of interest, or near to one. */
  readonly listed: number
  /** Of these in a folder as cameras make them. */
  readonly inCameraFolder: number
}

export interface GeneratorSign {
  /** Without what differs from one content to the next. */
  readonly sign: Attribute
  /** Distinct contents; of a place: entries. */
  readonly count: number
}

export type View =
  | { readonly kind: 'none' }
  | { readonly kind: 'preview' }
  | { readonly kind: 'revealed'; readonly operator: string; readonly reason: string }

export type Coverage = Readonly<Record<StageName, Readonly<Record<StageOutcome, number>>>>

/** Totals of contents by kind of finding: any of them makes the exit code that of findings. */
export const COUNTED = ['hits', 'conflicts', 'near', 'references', 'leads'] as const

export interface Summary {
  readonly entries: number
  readonly contents: number
  readonly stages: Coverage
  /** Distinct contents. */
  readonly hits: number
  /** Distinct contents on a list of that meaning; one can count under several. `hits` leaves known ones out. */
  readonly hitsByMeaning: Readonly<Record<Meaning, number>>
  readonly conflicts: number
  readonly near: number
  readonly references: number
  readonly leads: number
  readonly complete: boolean
  /** Why it is not complete, the gravest first; absent in seals of seized 0.2 and earlier. */
  readonly incomplete?: readonly IncompleteCode[]
}

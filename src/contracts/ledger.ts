/** Interfaces of the ledger: writing (Session) and reading (LedgerReader). */
import type { Attribute } from './attribute.ts'
import type { Content, ReadOutcome } from './content.ts'
import type { Entry, EvidencePath, OnImage } from './entry.ts'
import type { DigestConflict, Hit, NameFinding } from './finding.ts'
import type { Meaning } from './hash-set.ts'
import type { ImageHash } from './image-exhibit.ts'
import type { StageResult } from './stage.ts'
import type { Summary } from './view.ts'

export type { ConfinementTrial, RunInput, RunStart, ToolPart } from './run.ts'

export type ToolInfo = Readonly<Record<string, string>>

/** Version of a part that a run had no use for. */
export const NOT_USED = 'not used'

/** A hash of an image's medium: `stored` in the image, or `computed` from its bytes. */
export interface RecordedHash extends ImageHash {
  readonly origin: 'stored' | 'computed'
}

/** Listed files that are not live. */
export interface DeletedFiles {
  /** Deleted files with a content that was read. */
  readonly read: { readonly entries: number; readonly bytes: number }
  /** Deleted files with a name but without content; `bytes` as the directory entries state them. */
  readonly gone: { readonly entries: number; readonly bytes: number }
}

export interface RunEvent {
  readonly utc: string
  readonly event: string
  /** Operating-system account, as the system reports it. */
  readonly account: string
  readonly detail: Readonly<Record<string, string>>
}

export interface Seal {
  readonly utc: string
  readonly evidenceDigest: string
  readonly analysisDigest: string
  /** Null in formats 1 and 2; LedgerReader.inventoryDigest computes it for them. */
  readonly inventoryDigest: string | null
  readonly summary: Summary
}

export interface PendingRead {
  readonly entryId: number
  readonly path: EvidencePath
  readonly sizeBytes: bigint
  readonly modifiedNs: bigint | null
  readonly device: bigint | null
  readonly inode: bigint | null
  readonly allocatedBytes: bigint | null
  /** Location of the content in an image; absent for a mount. */
  readonly onImage?: Pick<OnImage, 'volume' | 'place'>
}

export interface PendingContent extends PendingRead {
  readonly contentId: number
  readonly content: Content
  readonly band: number
  /** Meanings of its hits: known contents are suppressed, illegal hits get no preview. */
  readonly meanings: readonly Meaning[]
}

export interface WalkedEntry {
  readonly entry: Entry
  /** Null: a regular file whose content is not read yet. Otherwise its result in stage `read`. */
  readonly read: StageResult | null
  readonly named?: readonly NameFinding[]
}

/** An entry that was read, with the facts needed to read it again; nulls: no content was read. */
export interface ReadBefore {
  readonly job: PendingRead
  readonly sha256: string | null
  readonly mediaType: string | null
}

export interface ReadRecord {
  readonly entryId: number
  /** Null: the entry was read before, and only findings are added. */
  readonly outcome: ReadOutcome | null
  /** Present exactly when the outcome has a content. */
  readonly match: MatchResult | null
  /** Findings about the entry from reading it. */
  readonly named?: readonly NameFinding[]
}

export interface DerivedRecord {
  readonly entry: Entry
  readonly outcome: ReadOutcome
  readonly match: MatchResult | null
  readonly named?: readonly NameFinding[]
}

export interface MatchResult {
  readonly result: StageResult
  readonly hits: readonly Hit[]
  readonly conflicts: readonly DigestConflict[]
  /** Known list that excludes this content from phase `unknown` (SHA-256, or MD5 and SHA-1 of one record), or null. */
  readonly suppressedBy: string | null
  readonly warnings: readonly Attribute[]
}

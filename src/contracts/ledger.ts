/** Interfaces of the ledger: writing (Session) and reading (LedgerReader). */
import type { Attribute } from './attribute.ts'
import type { CaseInfo, Exhibit, Plan } from './case.ts'
import type { ClockBehind } from './clock.ts'
import type { Content, ReadOutcome } from './content.ts'
import type { CustodyEvent } from './custody.ts'
import type { Entry, EvidencePath, OnImage } from './entry.ts'
import type { DigestConflict, Examination, Finding, Hit, NameFinding } from './finding.ts'
import type { Meaning } from './hash-set.ts'
import type { BlockSample, ByteCount, ImageHash, ListedMedium, ListedRange } from './image-exhibit.ts'
import type { NamedContents } from './named-contents.ts'
import type { ReasonCode } from './reason.ts'
import type { ConfinementTrial, RunStart } from './run.ts'
import type { StageName, StageOutcome, StageResult } from './stage.ts'
import type { CameraGroup, EntryView, GeneratorSign, Summary } from './view.ts'

export type { ConfinementTrial, RunInput, RunStart, ToolPart } from './run.ts'

export type ToolInfo = Readonly<Record<string, string>>

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

export interface Session {
  readonly path: string
  readonly plan: Plan
  readonly chainHead: string
  readonly inventoryDone: boolean
  recordEntries(walked: readonly WalkedEntry[]): void
  /** Whether an entry with this path is recorded. */
  hasEntry(path: EvidencePath): boolean
  /**
   * Records the end of the inventory. For an image, the listed medium is recorded in the same commit, so a crash leaves
   * both or none.
   * @throws RangeError if the classes do not add up to the medium's size
   */
  recordInventoryDone(medium: ListedMedium | null): void
  recordStart(start: RunStart): void
  recordConfinement(trials: readonly ConfinementTrial[]): void
  /** A hash that was computed from the medium's bytes. */
  recordImageHash(hash: ImageHash): void
  /**
   * Regular files without a read result, by (band, device, inode, path), after `cursor`.
   * @param which `of-places`: in order of id, only files whose name can identify their type (source/locked-places.ts)
   */
  pendingReads(cursor: PendingRead | null, limit: number, which?: 'of-places'): readonly PendingRead[]
  recordReads(reads: readonly ReadRecord[]): void
  /** Recorded readings of these entries of the exhibit. */
  readBefore(entryIds: readonly number[]): readonly ReadBefore[]
  /**
   * Distinct contents without a result in `stage` that the plan does not exclude, by (steps, band, turn, path) of the
   * representative; `cursor`: the last content of the previous page.
   */
  pendingContents(stage: StageName, cursor: PendingContent | null, limit: number): readonly PendingContent[]
  /** How many contents wait for `stage`. */
  pendingCount(stage: StageName): number
  /** `opened`: derived entries that the stage found, committed together with the examination, as in recordOpened. */
  recordExaminations(
    items: readonly {
      readonly contentId: number
      readonly examination: Examination
      readonly opened?: { readonly parent: PendingContent; readonly derived: readonly DerivedRecord[] }
    }[],
  ): void
  /**
   * Derived entries of one content (all of them), each with its read outcome, committed together with the parent's
   * `opened` examination, so a parent's result never exists without its members.
   */
  recordOpened(parent: PendingContent, derived: readonly DerivedRecord[], examination: Examination): void
  /**
   * Pictures on the exhibit itself (not derived) that no list contains and that were analysed without a warning. Each
   * has the findings of its analysis. The order is the order of recording.
   */
  lookedAtPictures(): Iterable<{ readonly sha256: string; readonly findings: readonly Finding[] }>
  /** Contents by the digests, paths and sizes that artefact records name. */
  readonly named: NamedContents<PendingContent>
  /** Every copy of the content is a thumbnail in an analysed picture that shows the same. */
  isShownByPictures(contentId: number): boolean
  /** The content that was read at this file of the exhibit. @throws RangeError when there is none */
  outerContent(path: EvidencePath): PendingContent
  /**
   * Derived entries below this file of the exhibit with at most so many steps, and the bytes of those that were read.
   * The bound on steps excludes the level in progress, so entries that a crash left there do not reduce its budget.
   */
  derivedUsage(path: EvidencePath, mostSteps: number): { readonly entries: number; readonly bytes: bigint }
  recordEvent(event: string, detail: Readonly<Record<string, string>>): void
  /** Compares the machine's clock with recorded times and the newest head seen. Records and returns new differences. */
  recordClock(seen: string | null): readonly ClockBehind[]
  /** Counts so far, for progress. Cheap: kept in memory, not counted in SQL. */
  readonly counts: {
    readonly entries: number
    readonly bytes: bigint
    readonly files: number
    readonly read: number
    readonly bytesRead: bigint
    readonly hits: number
    readonly leads: number
    readonly notDone: number
  }
  /** Computes the digests, writes the seal, checkpoints, write-protects the file. */
  seal(): Seal
  /** Seals in steps; nothing may be recorded between them. Stopped early: not sealed. @yields entries so far, often */
  sealing(): Generator<number, Seal>
  /** Closes without sealing: resumable. */
  close(): void
}

export interface LedgerReader {
  readonly path: string
  readonly case: CaseInfo
  readonly exhibit: Exhibit
  readonly plan: Plan
  readonly planDigest: string
  readonly tool: ToolInfo
  /** Null: the run is paused, and every output of this ledger is marked PARTIAL. */
  readonly seal: Seal | null
  /** Errors that verification found, if a person continued despite them: every output is marked DAMAGED. Else empty. */
  readonly damage: readonly string[]
  readonly chainHead: string
  events(): readonly RunEvent[]
  clock(): readonly ClockBehind[]
  starts(): readonly RunStart[]
  confinement(): readonly ConfinementTrial[]
  /** In order of offset; empty without an image, or before the listing. */
  ranges(): readonly ListedRange[]
  byteClasses(): readonly ByteCount[]
  imageHashes(): readonly RecordedHash[]
  /** Deleted files among the listed entries of an image; a mount has none. */
  deletedFiles(): DeletedFiles
  /** Random samples of unallocated space, by volume and list. */
  samples(): readonly BlockSample[]
  custody(): readonly CustodyEvent[]
  /** Newest head: of the custody sidecar if there is one, else of the ledger. */
  newestHead(): string
  summary(): Summary
  /** Digest over names, kinds, sizes and content digests of entries. Independent of the lists; for every format. */
  inventoryDigest(): string
  /** In evidence-path order, paged by key: memory stays flat. */
  entries(): IterableIterator<EntryView>
  /** The same, and after each entry the other paths that follow from it. */
  places(): IterableIterator<EntryView>
  /** Number of paths of all entries, including paths over the listing limit. */
  placeCount(): bigint
  /** Paths of entries with a hit, conflict, near match, signal, lead or priority; representative copies first. */
  findings(): IterableIterator<EntryView>
  /** Counts of (stage, result, reason) over entries. */
  reasons(): readonly {
    readonly stage: StageName
    readonly result: StageOutcome
    /** Empty for `done`. */
    readonly reason: ReasonCode | ''
    readonly entries: number
  }[]
  /** Contents that each known list suppressed. */
  suppressed(): readonly { readonly hashSet: string; readonly contents: number }[]
  /** Number of pictures that no model analysed, because each reuses the analysis of a near-exact copy. */
  sharedLooks(): number
  /** Cameras that pictures on the exhibit name, most pictures first; at most 100. */
  cameras(): readonly CameraGroup[]
  /** Signs of a program that generates pictures, most frequent first; at most 100. */
  generatorSigns(): readonly GeneratorSign[]
  close(): void
}

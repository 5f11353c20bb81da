/** The ledger, written and read. */
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
  /** Of which a content was read. */
  readonly read: { readonly entries: number; readonly bytes: number }
  /** Of which the name is left and the content is not there; bytes as their names state them. */
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
  /** Null in formats 1 and 2, of which it can be computed (LedgerReader.inventoryDigest). */
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
  /** Where an image's reader finds the content; absent for a mount. */
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
  /** Null: a regular file whose content is still to be read. Otherwise what became of it in `read`. */
  readonly read: StageResult | null
  readonly named?: readonly NameFinding[]
}

/** Of an entry that was read, with what reading it again needs; nulls: no content was read. */
export interface ReadBefore {
  readonly job: PendingRead
  readonly sha256: string | null
  readonly mediaType: string | null
}

export interface ReadRecord {
  readonly entryId: number
  /** Null: it was read before, and something more is said of it. */
  readonly outcome: ReadOutcome | null
  /** Present exactly when the outcome has a content. */
  readonly match: MatchResult | null
  /** What was found out about the entry by reading it. */
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
  /** Name of the known list that takes this content out of the unknown phase (SHA-256, or MD5 and SHA-1 of one record), or null. */
  readonly suppressedBy: string | null
  readonly warnings: readonly Attribute[]
}

export interface Session {
  readonly path: string
  readonly plan: Plan
  readonly chainHead: string
  readonly inventoryDone: boolean
  recordEntries(walked: readonly WalkedEntry[]): void
  /** Already recorded by an interrupted inventory? */
  hasEntry(path: EvidencePath): boolean
  /**
   * The inventory is whole. Of an image: with what its medium holds, in one commit, so that a crash leaves both or none.
   * @throws RangeError when the classes do not add up to the medium's size
   */
  recordInventoryDone(medium: ListedMedium | null): void
  recordStart(start: RunStart): void
  recordConfinement(trials: readonly ConfinementTrial[]): void
  /** A hash that was computed from the medium's bytes. */
  recordImageHash(hash: ImageHash): void
  /**
   * Regular files without a read result, by (band, device, inode, path), after `cursor`.
   * @param which `of-places`: by id, those alone that are named as what is told by its place
   */
  pendingReads(cursor: PendingRead | null, limit: number, which?: 'of-places'): readonly PendingRead[]
  recordReads(reads: readonly ReadRecord[]): void
  /** What is recorded of files of the exhibit that were read. */
  readBefore(entryIds: readonly number[]): readonly ReadBefore[]
  /**
   * Distinct contents without a result in `stage` that the plan does not exclude, by (steps, band, turn, path) of the
   * representative; `cursor`: the last one that a page gave out.
   */
  pendingContents(stage: StageName, cursor: PendingContent | null, limit: number): readonly PendingContent[]
  /** How many contents wait for `stage`. */
  pendingCount(stage: StageName): number
  /** `opened`: what the stage found inside, committed together with the examination, as recordOpened does it. */
  recordExaminations(
    items: readonly {
      readonly contentId: number
      readonly examination: Examination
      readonly opened?: { readonly parent: PendingContent; readonly derived: readonly DerivedRecord[] }
    }[],
  ): void
  /**
   * Derived entries of one content (all of them), each with its read outcome, committed together with the parent's
   * `opened` examination, so that a parent's result is never there without its members.
   */
  recordOpened(parent: PendingContent, derived: readonly DerivedRecord[], examination: Examination): void
  /**
   * Pictures that lie on the exhibit themselves, that no list names and that were looked at without a warning, with what that
   * look found, in the order in which they were recorded.
   */
  lookedAtPictures(): Iterable<{ readonly sha256: string; readonly findings: readonly Finding[] }>
  /** Contents by what records on the device say of them. */
  readonly named: NamedContents<PendingContent>
  /** Every place of the content is a thumbnail inside a picture that was looked at and shows the same. */
  isShownByPictures(contentId: number): boolean
  /** The content that was read at this file of the exhibit. @throws RangeError when there is none */
  outerContent(path: EvidencePath): PendingContent
  /**
   * Derived entries below this file of the exhibit with at most so many steps, and the bytes of those that were read.
   * Bounded in steps, so that what a crash left of the level in work does not shorten its budget.
   */
  derivedUsage(path: EvidencePath, mostSteps: number): { readonly entries: number; readonly bytes: bigint }
  recordEvent(event: string, detail: Readonly<Record<string, string>>): void
  /** Compares the machine's clock with what is recorded and with the newest head seen: what is new of it is recorded and given back. */
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
  /** The same in steps, between which nothing may be recorded; ended early nothing is sealed. @yields entries so far, often */
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
  /** Null: paused, everything made from it says PARTIAL. */
  readonly seal: Seal | null
  /** What verification found wrong, where a person went on in spite of it: everything made from it says DAMAGED. Else none. */
  readonly damage: readonly string[]
  readonly chainHead: string
  events(): readonly RunEvent[]
  clock(): readonly ClockBehind[]
  starts(): readonly RunStart[]
  confinement(): readonly ConfinementTrial[]
  /** In order of offset; none without an image, or before it was listed. */
  ranges(): readonly ListedRange[]
  byteClasses(): readonly ByteCount[]
  imageHashes(): readonly RecordedHash[]
  /** Of an image, as far as they are listed entries; of a mount none is. */
  deletedFiles(): DeletedFiles
  /** Blocks of free space that were drawn at random, by volume and list. */
  samples(): readonly BlockSample[]
  custody(): readonly CustodyEvent[]
  /** Newest head: of the custody sidecar if there is one, else of the ledger. */
  newestHead(): string
  summary(): Summary
  /** Names, kinds, sizes and digests of what the exhibit shows, whatever lists were used; of ledgers of every format. */
  inventoryDigest(): string
  /** In evidence-path order, paged by key: memory stays flat. */
  entries(): IterableIterator<EntryView>
  /** The same, and behind each entry the other places that follow from it. */
  places(): IterableIterator<EntryView>
  /** How many places all entries have, those over the bound of what is listed among them. */
  placeCount(): bigint
  /** Places of entries that carry a hit, conflict, near match, signal or lead, or a priority; representative copies first. */
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
  /** Pictures that no model looked at, because each shares the look of a near-exact copy. */
  sharedLooks(): number
  /** Cameras that pictures here name, those with the most pictures first; at most 100. */
  cameras(): readonly CameraGroup[]
  /** What says that a program which generates pictures was here, the most frequent first; at most 100. */
  generatorSigns(): readonly GeneratorSign[]
  close(): void
}

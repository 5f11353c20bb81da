/** Writing a ledger: roles of one to five members. A caller names the roles that it needs; only what opens a ledger names Session. */
import type { Plan } from './case.ts'
import type { ClockBehind } from './clock.ts'
import type { EvidencePath } from './entry.ts'
import type { Examination } from './finding.ts'
import type { ImageHash, ListedMedium } from './image-exhibit.ts'
import type {
  DerivedRecord,
  PendingContent,
  PendingRead,
  ReadBefore,
  ReadRecord,
  Seal,
  WalkedEntry,
} from './ledger.ts'
import type { NamedContents } from './named-contents.ts'
import type { ConfinementTrial, RunStart } from './run.ts'
import type { StageName } from './stage.ts'

/** Which ledger is written, for which plan, and how far it is. */
export interface SessionFacts {
  readonly path: string
  readonly plan: Plan
  readonly chainHead: string
  readonly inventoryDone: boolean
}

/** Records the listed entries of the exhibit. */
export interface InventoryWriter {
  recordEntries(walked: readonly WalkedEntry[]): void
  /** Whether an entry with this path is recorded. */
  hasEntry(path: EvidencePath): boolean
  /**
   * Records the end of the inventory. For an image, the listed medium is recorded in the same commit, so a crash leaves
   * both or none.
   * @throws RangeError if the classes do not add up to the medium's size
   */
  recordInventoryDone(medium: ListedMedium | null): void
}

/** Records events of the run: starts, trials, hashes of the image, differences of the clock. */
export interface RunWriter {
  recordStart(start: RunStart): void
  recordConfinement(trials: readonly ConfinementTrial[]): void
  /** A hash that was computed from the medium's bytes. */
  recordImageHash(hash: ImageHash): void
  recordEvent(event: string, detail: Readonly<Record<string, string>>): void
  /** Compares the machine's clock with recorded times and the newest head seen. Records and returns new differences. */
  recordClock(seen: string | null): readonly ClockBehind[]
}

/** Files that wait for reading, and the results of reading. */
export interface ReadQueue {
  /**
   * Regular files without a read result, by (band, device, inode, path), after `cursor`.
   * @param which `of-places`: in order of id, only files whose name can identify their type (source/locked-places.ts)
   */
  pendingReads(cursor: PendingRead | null, limit: number, which?: 'of-places'): readonly PendingRead[]
  recordReads(reads: readonly ReadRecord[]): void
  /** Recorded readings of these entries of the exhibit. */
  readBefore(entryIds: readonly number[]): readonly ReadBefore[]
}

/** Contents that wait for a stage. */
export interface ContentQueue {
  /**
   * Distinct contents without a result in `stage` that the plan does not exclude, by (steps, band, turn, path) of the
   * representative; `cursor`: the last content of the previous page.
   */
  pendingContents(stage: StageName, cursor: PendingContent | null, limit: number): readonly PendingContent[]
  /** How many contents wait for `stage`. */
  pendingCount(stage: StageName): number
}

/** Records a stage's findings in a content. */
export interface ExaminationWriter {
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
}

/** Top-level containers and the entries derived from them. */
export interface DerivedEntries {
  /** The content that was read at this file of the exhibit. @throws RangeError when there is none */
  outerContent(path: EvidencePath): PendingContent
  /**
   * Derived entries below this file of the exhibit with at most so many steps, and the bytes of those that were read.
   * The bound on steps excludes the level in progress, so entries that a crash left there do not reduce its budget.
   */
  derivedUsage(path: EvidencePath, mostSteps: number): { readonly entries: number; readonly bytes: bigint }
}

/** Facts about contents that a later stage asks for. */
export interface ContentFacts {
  /** Contents by the digests, paths and sizes that artefact records name. */
  readonly named: NamedContents<PendingContent>
  /** Every copy of the content is a thumbnail in an analysed picture that shows the same. */
  isShownByPictures(contentId: number): boolean
  /** A secret of the keys file opened this locked file. */
  isUnlockedFile(contentId: number): boolean
}

/** Counts so far. */
export interface SessionCounts {
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
}

/** Ends the writing, with a seal or without. */
export interface Sealing {
  /** Computes the digests, writes the seal, checkpoints, write-protects the file. */
  seal(): Seal
  /** Seals in steps; nothing may be recorded between them. Stopped early: not sealed. @yields entries so far, often */
  sealing(): Generator<number, Seal>
  /** Closes without sealing: resumable. */
  close(): void
}

export interface Session
  extends SessionFacts,
    InventoryWriter,
    RunWriter,
    ReadQueue,
    ContentQueue,
    ExaminationWriter,
    DerivedEntries,
    ContentFacts,
    SessionCounts,
    Sealing {}

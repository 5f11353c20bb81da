/** Reading a ledger: roles of one to five members. A caller names the roles that it needs; only what opens a ledger, or hands it on whole, names LedgerReader. */
import type { CaseInfo, Exhibit, Plan } from './case.ts'
import type { ClockBehind } from './clock.ts'
import type { CustodyEvent } from './custody.ts'
import type { Recovered } from './entry.ts'
import type { BlockSample, ByteCount, ListedRange } from './image-exhibit.ts'
import type { DeletedFiles, RecordedHash, RunEvent, Seal, ToolInfo } from './ledger.ts'
import type { ReasonCode } from './reason.ts'
import type { ConfinementTrial, RunStart } from './run.ts'
import type { StageName, StageOutcome } from './stage.ts'
import type {
  CameraGroup,
  EntryView,
  FileLockGroup,
  GeneratorSign,
  Positions,
  Remarks,
  Summary,
} from './view.ts'

/** Which ledger it is, and whether it is sealed and sound. */
export interface LedgerIdentity {
  readonly path: string
  /** Null: the run is paused, and every output of this ledger is marked PARTIAL. */
  readonly seal: Seal | null
  /** Errors that verification found, if a person continued despite them: every output is marked DAMAGED. Else empty. */
  readonly damage: readonly string[]
  readonly chainHead: string
}

/** The examination: exhibit, case, plan and version of the program. */
export interface ExaminationFacts {
  readonly case: CaseInfo
  readonly exhibit: Exhibit
  readonly plan: Plan
  readonly planDigest: string
  readonly tool: ToolInfo
}

/** Events of the run. */
export interface RunHistory {
  events(): readonly RunEvent[]
  clock(): readonly ClockBehind[]
  starts(): readonly RunStart[]
  confinement(): readonly ConfinementTrial[]
}

/** The medium of an image: its ranges, hashes, deleted files. */
export interface MediumFacts {
  /** In order of offset; empty without an image, or before the listing. */
  ranges(): readonly ListedRange[]
  byteClasses(): readonly ByteCount[]
  imageHashes(): readonly RecordedHash[]
  /** Deleted files among the listed entries of an image; a mount has none. */
  deletedFiles(): DeletedFiles
  /** Random samples of unallocated space, by volume and list. */
  samples(): readonly BlockSample[]
}

/** How listed entries that are not live were recovered. */
export interface RecoveredEntries {
  /** By the bytes of their path as Latin-1; without the entries inside them, and empty for a mount. */
  recovered(): ReadonlyMap<string, Recovered>
}

/** Custody events beside the ledger, and the newest head. */
export interface CustodyRecord {
  custody(): readonly CustodyEvent[]
  /** Newest head: of the custody sidecar if there is one, else of the ledger. */
  newestHead(): string
}

/** Views of the entries. */
export interface EntryViews {
  /** In evidence-path order, paged by key: memory stays flat. */
  entries(): IterableIterator<EntryView>
  /** The same, and after each entry the other paths that follow from it. */
  places(): IterableIterator<EntryView>
  /** Number of paths of all entries, including paths over the listing limit. */
  placeCount(): bigint
  /** Paths of entries with a hit, conflict, near match, signal, lead or priority; representative copies first. */
  findings(): IterableIterator<EntryView>
  /**
   * Entries with a result of their own to tell. Null, or absent, where only the views of all entries can tell it: very many of
   * them, or privileged entries. @param counted reasons that are only counted
   */
  remarks?(counted: ReadonlySet<string>): Remarks | null
}

/** Counts over all entries. */
export interface EntryTotals {
  summary(): Summary
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
  /** Pictures that reuse the analysis of a near-exact copy: only in ledgers of earlier builds, where a scan asked for it. */
  sharedLooks(): number
  /** Digest over names, kinds, sizes and content digests of entries. Independent of the lists; for every format. */
  inventoryDigest(): string
}

/** Locked files: backups and stores that a secret of the keys file opens. */
export interface FileLocks {
  fileLocks(): readonly FileLockGroup[]
}

/** Cameras, and programs that generate pictures. */
export interface PictureOrigins {
  /** Cameras that pictures on the exhibit name, most pictures first; at most 100. */
  cameras(): readonly CameraGroup[]
  positions(): Positions
  /** Signs of a program that generates pictures, most frequent first; at most 100. */
  generatorSigns(): readonly GeneratorSign[]
}

/** Held open until it is closed. */
export interface ClosableLedger {
  close(): void
}

export interface LedgerReader
  extends LedgerIdentity,
    ExaminationFacts,
    RunHistory,
    MediumFacts,
    RecoveredEntries,
    CustodyRecord,
    EntryViews,
    EntryTotals,
    FileLocks,
    PictureOrigins,
    ClosableLedger {}

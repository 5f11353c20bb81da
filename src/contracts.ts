/**
 * The boundary types: what the parts of seized say to each other. Imports nothing of ours; read this file first.
 *
 * The words are the field's (src/README.md): a *hit* is a fact, a *lead* is an opinion, a *stage result* is what became
 * of a subject in a stage. Digests travel as lower-case hex; names and paths travel as bytes, because decoding them
 * first loses files.
 */

// ───────────────────────────────────────────────────────────────────────────── evidence paths and entries

/** How a step was reached from the step before it. The first step of a path is always `file`. */
export type StepKind = 'file' | 'member' | 'attachment' | 'embedded' | 'thumbnail' | 'frame'

export interface PathStep {
  readonly kind: StepKind
  /** Raw bytes: for `file` the path below the exhibit's root, `/` between names, no leading slash; for others the name inside the parent. */
  readonly name: Buffer
}

/** Where something lies on an exhibit. `bytes` is canonical, sorts in evidence order and parses back (evidence-path.ts). */
export interface EvidencePath {
  readonly bytes: Buffer
  readonly steps: readonly PathStep[]
}

export type EntryKind =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'fifo'
  | 'socket'
  | 'block-device'
  | 'character-device'
  | 'unknown'

/** A time as the file system gave it. `zone`: what the number is relative to; zoneless times are never converted. */
export interface FileTime {
  /** Nanoseconds since 1970-01-01, on the clock that `zone` names. */
  readonly ns: bigint
  readonly source: 'stat' | 'archive' | 'mail' | 'document' | 'exif'
  readonly resolution: 'ns' | '100ns' | 'us' | 'ms' | '10ms' | 's' | '2s' | 'day'
  readonly zone: 'utc' | 'offset' | 'local-unknown'
}

export interface EntryTimes {
  readonly modified: FileTime | null
  readonly changed: FileTime | null
  /** Outside both digests: reading can change it. */
  readonly accessed: FileTime | null
  readonly born: FileTime | null
}

/** One thing that a walk (or an opened container) found, before any content is read. */
export interface Entry {
  readonly path: EvidencePath
  readonly kind: EntryKind
  readonly sizeBytes: bigint
  /** Bytes allocated on the file system (blocks × 512); null where not known (derived entries). */
  readonly allocatedBytes: bigint | null
  readonly times: EntryTimes
  readonly device: bigint | null
  readonly inode: bigint | null
  readonly links: bigint | null
  readonly mode: number | null
  readonly uid: number | null
  readonly gid: number | null
  /** Raw target of a symbolic link. */
  readonly linkTarget: Buffer | null
  /** Likeliest first: 0 is read before 1 … (source/band.ts). */
  readonly band: number
}

// ───────────────────────────────────────────────────────────────────────────── stages

export const STAGES = ['read', 'matched', 'opened', 'looked-at', 'text-read'] as const
export type StageName = (typeof STAGES)[number]

export const STAGE_OUTCOMES = [
  'done',
  'done-with-warnings',
  'not-applicable',
  'out-of-scope',
  'not-done',
] as const
export type StageOutcome = (typeof STAGE_OUTCOMES)[number]

/** What became of a subject in a stage. `reason` is a code of reasons.ts, absent only for `done`. */
export type StageResult =
  | { readonly result: 'done' }
  | {
      readonly result: 'done-with-warnings' | 'not-applicable' | 'out-of-scope' | 'not-done'
      readonly reason: string
      /** A short sentence for a person: sizes, an errno, an offset. Never bytes from the exhibit unescaped. */
      readonly detail?: string
    }

/** What the operator asked to run. Inventory always runs. */
export const PHASES = ['inventory', 'known', 'unknown'] as const
export type Phase = (typeof PHASES)[number]

// ───────────────────────────────────────────────────────────────────────────── contents

export const DIGEST_ALGORITHMS = ['md5', 'sha1', 'sha256', 'blake3'] as const
export type DigestAlgorithm = (typeof DIGEST_ALGORITHMS)[number]

/** Lower-case hex of the whole content, made in one read. */
export interface Digests {
  readonly md5: string
  readonly sha1: string
  readonly sha256: string
  readonly blake3: string
  /** eDonkey digests, only when the plan asks; red and blue differ for exact multiples of the chunk size. */
  readonly ed2kRed?: string
  readonly ed2kBlue?: string
}

/** A distinct content: what findings belong to. Entries point to contents, many to one. */
export interface Content {
  readonly digests: Digests
  readonly sizeBytes: bigint
  /** By content, never by name; `application/octet-stream` when nothing recognised it, `inode/x-empty` for zero bytes. */
  readonly mediaType: string
  /** A ZIP archive seems to follow what the media type names: it is opened as a container too. */
  readonly hasAppended?: true
}

/** What one read of a file gave. */
export interface ReadOutcome {
  readonly result: StageResult
  /** Present exactly when the whole content was read unchanged. */
  readonly content: Content | null
  /** The first bytes, only when asked for. */
  readonly bytesRead: bigint
}

/** Bytes at random access. `read` returns fewer bytes than asked only at the end. */
export interface ByteReader {
  readonly sizeBytes: bigint
  read(offset: bigint, length: number): Promise<Buffer>
}

// ───────────────────────────────────────────────────────────────────────────── hash sets

/** What the operator declares of a list without categories, or what a scale maps a category to. */
export const MEANINGS = ['illegal', 'interest', 'known'] as const
export type Meaning = (typeof MEANINGS)[number]

/** `illegal:list.txt` or `vics-us:projectvic.json`: a meaning for lists without categories, a scale for lists with them. */
export interface HashSetDeclaration {
  readonly file: string
  readonly declared:
    | { readonly kind: 'meaning'; readonly meaning: Meaning }
    | { readonly kind: 'scale'; readonly scale: string }
}

/** A loaded list as ledger and report name it. */
export interface HashSetInfo {
  /** Name shown to people: what the list calls itself, else the file's base name. */
  readonly name: string
  /** Edition as the list states it, else null: nothing is inferred from a file name. */
  readonly edition: string | null
  readonly format: string
  readonly formatReason: string
  readonly sha256: string
  readonly sizeBytes: bigint
  readonly meaning: Meaning | null
  readonly scale: string | null
  readonly rowsRead: number
  readonly recordsKept: number
  readonly duplicates: number
  readonly rejected: number
  /** Line (or record) numbers of the first rejected rows with the reason, at most 100; `rejected` counts them all. */
  readonly rejectedRows: readonly { readonly line: number; readonly reason: string }[]
  /** Free notes a court would ask for: owner, licence, handling caveat, envelope marker. */
  readonly notes: readonly string[]
}

// ───────────────────────────────────────────────────────────────────────────── findings

/** A fact: this content's digests equal those of a record of that list. It does not prove the list right. */
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

/** One digest of a record matches and another does not: a faulty record or a crafted collision. */
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

/** A perceptual neighbour: needs a person, and is never counted as a hit. */
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
  readonly category: string | null
  readonly scale: string | null
  readonly categoryLabel: string | null
  readonly meaning: Meaning
}

/** What a model said of a content: every label, above the threshold or not. Parts per 10,000, so that no float is stored. */
export interface Score {
  readonly kind: 'score'
  readonly classifier: string
  readonly modelSha256: string
  readonly label: string
  readonly scorePer10k: number
  /** Null for labels that no rule reads. */
  readonly thresholdPer10k: number | null
}

/** A score at or above its threshold: an opinion, never a match. Derived from Score by leadsOf (score/leads.ts). */
export interface Lead {
  readonly classifier: string
  readonly modelSha256: string
  readonly label: string
  readonly scorePer10k: number
  readonly thresholdPer10k: number
  readonly scores: Readonly<Record<string, number>>
}

/** A text sign with the place it was found at; `quote` holds at most 200 characters. */
export interface Signal {
  readonly kind: 'signal'
  readonly classifier: string
  readonly rule: string
  readonly stage: string | null
  readonly quote: string
  readonly start: number
  readonly end: number
  readonly messageIndex: number | null
}

/** Something neutral that is true of the content or its name: wrong extension, camera, language, decode warning. */
export interface Attribute {
  readonly kind: 'attribute'
  readonly name: string
  readonly value: string
}

/** A perceptual hash, kept so that `rematch` needs no exhibit. */
export interface PerceptualHash {
  readonly kind: 'perceptual-hash'
  readonly algorithm: 'pdq' | 'vpdq'
  readonly hex: string
  readonly quality: number
  readonly flavour: string
  /** `original`, or for video the frame number. */
  readonly part: string
}

export type Finding = Hit | DigestConflict | NearMatch | Score | Signal | Attribute | PerceptualHash

/** At most 16×16 grey cells, each the mean of at least 64 source pixels: what a ledger may keep of a picture. */
export interface Preview {
  readonly width: number
  readonly height: number
  /** Row-major, one byte a cell. */
  readonly cells: Buffer
}

/**
 * What is said of an entry apart from any content: its extended attributes, and what its name and the folders above it say
 * (term ids, never terms).
 */
export type NameFinding = Attribute | Score

/** Name of the {@link Attribute} that gives one extended attribute or alternate stream of an entry. */
export const EXTENDED_ATTRIBUTE = 'extended-attribute'

/** What the unknown phase learnt of one content in one stage. */
export interface Examination {
  readonly stage: StageName
  readonly result: StageResult
  readonly findings: readonly Finding[]
  readonly preview: Preview | null
}

// ───────────────────────────────────────────────────────────────────────────── priority

/** Review bands, 1 first. A priority orders work for a person; it is not a category. */
export const PRIORITIES = [1, 2, 3, 4, 5] as const
export type Priority = (typeof PRIORITIES)[number]

export interface Ranked {
  /** Null when no rule applied: nothing asks for review. */
  readonly priority: Priority | null
  readonly reasons: readonly string[]
}

// ───────────────────────────────────────────────────────────────────────────── the case

export interface CaseInfo {
  readonly caseId: string
  readonly exhibitId: string
  readonly examiner: string
  /** Image file as named by the operator, and its format by content (`raw`, `e01`, …); null when none was named. */
  readonly image: string | null
  readonly imageFormat: string | null
  /** `alg:hex`, as given. */
  readonly acquisitionHash: string | null
  readonly acquisitionStatus: 'verified-by-seized' | 'stated-by-operator' | 'not-verified'
  /** Byte offset of the examined partition inside the image, as stated; null when not stated. */
  readonly partitionOffset: string | null
  /** IANA zone for display only. */
  readonly timezone: string
}

/** How the exhibit was presented to us, and what that does and does not prove. */
export interface Exhibit {
  readonly root: string
  readonly rootInode: bigint
  readonly rootDevice: bigint
  readonly fileSystem: string
  readonly uuid: string | null
  readonly mountSource: string
  readonly mountOptions: string
  readonly writable: boolean
  readonly viaLoop: boolean
  readonly viaFuse: boolean
  /** File systems mounted below the root, as found before the walk. */
  readonly submounts: readonly {
    readonly path: string
    readonly fileSystem: string
    readonly options: string
    readonly writable: boolean
  }[]
  /** Sentences for page one. */
  readonly remarks: readonly string[]
}

/** Everything that decides results: two runs with equal plans over equal exhibits give equal evidence digests. */
export interface Plan {
  readonly planVersion: 1
  readonly phases: readonly Phase[]
  readonly scope: Scope
  readonly hashSets: readonly HashSetInfo[]
  readonly models: readonly ModelUse[]
  readonly limits: Limits
  readonly options: PlanOptions
}

export interface ModelUse {
  readonly id: string
  readonly sha256: string
  readonly thresholds: Readonly<Record<string, number>>
}

export interface Scope {
  readonly include: readonly string[]
  readonly exclude: readonly string[]
  /** ISO-8601 UTC bounds on the modified time; null: unbounded. */
  readonly modifiedFrom: string | null
  readonly modifiedTo: string | null
  /** Media types or families (`image/*`) that the unknown phase looks at; empty: all. */
  readonly mediaTypes: readonly string[]
}

export interface PlanOptions {
  readonly previewIllegalHits: boolean
  readonly open: boolean
  /** Legal basis for reading text; null: text-read was not asked for. */
  readonly textBasis: string | null
  /** SHA-256 of the privilege list; absent when none was given. */
  readonly privilegedSha256?: string
  /** SHA-256 of the sealed store of terms, and the date that decides which have expired; absent when none was given. */
  readonly termsSha256?: string
  readonly termsAsOf?: string
  readonly ed2k: boolean
  readonly orientations: boolean
  readonly gps: boolean
}

/** Bounds on hostile input. Units in the names. */
export interface Limits {
  readonly sparseLogicalBytes: number
  readonly readStallMs: number
  readonly lookBytes: number
  readonly pixels: number
  readonly frames: number
  readonly decodeCpuMs: number
  readonly childDataBytes: number
  readonly containerDepth: number
  readonly containerRatio: number
  readonly containerEntries: number
  readonly containerBytes: number
  readonly textBytes: number
}

// ───────────────────────────────────────────────────────────────────────────── what reports read

/** One entry with everything known about it; one JSONL line. */
export interface EntryView {
  readonly entry: Entry
  readonly content: Content | null
  /** Evidence path of the representative copy when it is another entry, else null. */
  readonly copyOf: EvidencePath | null
  readonly stages: Readonly<Record<StageName, StageResult>>
  readonly hits: readonly Hit[]
  readonly conflicts: readonly DigestConflict[]
  readonly near: readonly NearMatch[]
  readonly scores: readonly Score[]
  readonly signals: readonly Signal[]
  readonly attributes: readonly Attribute[]
  readonly perceptualHashes: readonly PerceptualHash[]
  readonly leads: readonly Lead[]
  readonly ranked: Ranked
  readonly preview: Preview | null
}

/** Pictures and videos that name one camera: what a source is told by. */
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

/** What an exporter may show of pictures. A revealed view cannot be made by default. */
export type View =
  | { readonly kind: 'none' }
  | { readonly kind: 'preview' }
  | { readonly kind: 'revealed'; readonly operator: string; readonly reason: string }

/** Counts per stage and outcome, over entries; each stage adds up to the number of entries. */
export type Coverage = Readonly<Record<StageName, Readonly<Record<StageOutcome, number>>>>

export interface Summary {
  readonly entries: number
  readonly contents: number
  readonly stages: Coverage
  /** Distinct contents. */
  readonly hits: number
  readonly conflicts: number
  readonly near: number
  readonly leads: number
  readonly complete: boolean
}

// ───────────────────────────────────────────────────────────────────────────── progress

export type ProgressEvent =
  | {
      readonly event: 'started'
      readonly case: CaseInfo
      readonly ledger: string
      readonly planDigest: string
    }
  | {
      readonly event: 'phase'
      readonly phase: Phase | 'seal'
      readonly entriesTotal: number
      readonly bytesTotal: bigint
    }
  | {
      readonly event: 'progress'
      readonly phase: Phase | 'seal'
      readonly entriesDone: number
      readonly entriesTotal: number | null
      readonly bytesDone: bigint
      readonly bytesTotal: bigint | null
      readonly bytesPerSecond: number
      readonly etaSeconds: number | null
      readonly hits: number
      readonly leads: number
      readonly notDone: number
    }
  | { readonly event: 'hit'; readonly path: EvidencePath; readonly hit: Hit }
  | { readonly event: 'warning'; readonly message: string }
  | { readonly event: 'paused' }
  | ({
      readonly event: 'summary'
      readonly evidenceDigest: string
      readonly analysisDigest: string
      readonly chainHead: string
      readonly ledgerSha256: string
      readonly exitCode: number
    } & Summary)

// ───────────────────────────────────────────────────────────────────────────── the ledger, written and read

/** What a lab needs to repeat the run: versions of everything that took part, and how children were confined. */
export type ToolInfo = Readonly<Record<string, string>>

/** A run event of the ledger itself (started, resumed, paused, phase-done, sealed), in commit order. */
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
  readonly summary: Summary
}

/** A later event or decision, in the chained sidecar beside the sealed ledger. */
export interface CustodyEvent {
  readonly utc: string
  readonly account: string
  readonly operator: string | null
  readonly event: string
  readonly detail: Readonly<Record<string, string>>
  readonly head: string
}

export interface PendingRead {
  readonly entryId: number
  readonly path: EvidencePath
  readonly sizeBytes: bigint
  readonly modifiedNs: bigint | null
  readonly device: bigint | null
  readonly inode: bigint | null
  readonly allocatedBytes: bigint | null
}

/**
 * A distinct content that waits for a stage, with its representative copy: the one with the fewest steps, then the
 * smallest evidence path. Fewest steps first, because what is opened later must not change who represents.
 */
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

export interface ReadRecord {
  readonly entryId: number
  readonly outcome: ReadOutcome
  /** Present exactly when outcome.content is. */
  readonly match: MatchResult | null
}

/** A derived entry with its read outcome; `match` is present exactly when outcome.content is. */
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
  readonly warnings: readonly string[]
}

/**
 * The only writer of a ledger. Every record* call is one transaction and one chain link.
 * A second record for the same subject and stage throws: nothing is ever superseded.
 */
export interface Session {
  readonly path: string
  readonly plan: Plan
  readonly chainHead: string
  readonly inventoryDone: boolean
  recordEntries(walked: readonly WalkedEntry[]): void
  /** Already recorded by an interrupted inventory? */
  hasEntry(path: EvidencePath): boolean
  recordInventoryDone(): void
  /** Regular files without a read result, by (band, device, inode, path), after `cursor`. */
  pendingReads(cursor: PendingRead | null, limit: number): readonly PendingRead[]
  recordReads(reads: readonly ReadRecord[]): void
  /** Distinct contents without a result in `stage` that the plan does not exclude, by (steps, band, path) of the representative. */
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
  /** Counts so far, for progress. Cheap: kept in memory, not counted in SQL. */
  readonly counts: {
    readonly entries: number
    readonly bytes: bigint
    readonly files: number
    readonly read: number
    readonly bytesRead: bigint
    readonly hits: number
    readonly notDone: number
  }
  /** Computes both digests, writes the seal, checkpoints, write-protects the file. Returns the seal; the file's SHA-256 is computed by the caller afterwards. */
  seal(): Seal
  /** Closes without sealing: resumable. */
  close(): void
}

/** Reads a ledger, sealed or paused, and never writes to it. */
export interface LedgerReader {
  readonly path: string
  readonly case: CaseInfo
  readonly exhibit: Exhibit
  readonly plan: Plan
  readonly planDigest: string
  readonly tool: ToolInfo
  /** Null: paused, everything made from it says PARTIAL. */
  readonly seal: Seal | null
  readonly chainHead: string
  events(): readonly RunEvent[]
  custody(): readonly CustodyEvent[]
  /** Newest head: of the custody sidecar if there is one, else of the ledger. */
  newestHead(): string
  summary(): Summary
  /** In evidence-path order, paged by key: memory stays flat. */
  entries(): IterableIterator<EntryView>
  /** Entries that carry a hit, conflict, near match, signal or lead, or a priority; representative copies first. */
  findings(): IterableIterator<EntryView>
  /** Counts of (stage, result, reason) over entries. */
  reasons(): readonly {
    readonly stage: StageName
    readonly result: StageOutcome
    readonly reason: string
    readonly entries: number
  }[]
  /** Contents that each known list suppressed. */
  suppressed(): readonly { readonly hashSet: string; readonly contents: number }[]
  /** Cameras that pictures here name, those with the most pictures first; at most 100. */
  cameras(): readonly CameraGroup[]
  close(): void
}

// ───────────────────────────────────────────────────────────────────────────── pictures for classifiers

/** A decoded picture: RGB, 8 bits, row-major, EXIF orientation applied, longest side at most 1536. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly rgb: Uint8Array
}

/** The case, the exhibit as the operator presented it, and the plan that decides results. */
import type { Accelerator } from './accelerator.ts'
import type { HashSetInfo } from './hash-set.ts'
import type { ExhibitImage } from './image-exhibit.ts'
import type { Phase } from './stage.ts'

export interface CaseInfo {
  readonly caseId: string
  readonly exhibitId: string
  readonly examiner: string
  /** Image file as named by the operator, and its format by content (`raw`, `e01`, …); null when none was named. */
  readonly image: string | null
  readonly imageFormat: string | null
  /** `alg:hex`, as the operator entered it. */
  readonly acquisitionHash: string | null
  readonly acquisitionStatus: 'verified-by-seized' | 'stated-by-operator' | 'not-verified'
  /**
   * Whether the mount was shown to come from that image, by loop device, FUSE source or the command of the program that
   * serves it; `another`: it was shown to come from other files. Null: no image was named, or the image itself was
   * examined. Absent before 0.2.
   */
  readonly imageShown?: 'mounted' | 'another' | 'not-shown' | null
  /** Byte offset of the examined partition inside the image, as stated; null when not stated. */
  readonly partitionOffset: string | null
  /** IANA zone for display only. */
  readonly timezone: string
}

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
  /**
   * Null: a mount. For an image, `root` is the path of its first segment, and the fields that only a mount has are
   * empty.
   */
  readonly image?: ExhibitImage | null
  /** Sentences for page one. */
  readonly remarks: readonly string[]
}

export interface Plan {
  readonly planVersion: 1
  readonly phases: readonly Phase[]
  readonly scope: Scope
  readonly hashSets: readonly HashSetInfo[]
  readonly models: readonly ModelUse[]
  readonly limits: Limits
  readonly options: PlanOptions & FormerPlanOptions
  /** Absent in plans of seized 0.1: the first rules (score/rule-versions.ts). */
  readonly rules?: PlanRules
}

/** Rules for computing priorities. Every version of the program that reads the ledger uses these rules. */
export interface PlanRules {
  readonly version: number
  readonly tiers: RuleTiers
}

export interface RuleTiers {
  /** From this value on, an explicitness score counts as likely and not only as possible. */
  readonly explicitLikelyPerTenThousand: number
  /** From this value on, no missing person lowers the priority; absent in rules before version 6. */
  readonly explicitStrongPerTenThousand?: number
  /** From this value on, a possible explicitness beside an apparent minor has the second priority; absent before version 6: always. */
  readonly explicitBesideMinorPerTenThousand?: number
  /** From this value on, an apparent minor whose face is covered keeps its place; absent before version 10: none does. */
  readonly coveredMinorStaysPerTenThousand?: number
}

export interface ModelUse {
  readonly id: string
  readonly sha256: string
  readonly thresholds: Readonly<Record<string, number>>
  /** Present for a perceptual hasher that the agency added: it gives hashes, no scores. */
  readonly hasher?: HasherUse
  /** Present for a head that the agency trained itself. */
  readonly own?: OwnModelUse
}

/** Who trained a head, and on what it was measured: the words that stand beside its leads. */
export interface OwnModelUse {
  readonly cardSha256: string
  readonly agency: string
  /** Graded contents of the training, and the cases that they come from. */
  readonly contents: number
  readonly cases: number
  /** At 1 % false positives, on contents of cases outside each training; with the 95 % interval. */
  readonly recallPer10k: number
  readonly recallLowPer10k: number
  readonly recallHighPer10k: number
}

export const HASH_METRICS = ['l1', 'l2', 'hamming'] as const
/** `l1`: sum of differences of bytes; `l2`: square root of the sum of their squares; `hamming`: bits that differ. */
export type HashMetric = (typeof HASH_METRICS)[number]

/** What a hasher's card declares, as far as the plan of a run depends on it. */
export interface HasherUse {
  readonly cardSha256: string
  /** Name of these hashes in lists: `HashName` in VICS, a column's heading in CSV; letter case is ignored. */
  readonly listField: string
  readonly hashBytes: number
  readonly metric: HashMetric
  /** Greatest distances, in the unit of the metric: of a near-exact match, and of any match. */
  readonly nearExact: number
  readonly similar: number
  /** For one picture, by the clock. */
  readonly budgetMs: number
}

export interface Scope {
  readonly include: readonly string[]
  readonly exclude: readonly string[]
  /** ISO-8601 UTC bounds on the modified time; null: unbounded. */
  readonly modifiedFrom: string | null
  readonly modifiedTo: string | null
  /** Volumes of an image that are listed; absent: all. */
  readonly volumes?: readonly number[]
  /**
   * Evidence paths of listed entries, folders and volumes, as byte strings: contents there and below alone are read; absent: all.
   * `--continue-locked` sets it.
   */
  readonly within?: readonly string[]
  /** Media types or families (`image/*`) that the unknown phase analyses; empty: all. */
  readonly mediaTypes: readonly string[]
}

/** Options that the plan of a ledger of an earlier version may state. No scan sets them, and no such scan is resumed. */
export interface FormerPlanOptions {
  /** Builds before November 29, 2026: near-exact copies of a picture without findings reuse its analysis (attribute `look-shared`). */
  readonly shareLooks?: true
}

export interface PlanOptions {
  readonly previewIllegalHits: boolean
  readonly open: boolean
  /** Legal basis for reading text; null: text-read was not asked for. */
  readonly textBasis: string | null
  /** Legal basis for opening volumes with keys; absent: no keys were given. */
  readonly keysBasis?: string
  /**
   * Newest head of the sealed ledger whose locked volumes this run examines, and nothing else. Absent: the run stands
   * for itself.
   */
  readonly continuesHead?: string
  /** SHA-256 of the privilege list; absent when none was given. */
  readonly privilegedSha256?: string
  /**
   * The agency's trust list for content credentials (C2PA): SHA-256 of its file, and its certificates, DER in base64.
   * Absent: none was given, and no signer is looked for.
   */
  readonly trustList?: { readonly sha256: string; readonly certificates: readonly string[] }
  /** SHA-256 of the sealed store of terms, and the date that decides which have expired; absent when none was given. */
  readonly termsSha256?: string
  readonly termsAsOf?: string
  readonly ed2k: boolean
  /** Records of programs on the device were parsed. Absent: not parsed, as in plans before this option. */
  readonly records?: true
  /**
   * Records that are not findings are left out even if the plan has a legal basis for text. Absent: that basis keeps
   * them.
   */
  readonly private?: 'leave-out'
  readonly orientations: boolean
  readonly gps: boolean
  /**
   * Share of contents that another process reads and hashes a second time: one in `oneIn`, and one in `oneInKnown` of
   * the contents that a known list suppresses. On a small exhibit at least `least` contents or `leastBytes` are read
   * again. Absent: only contents with a hit are read again.
   */
  readonly readAgain?: {
    readonly oneIn: number
    readonly oneInKnown: number
    readonly least: number
    readonly leastBytes: number
  }
  /**
   * Every byte of the image was read first, so all damage is known, also where nothing else reads. Absent: not read
   * first.
   */
  readonly verifyImage?: true
  /**
   * An image whose hash differs from the stated hash is examined, and the reports state the difference. Absent: it is
   * refused.
   */
  readonly despiteImage?: true
  /**
   * Unallocated space is searched: `known` for header hashes of listed contents, `carve` also for files by structure.
   * Absent: no.
   */
  readonly remains?: 'known' | 'carve'
  /** Number of blocks drawn at random from the unallocated space of each volume; absent: no draw. */
  readonly sample?: { readonly draws: number; readonly seed: string }
  /** Contents are read for this many minutes, most likely contents first; the rest is skipped. Absent: all are read. */
  readonly quickMinutes?: number
  /** Models and videos run on this processor. Absent: on the main one. */
  readonly accelerator?: Accelerator
  /**
   * Class of processor on which speech is transcribed (classify/machine-class.ts): another class may choose other words. Absent:
   * nothing is transcribed, or a plan of before this key.
   */
  readonly transcribedOn?: string
}

export interface Limits {
  readonly sparseLogicalBytes: number
  readonly readStallMs: number
  readonly lookBytes: number
  readonly pixels: number
  readonly frames: number
  /**
   * Models judge a picture whose shorter side has at least this many pixels and that is not of one colour (classify/judged.ts).
   * Absent: every picture, as in plans before this limit.
   */
  readonly leastModelSide?: number
  readonly decodeCpuMs: number
  readonly childDataBytes: number
  readonly containerDepth: number
  readonly containerRatio: number
  readonly containerEntries: number
  readonly containerBytes: number
  readonly textBytes: number
}

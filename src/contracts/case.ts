/** The case, the exhibit as it was presented, and the plan that decides results. */
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
  /** `alg:hex`, as given. */
  readonly acquisitionHash: string | null
  readonly acquisitionStatus: 'verified-by-seized' | 'stated-by-operator' | 'not-verified'
  /**
   * Whether the mount was shown to come from that image, by loop device, FUSE source or the command of the program that serves it;
   * `another`: it was shown to come from other files. Null: no image was named, or the image itself was examined. Absent before 0.2.
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
  /** Null: a mount. For an image, `root` is the path of its first segment and what only a mount has is empty. */
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
  readonly options: PlanOptions
  /** Absent in plans of seized 0.1: the first rules (score/rule-versions.ts). */
  readonly rules?: PlanRules
}

/** What priorities are computed with, whatever program reads the ledger. */
export interface PlanRules {
  readonly version: number
  readonly tiers: RuleTiers
}

export interface RuleTiers {
  /** From here on an explicitness score counts as likely, not only as possible. */
  readonly explicitLikelyPerTenThousand: number
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
  /** Volumes of an image that are listed; absent: all. */
  readonly volumes?: readonly number[]
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
  /** What programs on the device recorded was read. Absent in plans before that: it was not. */
  readonly records?: true
  /** Records that are no finding are left out also where text may be read. Absent: they are kept on that basis. */
  readonly private?: 'leave-out'
  readonly orientations: boolean
  readonly gps: boolean
  /** Near-exact copies of a picture in which nothing was found share its look. Absent: each is looked at. */
  readonly shareLooks?: true
  /**
   * Share of contents that are read and hashed a second time, by another process: one in so many, one in `oneInKnown` of those that
   * a known list suppresses; of a small exhibit as many as come to `least` contents or `leastBytes`. Absent: only what hits is.
   */
  readonly readAgain?: {
    readonly oneIn: number
    readonly oneInKnown: number
    readonly least: number
    readonly leastBytes: number
  }
  /** Every byte of the image was read first: damage that nothing else meets is known. Absent: not so. */
  readonly verifyImage?: true
  /** An image whose hash differs from the stated one is examined all the same, and that is said. Absent: it is refused. */
  readonly despiteImage?: true
  /** Free space of an image is searched for beginnings of listed contents, and for files by their structure; absent: it is not. */
  readonly remains?: 'known' | 'carve'
  /** Blocks drawn at random from the free space of each volume; absent: none. */
  readonly sample?: { readonly draws: number; readonly seed: string }
  /** Contents are read for so many minutes, likeliest first, and the rest is left; absent: all are read. */
  readonly quickMinutes?: number
}

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

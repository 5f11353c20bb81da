/**
 * The plan: everything that decides results, and nothing else (no worker count, ledger path or mount point).
 * Resume needs the same plan; two runs with equal plans over equal exhibits give equal evidence digests.
 */
import { createHash } from 'node:crypto'
import { canonicalJson } from './base/canonical-json.ts'
import type { Limits, ModelUse, Plan, PlanOptions, PlanRules, Scope } from './contracts/case.ts'
import type { HashSetInfo } from './contracts/hash-set.ts'
import type { Phase } from './contracts/stage.ts'

const MIB = 1024 * 1024

export const DEFAULT_LIMITS: Limits = {
  // A file this large on paper with less than a tenth allocated is not read: 1 TiB of zeros would take an hour.
  sparseLogicalBytes: 16 * 1024 * MIB,
  readStallMs: 30_000,
  // Largest content handed to a decoder child as one buffer; video goes by descriptor.
  lookBytes: 512 * MIB,
  // 178 million pixels is libvips' own ceiling for a bomb check; a 100 MP medium-format photo passes.
  pixels: 178_956_970,
  frames: 10_000,
  // Below it a quarter to a half of ordinary pictures are marked, and no face is found (docs/evidence/models.md).
  leastModelSide: 64,
  // IPED's parse timeout is 180 s + 2 s/MB (reference: its ParsingTaskConfig); a picture needs far less.
  decodeCpuMs: 60_000,
  childDataBytes: 3072 * MIB,
  containerDepth: 16,
  containerRatio: 1000,
  containerEntries: 200_000,
  containerBytes: 16 * 1024 * MIB,
  textBytes: 64 * MIB,
}

/**
 * Rates of the second reading. One in a hundred of a large exhibit costs less than a hundredth of its time, and bounds
 * the false share at one in fifty thousand.
 */
export const READ_AGAIN = { oneIn: 100, oneInKnown: 50, least: 100, leastBytes: 64 * MIB } as const

export const DEFAULT_OPTIONS: PlanOptions = {
  previewIllegalHits: false,
  open: true,
  textBasis: null,
  ed2k: false,
  orientations: false,
  gps: false,
}

export const WHOLE_EXHIBIT: Scope = {
  include: [],
  exclude: [],
  modifiedFrom: null,
  modifiedTo: null,
  mediaTypes: [],
}

export function makePlan(parts: {
  readonly phases: readonly Phase[]
  readonly scope: Scope
  readonly hashSets: readonly HashSetInfo[]
  readonly models: readonly ModelUse[]
  readonly options: PlanOptions
  readonly limits?: Limits
  /** Absent only where the plan of a ledger that names none is made again. */
  readonly rules?: PlanRules
}): Plan {
  return {
    planVersion: 1,
    phases: parts.phases,
    scope: parts.scope,
    // The order of lists on the command line decides nothing, so it is not part of the plan.
    hashSets: [...parts.hashSets].sort((a, b) => compare(`${a.sha256} ${a.name}`, `${b.sha256} ${b.name}`)),
    models: parts.models,
    limits: parts.limits ?? DEFAULT_LIMITS,
    options: parts.options,
    ...(parts.rules && { rules: parts.rules }),
  }
}

/** SHA-256 over the canonical JSON of the plan, domain-separated; lower-case hex. */
export function planDigest(plan: Plan): string {
  return createHash('sha256').update('seized plan 1\0').update(canonicalJson(plan)).digest('hex')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

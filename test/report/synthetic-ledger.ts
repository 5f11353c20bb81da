/** A ledger in memory for tests of exporters: everything a LedgerReader gives, from entries made in two lines. */

import { createHash } from 'node:crypto'
import { filePath } from '../../src/base/evidence-path.ts'
import { attribute } from '../../src/contracts/attribute.ts'
import type { Exhibit, Plan } from '../../src/contracts/case.ts'
import type { Content } from '../../src/contracts/content.ts'
import type { CustodyEvent } from '../../src/contracts/custody.ts'
import type { Detail } from '../../src/contracts/detail.ts'
import type { Entry, EvidencePath, Recovered } from '../../src/contracts/entry.ts'
import type { DigestConflict, Hit, NearMatch, Score } from '../../src/contracts/finding.ts'
import type { RunEvent } from '../../src/contracts/ledger.ts'
import type { LedgerReader } from '../../src/contracts/ledger-reader.ts'
import type { ReasonCode } from '../../src/contracts/reason.ts'
import {
  notApplicable as notApplicableIn,
  notDone,
  outOfScope,
  STAGE_OUTCOMES,
  STAGES,
  type StageName,
  type StageOutcome,
  type StageResult,
} from '../../src/contracts/stage.ts'
import type { CameraGroup, Coverage, EntryView, Summary } from '../../src/contracts/view.ts'
import { NO_FINDINGS } from '../../src/findings/index.ts'
import { leadsOf } from '../../src/score/leads.ts'
import { RULES_NOW } from '../../src/score/rule-versions.ts'
import { rank } from '../../src/score/score.ts'
import { type MountFacts, remarksOn } from '../../src/source/mount/remarks.ts'

export interface SyntheticLedger {
  /** In evidence-path order; a function, so that a test of a million entries holds none of them. */
  readonly views: () => Iterable<EntryView>
  readonly sealed?: boolean
  readonly reader?: Partial<LedgerReader>
}

export function syntheticLedger({ views, sealed = true, reader = {} }: SyntheticLedger): LedgerReader {
  const chainHead = hex('sha256', 'chain head')
  const summary = memoized(() => summaryOf(views(), sealed))
  return {
    path: 'case.sqlite',
    case: {
      caseId: '2026-114',
      exhibitId: 'LTU-07',
      examiner: 'A. Example',
      acquisitionHash: `sha256:${hex('sha256', 'image')}`,
      image: 'LTU-07.E01',
      imageFormat: 'e01',
      acquisitionStatus: 'stated-by-operator',
      partitionOffset: '1048576',
      timezone: 'Europe/Vilnius',
    },
    exhibit: { ...EXHIBIT, remarks: remarksOn(EXHIBIT, MOUNT) },
    plan: PLAN,
    planDigest: hex('sha256', 'plan'),
    tool: {
      seized: '0.1.0',
      node: '20.20.2',
      platform: 'linux x64',
      sharp: '0.35.5',
      'onnxruntime-node': '1.30.0',
      clockZone: 'Europe/Vilnius',
      clockOffsetMinutes: '120',
      commandLine: 'scan /mnt/exhibit --case 2026-114',
    },
    seal: sealed
      ? {
          utc: '2026-11-24T10:21:07.412Z',
          evidenceDigest: hex('sha256', 'evidence'),
          analysisDigest: hex('sha256', 'analysis'),
          inventoryDigest: hex('sha256', 'inventory'),
          get summary() {
            return summary()
          },
        }
      : null,
    chainHead,
    damage: [],
    events: () => RUN_EVENTS.filter((event) => sealed || event.event !== 'sealed'),
    clock: () => [],
    starts: () => [],
    confinement: () => [],
    ranges: () => [],
    byteClasses: () => [],
    imageHashes: () => [],
    deletedFiles: () => ({ read: { entries: 0, bytes: 0 }, gone: { entries: 0, bytes: 0 } }),
    recovered: () => recoveredOf(views()),
    samples: () => [],
    custody: () => CUSTODY,
    newestHead: () => CUSTODY.at(-1)?.head ?? chainHead,
    summary,
    inventoryDigest: () => hex('sha256', 'inventory'),
    entries: () => iterate(views()),
    places: () => iterate(views()),
    placeCount: () => BigInt([...views()].length),
    findings: () => iterate(findingsOf(views())),
    reasons: () => reasonsOf(views()),
    suppressed: () => [{ hashSet: 'Operating system files', contents: 3 }],
    sharedLooks: () => 0,
    fileLocks: () => [],
    positions: () => ({ contents: 0, points: [], countries: [] }),
    cameras: () => [CAMERA, { ...CAMERA, make: null, serial: null, software: null, contents: 3, listed: 0 }],
    generatorSigns: () => [
      { sign: attribute('model-place', { program: 'comfyui', kind: 'loras' }), count: 3 },
      { sign: attribute('generator-file', { program: 'webui', form: 'settings' }), count: 2 },
    ],
    close: () => undefined,
    ...reader,
  }
}

export interface EntryParts {
  readonly entry?: Partial<Entry>
  readonly content?: Content | null
  readonly stages?: Partial<Record<StageName, StageResult>>
}

/** A picture file of 3 MB, read and matched, not found anywhere; `parts` change what a test is about. */
export function view(
  path: string | Buffer | EvidencePath,
  parts: EntryParts & Omit<Partial<EntryView>, keyof EntryParts> = {},
): EntryView {
  const { entry, content, stages, ...rest } = parts
  const at = Buffer.isBuffer(path) || typeof path === 'string' ? filePath(Buffer.from(path)) : path
  const sizeBytes = entry?.sizeBytes ?? 3_145_728n
  return {
    entry: {
      path: at,
      kind: 'file',
      sizeBytes,
      allocatedBytes: sizeBytes,
      times: {
        modified: utc(1_700_000_000_123_456_789n),
        changed: utc(1_700_000_000_123_456_789n),
        accessed: null,
        born: null,
      },
      device: 1793n,
      inode: 12n,
      links: 1n,
      mode: 0o100644,
      uid: 1000,
      gid: 1000,
      linkTarget: null,
      band: 1,
      ...entry,
    },
    content: content === undefined ? contentOf(at.bytes, sizeBytes) : content,
    copyOf: null,
    records: [],
    followsFrom: null,
    placesLeftOut: 0n,
    stages: {
      read: DONE,
      matched: DONE,
      opened: notApplicableIn('not-a-container'),
      'records-read': notApplicableIn('no-records'),
      'looked-at': DONE,
      'text-read': outOfScope('stage-not-asked'),
      ...stages,
    },
    ...NO_FINDINGS,
    leads: [],
    ranked: { priority: null, reasons: [] },
    preview: null,
    ...rest,
  }
}

export function directoryView(path: string | Buffer): EntryView {
  return view(path, {
    entry: { kind: 'directory', sizeBytes: 4096n },
    content: null,
    stages: notApplicable('directory'),
  })
}

/** Every stage `not-done` or `not-applicable` after a read that failed. */
export function unreadView(
  path: string | Buffer,
  reason: ReasonCode,
  detail: Detail | null = null,
): EntryView {
  const result = notDone('unread')
  return view(path, {
    content: null,
    stages: {
      read: notDone(reason, detail),
      matched: result,
      opened: result,
      'records-read': result,
      'looked-at': result,
    },
  })
}

export function notApplicable(reason: ReasonCode): Record<StageName, StageResult> {
  const result = notApplicableIn(reason)
  return {
    read: result,
    matched: result,
    opened: result,
    'records-read': result,
    'looked-at': result,
    'text-read': result,
  }
}

export function contentOf(seed: string | Buffer, sizeBytes: bigint, mediaType = 'image/jpeg'): Content {
  return {
    sizeBytes,
    mediaType,
    digests: {
      md5: hex('md5', seed),
      sha1: hex('sha1', seed),
      sha256: hex('sha256', seed),
      blake3: hex('sha256', Buffer.concat([Buffer.from('b3'), Buffer.from(seed)])),
    },
  }
}

export function hit(parts: Partial<Hit> = {}): Hit {
  return {
    kind: 'hit',
    hashSet: 'National list',
    hashSetSha256: hex('sha256', 'National list'),
    edition: '2026-10',
    algorithms: ['md5', 'sha1'],
    weak: false,
    category: '1',
    scale: 'vics-us',
    categoryLabel: 'Child Abuse Material (CAM)',
    meaning: 'illegal',
    ...parts,
  }
}

export function conflict(parts: Partial<DigestConflict> = {}): DigestConflict {
  const { kind: _, algorithms: __, weak: ___, ...list } = hit()
  return { kind: 'conflict', ...list, agreeing: ['md5'], differing: ['sha1'], ...parts }
}

export function nearMatch(parts: Partial<NearMatch> = {}): NearMatch {
  const { kind: _, algorithms: __, weak: ___, ...list } = hit()
  return {
    kind: 'near',
    ...list,
    algorithm: 'pdq',
    distanceBits: 18,
    quality: 92,
    band: 'near-exact',
    orientation: 'original',
    video: null,
    ...parts,
  }
}

const MODEL_SHA256 = hex('sha256', 'explicitness')

/** Scores as the picture models give them, with a lead from 0.25 up. */
export function scored(explicitPer10k: number): Pick<EntryView, 'scores' | 'leads' | 'ranked'> {
  const neutral = 10_000 - explicitPer10k
  const scores: Score[] = [
    score('explicit', explicitPer10k, 2_500),
    score('porn', explicitPer10k - 12, null),
    score('hentai', 12, null),
    score('neutral', neutral, null),
  ]
  const leads = leadsOf(scores)
  return {
    scores,
    leads,
    ranked: rank(
      {
        path: filePath(Buffer.from('a')),
        hits: [],
        conflicts: [],
        near: [],
        references: [],
        leads,
        signals: [],
        attributes: [],
      },
      RULES_NOW,
    ),
  }
}

function score(label: string, scorePer10k: number, thresholdPer10k: number | null): Score {
  return {
    kind: 'score',
    classifier: 'explicitness',
    modelSha256: MODEL_SHA256,
    label,
    scorePer10k,
    thresholdPer10k,
  }
}

export function utc(ns: bigint): { ns: bigint; source: 'stat'; resolution: 'ns'; zone: 'utc' } {
  return { ns, source: 'stat', resolution: 'ns', zone: 'utc' }
}

export function hex(algorithm: string, data: string | Buffer): string {
  return createHash(algorithm).update(data).digest('hex')
}

const DONE: StageResult = { result: 'done' }

const EXHIBIT: Omit<Exhibit, 'remarks'> = {
  root: '/mnt/exhibit',
  rootInode: 2n,
  rootDevice: 1793n,
  fileSystem: 'ext4',
  uuid: '1f3a5c70-9a1e-4e0b-8f42-0c1d2e3f4a5b',
  mountSource: '/dev/loop3',
  mountOptions: 'ro,noload,noatime',
  writable: false,
  viaLoop: true,
  viaFuse: false,
  submounts: [],
}

const CAMERA: CameraGroup = {
  make: 'Example Optics',
  model: 'EO-1 <2>',
  serial: '0042',
  software: '1.0',
  contents: 1_204,
  listed: 2,
  inCameraFolder: 1_100,
}

const MOUNT: MountFacts = {
  device: { readOnly: true, backingFile: '/cases/LTU-07.dd' },
  cannotWrite: false,
  probedType: 'ext4',
  mountPoint: '/mnt/exhibit',
  isMountPoint: true,
  asRoot: false,
  zonelessTimes: false,
  listsAttributes: true,
}

const PLAN: Plan = {
  planVersion: 1,
  phases: ['inventory', 'known', 'unknown'],
  scope: { include: [], exclude: [], modifiedFrom: null, modifiedTo: null, mediaTypes: [] },
  hashSets: [
    {
      name: 'National list',
      edition: '2026-10',
      format: 'vics',
      formatReason: 'the file is a VICS JSON document',
      sha256: hex('sha256', 'National list'),
      sizeBytes: 81_234_567n,
      meaning: null,
      scale: 'vics-us',
      rowsRead: 1_000_004,
      recordsKept: 1_000_000,
      duplicates: 2,
      rejected: 2,
      rejectedRows: [
        { line: 17, reason: 'the MD5 is not 32 hexadecimal digits' },
        { line: 991, reason: 'the record has no digest' },
      ],
      notes: [],
    },
    {
      name: 'Operating system files',
      edition: null,
      format: 'hashdeep',
      formatReason: 'the first line says HASHDEEP-1.0',
      sha256: hex('sha256', 'Operating system files'),
      sizeBytes: 4_000_000n,
      meaning: 'known',
      scale: null,
      rowsRead: 20_040,
      recordsKept: 20_040,
      duplicates: 0,
      rejected: 0,
      rejectedRows: [],
      notes: [],
    },
  ],
  models: [
    {
      id: 'explicitness',
      sha256: MODEL_SHA256,
      thresholds: { explicit: 2_500, likely: 5_000, strong: 7_600, gate: 500 },
    },
  ],
  limits: {
    sparseLogicalBytes: 1_073_741_824,
    readStallMs: 30_000,
    lookBytes: 268_435_456,
    pixels: 100_000_000,
    frames: 64,
    decodeCpuMs: 20_000,
    childDataBytes: 1_073_741_824,
    containerDepth: 8,
    containerRatio: 1_000,
    containerEntries: 100_000,
    containerBytes: 1_073_741_824,
    textBytes: 16_777_216,
  },
  options: {
    previewIllegalHits: false,
    open: true,
    textBasis: null,
    ed2k: false,
    orientations: false,
    gps: false,
  },
}

const RUN_EVENTS: readonly RunEvent[] = [
  {
    utc: '2026-11-24T10:02:11.034Z',
    event: 'started',
    account: 'examiner',
    detail: { mount: '/mnt/exhibit' },
  },
  { utc: '2026-11-24T10:21:07.412Z', event: 'sealed', account: 'examiner', detail: {} },
]

const CUSTODY: readonly CustodyEvent[] = [
  {
    number: 1,
    fact: null,
    utc: '2026-11-24T11:00:00.000Z',
    account: 'examiner',
    operator: 'A. Example',
    event: 'verified',
    detail: { result: 'agrees' },
    head: hex('sha256', 'custody 1'),
  },
]

function summaryOf(views: Iterable<EntryView>, complete: boolean): Summary {
  const stages = Object.fromEntries(
    STAGES.map((stage) => [stage, Object.fromEntries(STAGE_OUTCOMES.map((outcome) => [outcome, 0]))]),
  ) as Record<StageName, Record<StageOutcome, number>>
  const contents = new Set<string>()
  const meanings = { illegal: new Set<string>(), interest: new Set<string>(), known: new Set<string>() }
  const having = {
    hits: new Set<string>(),
    conflicts: new Set<string>(),
    near: new Set<string>(),
    leads: new Set<string>(),
  }
  let entries = 0
  for (const v of views) {
    entries++
    for (const stage of STAGES) stages[stage][v.stages[stage].result]++
    const sha256 = v.content?.digests.sha256
    if (sha256 === undefined) continue
    contents.add(sha256)
    for (const h of v.hits) meanings[h.meaning].add(sha256)
    if (v.hits.some((h) => h.meaning !== 'known')) having.hits.add(sha256)
    for (const key of ['conflicts', 'near', 'leads'] as const) if (v[key].length > 0) having[key].add(sha256)
  }
  return {
    entries,
    contents: contents.size,
    stages: stages satisfies Coverage,
    hits: having.hits.size,
    hitsByMeaning: {
      illegal: meanings.illegal.size,
      interest: meanings.interest.size,
      known: meanings.known.size,
    },
    conflicts: having.conflicts.size,
    near: having.near.size,
    references: 0,
    leads: having.leads.size,
    complete: complete && STAGES.every((stage) => stages[stage]['not-done'] === 0),
  }
}

function* findingsOf(views: Iterable<EntryView>): Iterable<EntryView> {
  const found: EntryView[] = []
  for (const v of views)
    if (
      v.hits.some((h) => h.meaning !== 'known') ||
      [v.conflicts, v.near, v.signals, v.leads].some((list) => list.length > 0) ||
      v.ranked.priority !== null
    )
      found.push(v)
  yield* found.filter((v) => v.copyOf === null)
  yield* found.filter((v) => v.copyOf !== null)
}

function reasonsOf(views: Iterable<EntryView>) {
  const counts = new Map<
    string,
    { stage: StageName; result: StageOutcome; reason: ReasonCode; entries: number }
  >()
  for (const v of views)
    for (const stage of STAGES) {
      const result = v.stages[stage]
      if (result.result === 'done') continue
      const key = `${stage} ${result.result} ${result.reason}`
      const row = counts.get(key) ?? { stage, result: result.result, reason: result.reason, entries: 0 }
      row.entries++
      counts.set(key, row)
    }
  return [...counts.values()]
}

function* iterate<T>(items: Iterable<T>): IterableIterator<T> {
  yield* items
}

function memoized<T>(make: () => T): () => T {
  let made: { value: T } | null = null
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

export function recoveredOf(views: Iterable<EntryView>): ReadonlyMap<string, Recovered> {
  const found = new Map<string, Recovered>()
  for (const { entry } of views)
    if (entry.onImage && entry.onImage.status !== 'live')
      found.set(entry.path.bytes.toString('latin1'), entry.onImage)
  return found
}

/** Starts a new ledger: lists, plan and the first records; then the run itself. */
import { resolve } from 'node:path'
import { osAccount } from '../../base/os-account.ts'
import type { CaseInfo, Exhibit, Scope } from '../../contracts/case.ts'
import type { HashSetDeclaration } from '../../contracts/hash-set.ts'
import type { ImageHash } from '../../contracts/image-exhibit.ts'
import type { ImageState } from '../../contracts/image-state.ts'
import type { RunInput } from '../../contracts/ledger.ts'
import type { Lock, Secret } from '../../contracts/lock.ts'
import type { Phase } from '../../contracts/stage.ts'
import type { ReaderPool } from '../../host/reader/reader-pool.ts'
import { declaredText } from '../../ledger/read/run-facts.ts'
import { networkFileSystemWarning } from '../../ledger/write/network-file-system.ts'
import { createLedger } from '../../ledger/write/session.ts'
import { alternativesOf, loadHashSets } from '../../match/index.ts'
import { digestPartsAside } from '../../parts/index.ts'
import { DEFAULT_OPTIONS, makePlan, READ_AGAIN } from '../../plan.ts'
import type { PrivilegeList } from '../../privilege/privilege-list.ts'
import { imageStateText } from '../../report/model/image-words.ts'
import type { PlanChoices } from '../../scan-options.ts'
import { RULES_NOW } from '../../score/rule-versions.ts'
import { mountNotes, mountWarnings } from '../../source/mount/remarks.ts'
import type { Source } from '../../source/source.ts'
import type { ProgressKind } from '../arguments/options.ts'
import { tryAccelerator } from './accelerator.ts'
import { type Conduct, conduct } from './conduct.ts'
import { exposureOf, folderExposure } from './exposed-files.ts'
import { imageWarnings } from './image-warnings.ts'
import { listedHeaderHashes } from './listed-header-hashes.ts'
import { modelsFor } from './models-for.ts'
import { openedEvent, VOLUMES_OPENED } from './opened-locks.ts'
import type { ScanHeads } from './own-heads.ts'
import type { ScanTerms } from './scan-terms.ts'
import { tellOfLists } from './telling.ts'
import { describeTool, toolParts } from './tool-info.ts'
import { transcriptClass } from './transcript-class.ts'

export interface NewScan {
  readonly ledgerPath: string
  readonly case: CaseInfo
  readonly exhibit: Exhibit
  /** Computed before the run, from the image that is the exhibit. */
  readonly imageHashes: readonly ImageHash[]
  /** Null when the exhibit is a mount. */
  readonly imageState: ImageState | null
  /** Encrypted volumes of the image. */
  readonly locks: readonly Lock[]
  /** Of the keys file; empty: none. */
  readonly secrets: readonly Secret[]
  readonly source: Source
  readonly readers: ReaderPool
  readonly wall: Conduct['wall']
  readonly workers: number
  readonly lookHosts: Conduct['lookHosts']
  readonly allowUnconfined: boolean
  readonly progress: ProgressKind
  readonly verbose: boolean
  readonly heads: string | undefined
  readonly phases: readonly Phase[]
  readonly scope: Scope
  readonly hashSets: readonly HashSetDeclaration[]
  readonly scaleTables: readonly string[]
  readonly textBasis: string | null
  /** Further ones in which words in pictures are read. */
  readonly textLanguages: readonly string[]
  /** True: no prefilter before expensive models. */
  readonly exact: boolean
  readonly privileged: PrivilegeList | null
  readonly terms: ScanTerms | null
  readonly own: ScanHeads
  /** Options of the plan that options of the command line decide. */
  readonly choices: PlanChoices
}

/** @returns the exit code */
export async function beginScan(given: NewScan): Promise<number> {
  const { ledgerPath, exhibit, phases, textBasis, privileged, terms } = given
  const parts = digestPartsAside()
  // The screen in eight bits is for main processors: its results on another one were never compared.
  const exact = given.exact || given.choices.accelerator !== undefined
  const models = [
    ...modelsFor(phases, textBasis, exact, given.textLanguages),
    ...(terms?.models ?? []),
    ...given.own.models,
  ]
  const matcher = await loadHashSets(given.hashSets, {
    scaleTables: given.scaleTables,
    assumeSha256: true,
    alternatives: alternativesOf(models),
    onProgress: tellOfLists(),
  })
  const plan = makePlan({
    phases,
    scope: given.scope,
    hashSets: matcher.hashSets,
    models,
    options: {
      ...DEFAULT_OPTIONS,
      ...given.choices,
      records: true,
      readAgain: READ_AGAIN,
      textBasis,
      ...(privileged ? { privilegedSha256: privileged.sha256 } : {}),
      ...terms?.options,
      ...transcriptClass(models),
    },
    rules: RULES_NOW,
  })
  await tryAccelerator(plan, given.allowUnconfined)
  const [tool, used] = [
    await describeTool({ decodes: phases.includes('unknown'), parts: await parts }),
    toolParts(await parts),
  ]
  const session = createLedger(
    { path: ledgerPath, case: given.case, exhibit, plan, tool, account: osAccount() },
    (begun) => {
      for (const hash of given.imageHashes) begun.recordImageHash(hash)
      if (given.imageState?.isDespite)
        begun.recordEvent(EXAMINED_DESPITE, { said: imageStateText(given.imageState) })
      const openedNow = openedEvent(given.locks)
      if (Object.keys(openedNow).length > 0) begun.recordEvent(VOLUMES_OPENED, openedNow)
      begun.recordStart({ kind: 'started', root: exhibit.root, inputs: inputsOf(given), parts: used })
    },
  )
  return conduct({
    session,
    beginnings: await listedHeaderHashes(plan.options, given.hashSets, matcher.hashSets),
    case: given.case,
    exhibit,
    matcher,
    readers: given.readers,
    wall: given.wall,
    source: given.source,
    workers: given.workers,
    lookHosts: given.lookHosts,
    allowUnconfined: given.allowUnconfined,
    progress: given.progress,
    heads: given.heads,
    privileged,
    secrets: given.secrets,
    terms: terms?.finder ?? null,
    ownHeads: given.own.heads,
    warnings: [
      ...imageWarnings(exhibit, given.imageState),
      ...mountWarnings(exhibit),
      ...ledgerWarnings(ledgerPath),
    ],
    notes: mountNotes(exhibit),
    verbose: given.verbose,
  })
}

/** Ledger event: the hash of the image differs, and the operator ordered the examination all the same. */
const EXAMINED_DESPITE = 'image-examined-despite'

function ledgerWarnings(path: string): string[] {
  return [networkFileSystemWarning(path), folderExposure(path), exposureOf(path)].filter(
    (one) => one !== null,
  )
}

/** Resume finds these files again by their paths; the plan contains their digests, not their paths. */
function inputsOf({ hashSets, scaleTables, privileged, terms }: NewScan): RunInput[] {
  const input = (role: RunInput['role'], file: string, more: Partial<RunInput> = {}): RunInput => ({
    role,
    file: resolve(file),
    sha256: null,
    declared: null,
    text: null,
    ...more,
  })
  return [
    ...hashSets.map(({ file, declared }) => input('hash-set', file, { declared: declaredText(declared) })),
    ...scaleTables.map((file) => input('scale-table', file)),
    ...(privileged
      ? [{ ...input('privilege-list', ''), file: '', sha256: privileged.sha256, text: privileged.source }]
      : []),
    ...(terms?.files.terms === undefined ? [] : [input('terms', terms.files.terms)]),
    ...(terms?.files.pathModel === undefined ? [] : [input('path-model', terms.files.pathModel)]),
  ]
}

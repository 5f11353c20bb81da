/** A new ledger: lists, plan and the start of the record; then the run itself. */
import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import { requireConfinement } from '../children/child-starter.ts'
import type { CaseInfo, Exhibit, Scope } from '../contracts/case.ts'
import type { HashSetDeclaration, HashSetInfo } from '../contracts/hash-set.ts'
import type { Phase } from '../contracts/stage.ts'
import { networkFileSystemWarning } from '../ledger/write/network-file-system.ts'
import { createLedger } from '../ledger/write/session.ts'
import { loadHashSets } from '../match/index.ts'
import { digestPartsAside } from '../parts/index.ts'
import { DEFAULT_OPTIONS, makePlan } from '../plan.ts'
import type { PrivilegeList } from '../privilege/privilege-list.ts'
import type { ReaderPool } from '../source/mount/reader-pool.ts'
import type { Walker } from '../source/mount/walk-aside.ts'
import { conduct } from './conduct.ts'
import { modelsFor } from './models-for.ts'
import type { ProgressKind } from './options.ts'
import type { ScanTerms } from './scan-terms.ts'
import { describeTool } from './tool-info.ts'

export interface NewScan {
  readonly ledgerPath: string
  readonly case: CaseInfo
  readonly exhibit: Exhibit
  readonly walker: Walker
  readonly readers: ReaderPool
  readonly workers: number
  readonly allowUnconfined: boolean
  readonly progress: ProgressKind
  readonly phases: readonly Phase[]
  readonly scope: Scope
  readonly hashSets: readonly HashSetDeclaration[]
  readonly scaleTables: readonly string[]
  readonly textBasis: string | null
  readonly privileged: PrivilegeList | null
  readonly terms: ScanTerms | null
  readonly choices: {
    readonly previewIllegalHits: boolean
    readonly orientations: boolean
    readonly ed2k: boolean
    readonly gps: boolean
    readonly open: boolean
  }
}

/** @returns the exit code */
export async function beginScan(given: NewScan): Promise<number> {
  const { ledgerPath, exhibit, phases, textBasis, privileged, terms } = given
  if (phases.includes('known')) requireConfinement(given.allowUnconfined)
  const parts = digestPartsAside()
  const matcher = await loadHashSets(given.hashSets, {
    scaleTables: given.scaleTables,
    assumeSha256: true,
  })
  const plan = makePlan({
    phases,
    scope: given.scope,
    hashSets: matcher.hashSets,
    models: [...modelsFor(phases, textBasis), ...(terms?.models ?? [])],
    options: {
      ...DEFAULT_OPTIONS,
      ...given.choices,
      textBasis,
      ...(privileged ? { privilegedSha256: privileged.sha256 } : {}),
      ...terms?.options,
    },
  })
  const session = createLedger({
    path: ledgerPath,
    case: given.case,
    exhibit,
    plan,
    tool: await describeTool({ decodes: phases.includes('unknown'), parts: await parts }),
    account: userInfo().username,
  })
  session.recordEvent('started', {
    mount: exhibit.root,
    hashSets: JSON.stringify(given.hashSets.map(absolute)),
    scaleTables: JSON.stringify(given.scaleTables.map((file) => resolve(file))),
    ...(privileged ? { privileged: privileged.source } : {}),
    ...terms?.files,
  })
  return conduct({
    session,
    case: given.case,
    exhibit,
    matcher,
    readers: given.readers,
    walker: given.walker,
    workers: given.workers,
    allowUnconfined: given.allowUnconfined,
    progress: given.progress,
    privileged,
    terms: terms?.finder ?? null,
    warnings: [...exhibit.remarks, ...ledgerWarnings(ledgerPath), ...notesOf(matcher.hashSets)],
  })
}

function ledgerWarnings(path: string): string[] {
  const warning = networkFileSystemWarning(path)
  return warning === null ? [] : [warning]
}

/** What a list says of itself, or had to be assumed of it. */
function notesOf(hashSets: readonly HashSetInfo[]): string[] {
  return hashSets.flatMap((set) => set.notes.map((note) => `${set.name}: ${note}`))
}

/** Resume finds the lists again by these paths; the plan holds their digests, not their paths. */
function absolute(declaration: HashSetDeclaration): HashSetDeclaration {
  return { ...declaration, file: resolve(declaration.file) }
}

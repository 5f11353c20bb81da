/** `seized resume`: goes on with a paused or interrupted ledger, on the same exhibit and with the same plan. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { UsageError } from '../../base/errors.ts'
import type { Exhibit, Plan } from '../../contracts/case.ts'
import type { HashSetDeclaration } from '../../contracts/hash-set.ts'
import type { LedgerReader } from '../../contracts/ledger.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { resumeLedger } from '../../ledger/write/session.ts'
import { loadHashSets, parseHashSetDeclaration } from '../../match/index.ts'
import { makePlan, planDigest } from '../../plan.ts'
import { privilegeListOf } from '../../privilege/quarantine.ts'
import { conduct } from '../conduct.ts'
import { modelsFor } from '../models-for.ts'
import { openExhibit, startReaders } from '../open-exhibit.ts'
import * as options from '../options.ts'
import { createProgress } from '../progress/index.ts'
import { reopenScanTerms } from '../scan-terms.ts'
import { finishSealed, sealIsRecorded } from '../sealed.ts'

interface ResumeOptions {
  readonly mount?: string
  readonly hashset: string[]
  readonly scaleTable: string[]
  readonly workers?: string
  readonly progress?: string
  readonly allowWritableMount?: boolean
  readonly terms?: string
  readonly pathModel?: string
  readonly passphraseFile?: string
  readonly passphraseFd?: string
}

const collect = (value: string, all: string[]) => [...all, value]

export function addResume(program: Command, exit: (code: number) => void): void {
  program
    .command('resume')
    .description(
      'go on with a paused or interrupted ledger; exhibit, lists, models, scope and limits must be the same',
    )
    .argument('<ledger>', 'ledger of the interrupted run')
    .option('--mount <folder>', 'where the exhibit is mounted now (default: where it was)')
    .option(
      '--hashset <declared:file>',
      'the lists again, when they moved (default: the paths of the first run)',
      collect,
      [],
    )
    .option('--scale-table <file>', 'the mapping tables again, when they moved', collect, [])
    .option('--terms <store>', 'the sealed terms again, when they moved (default: the path of the first run)')
    .option('--path-model <file>', 'the sealed path model again, when it moved')
    .option('--passphrase-file <file>', 'file whose first line is the passphrase of terms and path model')
    .option('--passphrase-fd <n>', 'open descriptor to read that passphrase from (else typed)')
    .option('--workers <n>', 'readers and decoders at work at once (default: one a core)')
    .option(
      '--progress <kind>',
      `${options.PROGRESS_KINDS.join('|')} (default: tui on a terminal, else lines)`,
    )
    .option('--allow-writable-mount', 'go on although the mount is writable; said in ledger and report')
    .action(async (ledger: string, given: ResumeOptions) => exit(await resume(resolve(ledger), given)))
}

async function resume(path: string, given: ResumeOptions): Promise<number> {
  const workers = options.parseWorkers(given.workers)
  const progress = options.parseProgress(given.progress, process.stdout.isTTY === true)
  if (isSealed(path)) return finish(path, progress)
  const before = readBefore(path, given)
  const exhibit = await openExhibit(before.mount, given.allowWritableMount === true)
  requireSameExhibit(before.exhibit, exhibit)
  const { limits, options: chosen } = before.plan
  const readers = startReaders(exhibit, workers, limits, chosen.ed2k)
  const matcher = await loadHashSets(before.hashSets, {
    scaleTables: before.scaleTables,
    assumeSha256: true,
  })
  const terms = await reopenScanTerms(before.plan, {
    ...given,
    terms: given.terms ?? before.terms,
    pathModel: given.pathModel ?? before.pathModel,
  })
  const models = [...modelsFor(before.plan.phases, before.plan.options.textBasis), ...(terms?.models ?? [])]
  requireSamePlan(before.plan, makePlan({ ...before.plan, hashSets: matcher.hashSets, models }))
  const session = resumeLedger(path)
  session.recordEvent('resumed', { mount: exhibit.root })
  return conduct({
    session,
    case: before.case,
    exhibit,
    matcher,
    readers,
    workers,
    progress,
    privileged: before.privileged,
    terms: terms?.finder ?? null,
    warnings: exhibit.remarks,
  })
}

function isSealed(path: string): boolean {
  const ledger = openLedger(path)
  try {
    return ledger.seal !== null
  } finally {
    ledger.close()
  }
}

async function finish(path: string, kind: options.ProgressKind): Promise<number> {
  if (sealIsRecorded(path))
    throw new UsageError(`${path} is sealed: it is complete, and nothing can be added to it.`)
  const summary = await finishSealed(path)
  const progress = createProgress(kind, { stdout: process.stdout, stderr: process.stderr })
  progress.on(summary)
  await progress.close()
  return summary.exitCode
}

function readBefore(path: string, given: ResumeOptions) {
  const ledger: LedgerReader = openLedger(path)
  try {
    const started = ledger.events().find((event) => event.event === 'started')?.detail
    if (!started) throw new UsageError(`${path} stopped before the run began. Delete it and scan again.`)
    return {
      case: ledger.case,
      exhibit: ledger.exhibit,
      plan: ledger.plan,
      privileged: privilegeListOf(ledger),
      mount: given.mount ?? started.mount!,
      terms: started.terms,
      pathModel: started.pathModel,
      hashSets:
        given.hashset.length > 0
          ? given.hashset.map(parseHashSetDeclaration)
          : (JSON.parse(started.hashSets!) as HashSetDeclaration[]),
      scaleTables:
        given.scaleTable.length > 0 ? given.scaleTable : (JSON.parse(started.scaleTables!) as string[]),
    }
  } finally {
    ledger.close()
  }
}

function requireSameExhibit(before: Exhibit, now: Exhibit): void {
  const same =
    before.uuid === now.uuid && before.rootInode === now.rootInode && before.fileSystem === now.fileSystem
  if (same) return
  throw new UsageError(
    `This is another exhibit: the ledger was begun on ${describe(before)}, mounted now is ${describe(now)}. Mount the first one, or scan into a new ledger.`,
  )
}

function requireSamePlan(before: Plan, now: Plan): void {
  if (planDigest(before) === planDigest(now)) return
  throw new UsageError(
    `The plan is not the same: begun with ${planDigest(before)}, now ${planDigest(now)}. Lists, models, limits and scope must be what they were (${differences(before, now)}). Restore them, or scan into a new ledger.`,
  )
}

function describe(exhibit: Exhibit): string {
  return `${exhibit.fileSystem} ${exhibit.uuid ?? 'without UUID'}, root inode ${exhibit.rootInode}`
}

function differences(before: Plan, now: Plan): string {
  const keys = (Object.keys(before) as (keyof Plan)[]).filter(
    (key) => planDigest({ ...now, [key]: before[key] }) !== planDigest(now),
  )
  return `different: ${keys.join(', ')}`
}

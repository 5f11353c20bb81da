/** `seized scan`: examines an exhibit into a new ledger. */
import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { modelUses } from '../../classify/index.ts'
import { textModelUses } from '../../classify-text/uses.ts'
import type { Exhibit, HashSetDeclaration, HashSetInfo, Limits, ModelUse, Phase } from '../../contracts.ts'
import { UsageError } from '../../errors.ts'
import { networkFileSystemWarning } from '../../ledger/network-file-system.ts'
import { createLedger } from '../../ledger/session.ts'
import { loadHashSets, parseHashSetDeclaration } from '../../match/index.ts'
import { DEFAULT_LIMITS, DEFAULT_OPTIONS, makePlan } from '../../plan.ts'
import { refuseTextIndex } from '../../search/text-index.ts'
import { describeExhibit, isInside } from '../../source/exhibit.ts'
import { ReaderPool } from '../../source/reader-pool.ts'
import { startWalker } from '../../source/walk-aside.ts'
import { MODELS_DIR } from '../../version.ts'
import { describeAcquisition } from '../acquisition.ts'
import { conduct } from '../conduct.ts'
import * as options from '../options.ts'
import { openScanTerms } from '../scan-terms.ts'
import { parseTextBasis, readPrivilegeList } from '../text-options.ts'
import { describeTool } from '../tool-info.ts'

interface ScanOptions {
  readonly case: string
  readonly exhibit: string
  readonly examiner: string
  readonly ledger: string
  readonly image?: string
  readonly acquisitionHash?: string
  readonly partitionOffset?: string
  readonly verifyImage?: boolean
  readonly hashset: string[]
  readonly scaleTable: string[]
  readonly workers?: string
  readonly stages?: string
  readonly scope: string[]
  readonly progress?: string
  readonly allowWritableMount?: boolean
  readonly timezone?: string
  readonly previewIllegal?: boolean
  readonly orientations?: boolean
  readonly ed2k?: boolean
  readonly gps?: boolean
  readonly open: boolean
  readonly text?: boolean
  readonly basis?: string
  readonly privileged?: string
  readonly terms?: string
  readonly pathModel?: string
  readonly passphraseFile?: string
  readonly passphraseFd?: string
}

const collect = (value: string, all: string[]) => [...all, value]

export function addScan(program: Command, exit: (code: number) => void): void {
  program
    .command('scan')
    .description('examine a mounted exhibit into a new ledger: inventory, known, unknown, seal')
    .argument('<mount>', 'folder the exhibit is mounted at, read-only')
    .requiredOption('--case <id>', 'case number, as the file has it')
    .requiredOption('--exhibit <id>', 'exhibit number')
    .requiredOption(
      '--examiner <name>',
      'who examines; stands in ledger and report beside the system account',
    )
    .requiredOption('--ledger <file>', 'ledger to create; must not exist, must not lie on the exhibit')
    .option('--image <file>', 'image the exhibit was mounted from; recorded with its format')
    .option(
      '--acquisition-hash <alg:hex>',
      'digest taken at acquisition; recorded as stated, not as verified',
    )
    .option('--partition-offset <bytes>', 'where the examined partition starts in the image; recorded')
    .option('--verify-image', 'read the image (raw only) and compare it with --acquisition-hash first')
    .option(
      '--hashset <declared:file>',
      'hash set, repeatable: illegal:FILE, interest:FILE or known:FILE for a list without categories; a scale such as vics-us:FILE for a list with them',
      collect,
      [],
    )
    .option(
      '--scale-table <file>',
      'mapping table (JSON) of a scale that is not built in, repeatable',
      collect,
      [],
    )
    .option('--workers <n>', 'readers and decoders at work at once (default: one a core)')
    .option(
      '--stages <list>',
      'inventory,known,unknown: what to run (default: all); thumbnails inside pictures are found by unknown alone',
    )
    .option('--scope <key=value>', options.SCOPE_HELP, collect, [])
    .option(
      '--progress <kind>',
      `${options.PROGRESS_KINDS.join('|')} (default: tui on a terminal, else lines)`,
    )
    .option('--allow-writable-mount', 'examine although the mount is writable; said in ledger and report')
    .option(
      '--timezone <zone>',
      'IANA zone for display, e.g. Europe/Vilnius (default: UTC); changes no stored time',
    )
    .option(
      '--orientations',
      'near matches also of mirrored and rotated copies: eight times the false matches',
    )
    .option('--text', 'read the text of documents, mail and chats, and keep it for searching; needs --basis')
    .option(
      '--basis <text>',
      'legal basis for reading text, e.g. "warrant 12/2026"; stands in ledger and report',
    )
    .option(
      '--privileged <file>',
      'what must not be read: address:, domain:, md5:, sha1:, sha256: or path:, one a line; counted, never opened, quoted or exported',
    )
    .option(
      '--terms <store>',
      "the agency's sealed terms, looked for in every name and folder and in text; shown by id; needs --text and --basis",
    )
    .option(
      '--path-model <file>',
      'the sealed path model that `terms train` wrote: gives every path a score; needs --text and --basis',
    )
    .option('--passphrase-file <file>', 'file whose first line is the passphrase of --terms and --path-model')
    .option('--passphrase-fd <n>', 'open descriptor to read that passphrase from (else typed)')
    .option('--gps', 'also record where pictures and videos say they were taken')
    .option('--ed2k', 'also make eDonkey digests, for lists that carry them')
    .option('--no-open', 'leave containers closed: counted as not done')
    .option('--preview-illegal', 'also store the destructive preview of exact hits on illegal lists')
    .addHelpText('after', SCAN_EXAMPLE)
    .action(async (mount: string, given: ScanOptions) => exit(await scan(mount, given)))
}

const SCAN_EXAMPLE = `
Example:
  seized scan /mnt/exhibit --case 2026-114 --exhibit LTU-07 --examiner "A. Example" \\
      --image LTU-07.E01 --acquisition-hash sha256:… --hashset illegal:list.txt \\
      --hashset vics-us:projectvic.json --hashset known:os.hashdeep --ledger case.sqlite`

async function scan(mount: string, given: ScanOptions): Promise<number> {
  const workers = options.parseWorkers(given.workers)
  const phases = options.parsePhases(given.stages)
  const scope = options.parseScope(given.scope)
  const progress = options.parseProgress(given.progress, process.stdout.isTTY === true)
  const timezone = options.parseTimezone(given.timezone)
  const textBasis = parseTextBasis(given.text, given.basis)
  const privileged = readPrivilegeList(given.privileged)
  const terms = await openScanTerms(given, textBasis)
  const declarations = given.hashset.map(parseHashSetDeclaration)
  const exhibit = await openExhibit(mount, given.allowWritableMount === true)
  const ledgerPath = resolve(given.ledger)
  refuseOutputInside(exhibit, ledgerPath, '--ledger')
  refuseTextIndex(ledgerPath)
  const acquisition = await describeAcquisition({
    image: given.image,
    acquisitionHash: given.acquisitionHash && options.parseAcquisitionHash(given.acquisitionHash),
    partitionOffset: given.partitionOffset,
    verify: given.verifyImage === true,
  })
  const walker = startWalker()
  const readers = startReaders(exhibit, workers, DEFAULT_LIMITS, given.ed2k === true)
  const matcher = await loadHashSets(declarations, {
    scaleTables: given.scaleTable,
    assumeSha256: true,
  })
  const plan = makePlan({
    phases,
    scope,
    hashSets: matcher.hashSets,
    models: [...modelsFor(phases, textBasis), ...(terms?.models ?? [])],
    options: {
      ...DEFAULT_OPTIONS,
      previewIllegalHits: given.previewIllegal === true,
      orientations: given.orientations === true,
      ed2k: given.ed2k === true,
      gps: given.gps === true,
      open: given.open,
      textBasis,
      ...(privileged ? { privilegedSha256: privileged.sha256 } : {}),
      ...terms?.options,
    },
  })
  const caseInfo = {
    caseId: given.case,
    exhibitId: given.exhibit,
    examiner: given.examiner,
    ...acquisition,
    timezone,
  }
  const session = createLedger({
    path: ledgerPath,
    case: caseInfo,
    exhibit,
    plan,
    tool: await describeTool({ decodes: plan.phases.includes('unknown') }),
    account: userInfo().username,
  })
  session.recordEvent('started', {
    mount: exhibit.root,
    hashSets: JSON.stringify(declarations.map(absolute)),
    scaleTables: JSON.stringify(given.scaleTable.map((file) => resolve(file))),
    ...(privileged ? { privileged: privileged.source } : {}),
    ...terms?.files,
  })
  return conduct({
    session,
    case: caseInfo,
    exhibit,
    matcher,
    readers,
    walker,
    workers,
    progress,
    privileged,
    terms: terms?.finder ?? null,
    warnings: [...exhibit.remarks, ...ledgerWarnings(ledgerPath), ...notesOf(matcher.hashSets)],
  })
}

/** Processes that read, starting while the lists are loaded. They end with this one, however it ends. */
export function startReaders(exhibit: Exhibit, workers: number, limits: Limits, ed2k: boolean): ReaderPool {
  const readers = new ReaderPool({ root: exhibit.root, workers, limits, ed2k })
  readers.start()
  return readers
}

export async function openExhibit(mount: string, allowWritable: boolean): Promise<Exhibit> {
  if (!existsSync(mount))
    throw new UsageError(`${mount}: there is no such folder. Mount the image first, read-only.`)
  const exhibit = await describeExhibit(mount)
  if (exhibit.writable && !allowWritable)
    throw new UsageError(
      `${mount} is writable (${exhibit.fileSystem}, ${exhibit.mountOptions}). Mount the image read-only (mount -o ro,loop,noload …), or add --allow-writable-mount to go on; ledger and report will say so.`,
    )
  return exhibit
}

export function refuseOutputInside(exhibit: Exhibit, output: string, option: string): void {
  if (isInside(exhibit.root, output))
    throw new UsageError(
      `${option} ${output} lies inside the exhibit. Nothing is ever written there: choose another folder.`,
    )
}

function ledgerWarnings(path: string): string[] {
  const warning = networkFileSystemWarning(path)
  return warning === null ? [] : [warning]
}

/** What a list says of itself, or had to be assumed of it. */
export function notesOf(hashSets: readonly HashSetInfo[]): string[] {
  return hashSets.flatMap((set) => set.notes.map((note) => `${set.name}: ${note}`))
}

/** Resume finds the lists again by these paths; the plan holds their digests, not their paths. */
function absolute(declaration: HashSetDeclaration): HashSetDeclaration {
  return { ...declaration, file: resolve(declaration.file) }
}

export function modelsFor(phases: readonly Phase[], textBasis: string | null): readonly ModelUse[] {
  if (!phases.includes('unknown')) return []
  return [...modelUses(MODELS_DIR), ...(textBasis === null ? [] : textModelUses(MODELS_DIR))]
}

/** `seized scan`: examines an exhibit into a new ledger. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { parseHashSetDeclaration } from '../../match/declaration.ts'
import { DEFAULT_LIMITS } from '../../plan.ts'
import { refuseTextIndex } from '../../search/text-index-file.ts'
import { startWalker } from '../../source/mount/walk-aside.ts'
import { describeAcquisition } from '../acquisition.ts'
import { openExhibit, refuseOutputInside, startReaders } from '../open-exhibit.ts'
import * as options from '../options.ts'
import { openScanTerms } from '../scan-terms.ts'
import { parseTextBasis, readPrivilegeList } from '../text-options.ts'

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
  // Loaded while those start.
  const { beginScan } = await import('../begin-scan.ts')
  return beginScan({
    ledgerPath,
    case: {
      caseId: given.case,
      exhibitId: given.exhibit,
      examiner: given.examiner,
      ...acquisition,
      timezone,
    },
    exhibit,
    walker,
    readers,
    workers,
    progress,
    phases,
    scope,
    hashSets: declarations,
    scaleTables: given.scaleTable,
    textBasis,
    privileged,
    terms,
    choices: {
      previewIllegalHits: given.previewIllegal === true,
      orientations: given.orientations === true,
      ed2k: given.ed2k === true,
      gps: given.gps === true,
      open: given.open,
    },
  })
}

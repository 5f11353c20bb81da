/**
 * `seized export`: chosen contents as they are, in an encrypted ZIP for a national desk or another tool. The custody log
 * holds the basis before the first byte is written. Nothing is shown, and nothing is written to the exhibit.
 */
import { createHash } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { fileSha256 } from '../../base/file-digest.ts'
import type { CustodyEvent } from '../../contracts/custody.ts'
import type { EvidencePath } from '../../contracts/entry.ts'
import type { CustodyRecord, ExaminationFacts, LedgerIdentity } from '../../contracts/ledger-reader.ts'
import type { EntryView } from '../../contracts/view.ts'
import { keepOutOfCoreFiles } from '../../host/confine/no-core.ts'
import { keepSecrets } from '../../host/decoder/file-keys.ts'
import { JobPool } from '../../host/decoder/job-pool.ts'
import { ContentLookup } from '../../ledger/read/content-lookup.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { SearchFacts } from '../../ledger/read/search-facts.ts'
import { crashPoint } from '../../ledger/write/crash-hook.ts'
import { plural } from '../../report/texts/format.ts'
import { type ChosenContents, chosenContents } from '../../review/chosen-contents.ts'
import { scaleCalled, scaleTablesOf } from '../../review/deciding.ts'
import { type Exported, exportOriginals, openPartial } from '../../review/export-originals.ts'
import { exportRecord } from '../../review/export-record.ts'
import { NO_POLICY } from '../../review/policy.ts'
import { requireSameExhibit } from '../../review/same-exhibit.ts'
import type { Given } from '../arguments/option.ts'
import type { EXPORT } from '../arguments/options-table.ts'
import {
  type ExportFiles,
  exportFiles,
  loggedEnd,
  nameExport,
  requireSameBasis,
} from '../services/export-left.ts'
import { secretsFor } from '../services/keys-again.ts'
import { recordCustody } from '../services/log-custody.ts'
import { allowedBy, openExhibit, refuseOutputInside } from '../services/open-exhibit.ts'
import { readPassphrase } from '../services/passphrase.ts'
import { pauseOnSignals } from '../services/pause.ts'
import { verifyFirst } from '../services/verified.ts'
import { refuseExisting } from '../services/vouching.ts'

type Asked = Given<typeof EXPORT>

/** A content of an export may be as large as a buffer of Node. */
const MOST_BYTES = 2 ** 31 - 1
/** AE-2 derives its key with a thousand iterations: the passphrase itself must be long. */
const SHORTEST_PASSPHRASE = 12

export async function exportContents([file]: readonly string[], given: Asked): Promise<number> {
  const path = resolve(file!)
  const out = resolve(given.out)
  const files = exportFiles(out)
  const policy = given.policy ?? NO_POLICY
  requirePersons(given, policy.exportPersons)
  refuseExisting('--out', out)
  const exhibitPath = given.image ?? given.exhibit
  if (exhibitPath === undefined) throw new UsageError('Name the exhibit: --image or --exhibit.')
  await verifyFirst(path, { heads: given.heads })
  const ledger = openLedger(path)
  const interrupt = pauseOnSignals()
  try {
    const logged = await loggedEnd(ledger, files)
    if (logged !== null) {
      nameExport(files)
      return said(out, logged, [])
    }
    refuseExisting('--out', files.record)
    const tables = scaleTablesOf(ledger, given.scaleTable)
    const scale = given.scale === undefined ? null : scaleCalled(given.scale, tables)
    const chosen = chosenContents(ledger, {
      categories: given.category,
      scale: scale?.id ?? null,
      query: given.query ?? null,
      tag: given.tag ?? null,
    })
    if (chosen.sha256s.length === 0) throw new UsageError('No content was chosen: nothing is written.')
    keepOutOfCoreFiles('originals')
    const secrets = secretsFor(ledger.plan, given.keys)
    const opened = await openExhibit(exhibitPath, allowedBy(given), undefined, secrets)
    refuseOutputInside(opened.exhibit, out, '--out')
    const passphrase = await readPassphrase(given)
    if (passphrase.length < SHORTEST_PASSPHRASE)
      throw new UsageError(`The passphrase is shorter than ${SHORTEST_PASSPHRASE} characters.`)
    const isResumed = existsSync(files.partial)
    const detail = {
      out: basename(out),
      basis: given.basis,
      ...(given.second === undefined ? {} : { second: given.second }),
      ...(scale === null ? {} : { scale: scale.id }),
      ...(given.category.length === 0 ? {} : { categories: given.category.join(' ') }),
      ...(given.query === undefined ? {} : { query: given.query }),
      ...(given.tag === undefined ? {} : { tag: given.tag }),
      contents: String(chosen.sha256s.length),
      listSha256: digestOfList(chosen.sha256s),
      ...(chosen.quarantined > 0 ? { quarantined: String(chosen.quarantined) } : {}),
      ...(policy.sha256 === null ? {} : { policySha256: policy.sha256 }),
      ...(isResumed ? { resumed: 'yes' } : {}),
    }
    if (isResumed) requireSameBasis(ledger, files, detail)
    const { limits } = ledger.plan
    const readers = opened.startReaders(1, limits, false)
    const openers = new JobPool({
      size: 1,
      dataBytes: limits.childDataBytes,
      cpuMs: limits.decodeCpuMs,
      allowUnconfined: given.allowUnconfined,
      ops: ['open'],
    })
    keepSecrets(openers, secrets)
    const [lookup, facts] = [new ContentLookup(path), new SearchFacts(path, ledger.plan)]
    const placesOf = (sha256: string) =>
      lookup.placesOf(lookup.bySha256(sha256)!.id).map((entry) => facts.view(entry))
    const parts = {
      readers,
      openers,
      limits: { ...limits, lookBytes: MOST_BYTES },
      listedAt: (at: EvidencePath) => {
        const entry = lookup.entryAt(at)
        return entry === null ? null : facts.view(entry)
      },
    }
    let exported: Exported
    let begun: CustodyEvent
    try {
      const places = firstPlaces(chosen.sha256s, placesOf)
      const warning = await requireSameExhibit(ledger, places, opened.exhibit, parts, exhibitPath)
      if (warning !== null) process.stderr.write(`${warning}\n`)
      // Before the first byte: the log says on what basis, by whom, and which contents.
      begun = recordCustody(path, { event: 'export-begun', operator: given.operator, detail }, given.heads)
      exported = await exportOriginals(openPartial(files.partial, passphrase), {
        ledger,
        partial: files.partial,
        passphrase,
        sha256s: chosen.sha256s,
        scale,
        placesOf,
        parts,
        at: (done) => sayProgress(done, chosen.sha256s.length),
        signal: interrupt.signal,
      })
    } finally {
      await Promise.all([readers.close(), openers.close()])
      lookup.close()
      facts.close()
    }
    if (exported.interrupted) {
      process.stderr.write('Interrupted: the same command goes on.\n')
      return EXIT.interrupted
    }
    return await finished(ledger, { given, chosen, exported, files, begun: begun.number })
  } finally {
    interrupt.dispose()
    ledger.close()
  }
}

interface Finished {
  readonly given: Asked
  readonly chosen: ChosenContents
  readonly exported: Exported
  readonly files: ExportFiles
  readonly begun: number
}

/** The end is in the log before the files have their names: a file that has its name has its event. */
async function finished(
  ledger: LedgerIdentity & ExaminationFacts & CustodyRecord,
  { given, chosen, exported, files, begun }: Finished,
): Promise<number> {
  crashPoint('export:finished')
  const { failed } = exported
  const out = basename(files.out)
  const zipSha256 = await fileSha256(files.partial)
  const text = exportRecord(
    ledger,
    { ...given, second: given.second ?? null },
    { out, zipSha256, begun, exported, chosen },
  )
  writeFileSync(files.partialRecord, text, { flush: true })
  const ended = recordCustody(
    ledger.path,
    {
      event: 'export-ended',
      operator: given.operator,
      detail: {
        out,
        begun: String(begun),
        contents: String(exported.files.length),
        ...(failed.length > 0 ? { failed: String(failed.length) } : {}),
        zipSha256,
        recordSha256: createHash('sha256').update(text).digest('hex'),
      },
    },
    given.heads,
  )
  crashPoint('export:logged')
  nameExport(files)
  return said(files.out, ended, failed)
}

/** @param failed contents that did not leave; after an end that was logged before, the paper record names them */
function said(out: string, { detail }: CustodyEvent, failed: Exported['failed']): number {
  const lines = [
    `${plural(Number(detail.contents), 'content')} in ${printText(out)}`,
    `SHA-256 ${detail.zipSha256}`,
    `paper record ${printText(exportFiles(out).record)}`,
    ...failed.map(({ sha256, why }) => `not exported ${sha256}: ${WHY[why]}`),
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  return detail.failed === undefined ? EXIT.complete : EXIT.incomplete
}

const WHY = {
  'cannot-read': 'it could not be read from the exhibit',
  differs: 'what lies there now is not what was examined',
} as const

/** @throws UsageError */
function requirePersons({ operator, second, basis }: Asked, persons: 1 | 2): void {
  const named = [operator, ...(second === undefined ? [] : [second])].map((one) => one.trim())
  if (basis.trim() === '') throw new UsageError('--basis is empty: originals leave on a stated basis only.')
  if (named.includes('')) throw new UsageError('A person has no name.')
  if (new Set(named).size < named.length) throw new UsageError('--second is the same person as --operator.')
  if (named.length < persons)
    throw new UsageError('The policy asks for two persons: name the other one with --second.')
}

function* firstPlaces(sha256s: readonly string[], placesOf: (sha256: string) => readonly EntryView[]) {
  for (const sha256 of sha256s) yield* placesOf(sha256).slice(0, 1)
}

/** SHA-256 over the digests in order, one a line. */
function digestOfList(sha256s: readonly string[]): string {
  return createHash('sha256')
    .update(sha256s.map((one) => `${one}\n`).join(''))
    .digest('hex')
}

const SAY_EVERY = 25

function sayProgress(done: number, all: number): void {
  if (done % SAY_EVERY === 0) process.stderr.write(`exported ${done} of ${all}\n`)
}

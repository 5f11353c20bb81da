/**
 * `seized export`: chosen contents as they are, in an encrypted ZIP for a national desk or another tool. The custody log
 * holds the basis before the first byte is written. Nothing is shown, and nothing is written to the exhibit.
 */
import { createHash } from 'node:crypto'
import { existsSync, renameSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { fileSha256 } from '../../base/file-digest.ts'
import type { EvidencePath } from '../../contracts/entry.ts'
import type { CustodyRecord, ExaminationFacts, LedgerIdentity } from '../../contracts/ledger-reader.ts'
import { JobPool } from '../../host/decoder/job-pool.ts'
import { ContentLookup } from '../../ledger/read/content-lookup.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { SearchFacts } from '../../ledger/read/search-facts.ts'
import { plural } from '../../report/texts/format.ts'
import { type ChosenContents, chosenContents } from '../../review/chosen-contents.ts'
import { scaleCalled, scaleTablesOf } from '../../review/deciding.ts'
import { type Exported, exportOriginals, openPartial } from '../../review/export-originals.ts'
import { exportRecord } from '../../review/export-record.ts'
import { NO_POLICY } from '../../review/policy.ts'
import type { Given } from '../arguments/option.ts'
import type { EXPORT } from '../arguments/options-table.ts'
import { secretsFor } from '../services/keys-again.ts'
import { recordCustody } from '../services/log-custody.ts'
import { allowedBy, openExhibit, refuseOutputInside } from '../services/open-exhibit.ts'
import { readPassphrase } from '../services/passphrase.ts'
import { pauseOnSignals } from '../services/pause.ts'
import { verifyFirst } from '../services/verified.ts'
import { refuseExisting, writeNew } from '../services/vouching.ts'

type Asked = Given<typeof EXPORT>

/** A content of an export may be as large as a buffer of Node. */
const MOST_BYTES = 2 ** 31 - 1
/** AE-2 derives its key with a thousand iterations: the passphrase itself must be long. */
const SHORTEST_PASSPHRASE = 12

export async function exportContents([file]: readonly string[], given: Asked): Promise<number> {
  const path = resolve(file!)
  const out = resolve(given.out)
  const record = `${out}.record.txt`
  const policy = given.policy ?? NO_POLICY
  requirePersons(given, policy.exportPersons)
  refuseExisting('--out', out)
  refuseExisting('--out', record)
  const exhibitPath = given.image ?? given.exhibit
  if (exhibitPath === undefined) throw new UsageError('Name the exhibit: --image or --exhibit.')
  await verifyFirst(path, { heads: given.heads })
  const ledger = openLedger(path)
  const interrupt = pauseOnSignals()
  try {
    const tables = scaleTablesOf(ledger, given.scaleTable)
    const scale = given.scale === undefined ? null : scaleCalled(given.scale, tables)
    const chosen = chosenContents(ledger, {
      categories: given.category,
      scale: scale?.id ?? null,
      query: given.query ?? null,
      tag: given.tag ?? null,
    })
    if (chosen.sha256s.length === 0) throw new UsageError('No content was chosen: nothing is written.')
    const secrets = secretsFor(ledger.plan, given.keys)
    const opened = await openExhibit(exhibitPath, allowedBy(given), undefined, secrets)
    refuseOutputInside(opened.exhibit, out, '--out')
    const passphrase = await readPassphrase(given)
    if (passphrase.length < SHORTEST_PASSPHRASE)
      throw new UsageError(`The passphrase is shorter than ${SHORTEST_PASSPHRASE} characters.`)
    const partial = `${out}.partial`
    const isResumed = existsSync(partial)
    // Before the first byte: the log says on what basis, by whom, and which contents.
    const begun = recordCustody(
      path,
      {
        event: 'export-begun',
        operator: given.operator,
        detail: {
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
        },
      },
      given.heads,
    )
    const { limits } = ledger.plan
    const readers = opened.startReaders(1, limits, false)
    const openers = new JobPool({
      size: 1,
      dataBytes: limits.childDataBytes,
      cpuMs: limits.decodeCpuMs,
      allowUnconfined: given.allowUnconfined,
      ops: ['open'],
    })
    const [lookup, facts] = [new ContentLookup(path), new SearchFacts(path, ledger.plan)]
    let exported: Exported
    try {
      exported = await exportOriginals(openPartial(partial, passphrase), {
        ledger,
        partial,
        passphrase,
        sha256s: chosen.sha256s,
        scale,
        placesOf: (sha256) => lookup.placesOf(lookup.bySha256(sha256)!.id).map((entry) => facts.view(entry)),
        parts: {
          readers,
          openers,
          limits: { ...limits, lookBytes: MOST_BYTES },
          listedAt: (at: EvidencePath) => {
            const entry = lookup.entryAt(at)
            return entry === null ? null : facts.view(entry)
          },
        },
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
    return await finished(ledger, { given, chosen, exported, partial, out, record, begun: begun.number })
  } finally {
    interrupt.dispose()
    ledger.close()
  }
}

interface Finished {
  readonly given: Asked
  readonly chosen: ChosenContents
  readonly exported: Exported
  readonly partial: string
  readonly out: string
  readonly record: string
  readonly begun: number
}

async function finished(
  ledger: LedgerIdentity & ExaminationFacts & CustodyRecord,
  { given, chosen, exported, partial, out, record, begun }: Finished,
): Promise<number> {
  const { files, failed } = exported
  const zipSha256 = await fileSha256(partial)
  const text = exportRecord(
    ledger,
    { ...given, second: given.second ?? null },
    { out: basename(out), zipSha256, begun, exported, chosen },
  )
  renameSync(partial, out)
  writeNew('--out', record, text)
  recordCustody(
    ledger.path,
    {
      event: 'export-ended',
      operator: given.operator,
      detail: {
        out: basename(out),
        begun: String(begun),
        contents: String(files.length),
        ...(failed.length > 0 ? { failed: String(failed.length) } : {}),
        zipSha256,
        recordSha256: createHash('sha256').update(text).digest('hex'),
      },
    },
    given.heads,
  )
  const lines = [
    `${plural(files.length, 'content')} in ${printText(out)}`,
    `SHA-256 ${zipSha256}`,
    `paper record ${printText(record)}`,
    ...failed.map(({ sha256, why }) => `not exported ${sha256}: ${WHY[why]}`),
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  return failed.length > 0 ? EXIT.incomplete : EXIT.complete
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

/**
 * Verifies a ledger against itself: file, schema, every row and link, references, counts, digests, seal, custody log.
 *
 * Verification writes to no file and survives any damage: an exception of SQLite or a parser becomes a problem like
 * the others. It cannot detect that a tail was cut off together with the custody log; that needs a head kept elsewhere
 * (FORMAT.md, "Threat model").
 */
import { existsSync, statSync } from 'node:fs'
import { UsageError } from '../../base/errors.ts'
import { parseStoredJson, storedJson } from '../../base/stored-json.ts'
import type { Plan } from '../../contracts/case.ts'
import { custodyPath } from '../custody/custody.ts'
import { type CustodyVerified, verifyCustody } from '../custody/verify-custody.ts'
import { digest } from '../digests/digests.ts'
import { APPLICATION_ID, type Db, FORMAT_VERSION, isKnownVersion } from '../format/database.ts'
import { type FileState, fileState, openForReading } from '../format/open-readonly.ts'
import { Problems } from '../format/problems.ts'
import { readSeal } from '../format/seal-row.ts'
import { verifyFileSize, verifyReferences, verifyStructure, verifyTree } from '../format/verify-file.ts'
import { asCountedThen } from './counted-then.ts'
import { verifyChain } from './verify-chain.ts'

export interface VerifyReport extends VerifiedHeads {
  /** No problem was found. */
  readonly ok: boolean
  /** One sentence each, at most a hundred. */
  readonly problems: readonly string[]
  /** False when the ledger is paused or interrupted; its rows were verified all the same. */
  readonly sealed: boolean
  /** Last head of the ledger's chain as the ledger states it; empty when it cannot be read. */
  readonly head: string
  /** Newest head of the custody log, or the ledger's when there is none. */
  readonly newestHead: string
  /** Recomputed from the rows; null when not sealed or not computable. */
  readonly evidenceDigest: string | null
  readonly analysisDigest: string | null
}

/** Heads to compare with a head kept elsewhere. */
export interface VerifiedHeads {
  /** Of the first transaction; empty when it cannot be read. */
  readonly firstHead: string
  /** Every head of the chain and of the custody log, lower-case hex. */
  readonly heads: ReadonlySet<string>
}

/**
 * @param head lower-case hex of a head kept elsewhere: it must be one of the chain's or the custody log's
 * @param alone true: a sealed ledger needs no custody log beside it (copies that tests change, fixtures)
 * @param tell called often with the check that is running, for a ledger that takes long
 * @param logOf ledger whose custody log is checked, where the file is a copy of that ledger
 * @throws UsageError when there is no such file or a run is writing to it
 */
export function verifyLedger(
  path: string,
  {
    head,
    alone = false,
    tell = () => {},
    logOf = path,
  }: {
    readonly head?: string | undefined
    readonly alone?: boolean
    readonly tell?: ((step: string) => void) | undefined
    readonly logOf?: string
  } = {},
): VerifyReport {
  if (!existsSync(path)) throw new UsageError(`${path}: there is no such ledger`)
  const problems = new Problems()
  const found = problems.during('the file cannot be opened', () => verifyFile(path, problems, tell))
  const heads = new Set(found?.heads)
  const [firstHead = ''] = heads
  const custody = verifyCustodyBeside(logOf, found ? heads : null, found?.sealed === true && !alone, problems)
  if (!found) for (const one of custody?.heads ?? []) heads.add(one)
  if (head !== undefined && !heads.has(head))
    problems.add(
      `the head ${head} is neither in the chain nor in the custody log: what followed it was removed or rewritten`,
    )
  const { sealed = false, last = '', evidenceDigest = null, analysisDigest = null } = found ?? {}
  return {
    ok: problems.list.length === 0,
    problems: problems.list,
    sealed,
    head: last,
    newestHead: custody?.last ?? last,
    evidenceDigest,
    analysisDigest,
    firstHead,
    heads,
  }
}

/**
 * Verifies the custody log of a ledger whose bytes need not be read again: they equal those of a file that was verified before, or
 * the caller relies on the SHA-256 that this log states.
 * @returns problems, one sentence each, and all heads; saysSealed: the log states the SHA-256 of the sealed file
 */
export function verifyAgain(
  path: string,
): VerifiedHeads & { readonly problems: readonly string[]; readonly saysSealed: boolean } {
  const problems = new Problems()
  const { heads, sealed } = problems.during('the file cannot be opened', () => headsOf(path)) ?? NO_HEADS
  const [firstHead = ''] = heads
  const custody = verifyCustodyBeside(path, heads, sealed, problems)
  return { problems: problems.list, firstHead, heads, saysSealed: sealed && custody?.saysSealed === true }
}

const NO_HEADS = { heads: new Set<string>(), sealed: false }

function headsOf(path: string): { readonly heads: Set<string>; readonly sealed: boolean } {
  const { db, close } = openForReading(path)
  try {
    const heads = db.prepare('SELECT head FROM batch ORDER BY batch').pluck().all() as Buffer[]
    return { heads: new Set(heads.map((head) => head.toString('hex'))), sealed: readSeal(db) !== null }
  } finally {
    close()
  }
}

/** Adds the custody log's heads to the chain's. @returns null when the log does not exist or cannot be read */
function verifyCustodyBeside(
  path: string,
  heads: Set<string> | null,
  sealed: boolean,
  problems: Problems,
): CustodyVerified | null {
  const custody = problems.during('the custody log cannot be read', () =>
    verifyCustody(path, heads, problems),
  )
  if (sealed && !custody?.saysSealed)
    problems.add(
      existsSync(custodyPath(path))
        ? 'the custody log does not say that this ledger was sealed, with the SHA-256 of the file: its end was cut off, or a crash came before it was written ("seized resume" writes it then)'
        : 'the ledger is sealed and its custody log is not beside it: it was lost or taken away, or a crash came before it was written ("seized resume" writes it then)',
    )
  for (const one of custody?.heads ?? []) heads?.add(one)
  return custody
}

interface Verified {
  readonly sealed: boolean
  readonly heads: Set<string>
  readonly last: string
  readonly evidenceDigest: string | null
  readonly analysisDigest: string | null
}

function verifyFile(path: string, problems: Problems, tell: (step: string) => void): Verified {
  const state = fileState(path)
  const file = openForReading(path)
  const { db } = file
  try {
    const check = <T>(what: string, work: () => T) => {
      tell(what.replace(/ cannot be .*/, ''))
      return problems.during(what, work)
    }
    check('the format cannot be read', () => verifyFormat(db, problems))
    if (!isKnownVersion(versionOf(db))) return NOTHING_VERIFIED
    check('the structure cannot be checked', () => verifyStructure(db, problems))
    check('the references cannot be checked', () => verifyReferences(db, problems))
    if (versionOf(db) >= 3) check('the names cannot be checked', () => verifyTree(db, problems))
    const chain = check('the chain cannot be followed', () => verifyChain(db, versionOf(db), problems, tell))
    const seal = check('the seal cannot be checked', () => verifySeal(db, path, state, problems, tell))
    if (seal?.sealed) verifyFileSize(path, problems)
    return {
      sealed: seal?.sealed ?? false,
      heads: chain?.heads ?? new Set(),
      last: chain?.last ?? '',
      evidenceDigest: seal?.evidenceDigest ?? null,
      analysisDigest: seal?.analysisDigest ?? null,
    }
  } finally {
    file.close()
  }
}

const NOTHING_VERIFIED: Verified = {
  sealed: false,
  heads: new Set(),
  last: '',
  evidenceDigest: null,
  analysisDigest: null,
}

function verifyFormat(db: Db, problems: Problems): void {
  if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID)
    problems.add('the file does not name itself a ledger (application_id)')
  if (!isKnownVersion(versionOf(db)))
    problems.add(`the format version is none of 1 to ${FORMAT_VERSION} (user_version)`)
}

function versionOf(db: Db): number {
  return db.pragma('user_version', { simple: true }) as number
}

interface SealVerified {
  readonly sealed: boolean
  readonly evidenceDigest: string | null
  readonly analysisDigest: string | null
}

function verifySeal(
  db: Db,
  path: string,
  state: FileState,
  problems: Problems,
  tell: (step: string) => void,
): SealVerified {
  const seal = readSeal(db)
  if (!seal) {
    if (db.prepare("SELECT 1 FROM batch WHERE kind = 'seal'").get())
      problems.add('the seal was removed: a transaction that sealed is there, its seal is not')
    return { sealed: false, evidenceDigest: null, analysisDigest: null }
  }
  const writeProtected = (statSync(path).mode & 0o222) === 0
  if (state.walMode && writeProtected)
    problems.add('the header of the sealed file was changed: it announces a log beside the file')
  if (state.journal)
    problems.add('a rollback journal lies beside the sealed ledger: something tried to change it')
  const last = db.prepare('SELECT batch, kind FROM batch ORDER BY batch DESC LIMIT 1').get() as LastBatch
  const sealing = db.prepare('SELECT batch FROM seal').pluck().get()
  if (last.kind !== 'seal' || sealing !== last.batch) problems.add('something was recorded after the seal')

  const plan = parseStoredJson(
    db.prepare("SELECT value FROM meta WHERE key = 'plan'").pluck().get() as string,
  ) as Plan
  const { evidenceDigest, analysisDigest, inventoryDigest, ...totals } = digest(db, plan, (entries) =>
    tell(`the seal: ${entries} entries`),
  )
  if (evidenceDigest.toString('hex') !== seal.evidenceDigest)
    problems.add('the evidence digest of the seal is not that of the rows')
  if (analysisDigest.toString('hex') !== seal.analysisDigest)
    problems.add('the analysis digest of the seal is not that of the rows')
  if (seal.inventoryDigest !== null && inventoryDigest.toString('hex') !== seal.inventoryDigest)
    problems.add('the inventory digest of the seal is not that of the rows')
  const { summary, reasons, environmentDependent } = seal
  const again = asCountedThen(totals, summary)
  if (storedJson(again) !== storedJson({ summary, reasons, environmentDependent }))
    problems.add('the counts of the seal do not reconcile with the rows')
  return {
    sealed: !state.walMode,
    evidenceDigest: evidenceDigest.toString('hex'),
    analysisDigest: analysisDigest.toString('hex'),
  }
}

interface LastBatch {
  readonly batch: number
  readonly kind: string
}

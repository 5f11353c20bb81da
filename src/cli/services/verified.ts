/**
 * Verifies a ledger before a command reads it. A verified file is remembered by its SHA-256: the next command hashes the file and
 * skips the chain, wherever the file lies by then. The custody log is verified each time.
 *
 * The custody log states the SHA-256 of the sealed file. A file with that SHA-256 is as it was sealed, but its rows were not read
 * again: only commands that claim no verification use it. Each command says which of them it relied on.
 */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { LedgerDamaged } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { fileSha256 } from '../../base/file-digest.ts'
import { VERSION } from '../../base/version.ts'
import { fileState } from '../../ledger/format/open-readonly.ts'
import type { Snapshot } from '../../ledger/read/snapshot.ts'
import { type VerifiedHeads, verifyAgain, verifyLedger } from '../../ledger/verify/verify.ts'
import { formatBytes } from '../../report/texts/format.ts'
import { compareWithSeen } from './heads.ts'
import { stateFile } from './state-folder.ts'
import { LARGE_BYTES, seldom } from './telling.ts'

export interface VerifyGiven {
  readonly despiteDamage?: boolean
  readonly heads?: string | undefined
  /** A ledger that is byte for byte as it was sealed need not be verified again. */
  readonly orSealedHere?: boolean
  /** Say it also for a small ledger when its rows were not read now. */
  readonly saysHow?: boolean
  /** Called for a ledger that is as it was sealed, and whose rows no verification of this account has read. */
  readonly onAsSealed?: () => void
}

/**
 * @param despiteDamage continue with a ledger that does not verify; every output then states this
 * @returns problems, one sentence each; empty when the ledger verifies
 * @throws LedgerDamaged when there is a problem and no order to continue
 */
export async function verifyFirst(path: string, given: VerifyGiven): Promise<readonly string[]> {
  const { says, ...found } =
    (await remembered(path, given.orSealedHere === true)) ?? (await verifiedNow(path))
  const problems = judged(path, found, given)
  if (says === AS_SEALED) given.onAsSealed?.()
  if (says !== undefined && (given.saysHow || isLarge(path)))
    process.stderr.write(`${printText(path)}: ${says}\n`)
  return problems
}

/** The same for the records so far of a run that is writing to the ledger. */
export function verifySnapshot(
  path: string,
  snapshot: Snapshot,
  given: Parameters<typeof verifyFirst>[1],
): readonly string[] {
  const { problems, firstHead, heads } = verifyLedger(snapshot.path, {
    tell: tellOf(snapshot.path, ` (a copy of ${path}) before anything is made of it`),
    logOf: path,
  })
  return judged(path, { problems, found: firstHead === '' ? null : { firstHead, heads } }, given)
}

function judged(
  path: string,
  { problems, found }: Found,
  given: Parameters<typeof verifyFirst>[1],
): readonly string[] {
  const all = found === null ? problems : [...problems, ...compareWithSeen(path, found, given.heads).problems]
  if (all.length === 0) return all
  if (!given.despiteDamage)
    throw new LedgerDamaged(
      `${path} does not verify, so nothing is made of it: ${all.slice(0, 3).join('; ')}${all.length > 3 ? `; and ${all.length - 3} more (seized verify lists them)` : ''}. Use another copy; report and search go on with --despite-damage, and mark all that they write.`,
    )
  for (const problem of all) process.stderr.write(`DAMAGED  ${printText(problem)}\n`)
  return all
}

interface Found {
  readonly problems: readonly string[]
  /** Null when the heads could not be read. */
  readonly found: VerifiedHeads | null
  /** Why the rows were not read now. */
  readonly says?: string
}

async function verifiedNow(path: string): Promise<Found> {
  const before = stampOf(path)
  const { ok, problems, firstHead, heads } = verifyLedger(path, {
    tell: tellOf(path, ' before anything is made of it'),
  })
  if (ok && before !== null) {
    const sha256 = await fileSha256(path)
    if (stampOf(path) === before)
      remember({ sha256, by: VERSION, how: 'verified', utc: new Date().toISOString() })
  }
  return { problems, found: firstHead === '' ? null : { firstHead, heads } }
}

/** @returns null when the whole ledger must be verified */
async function remembered(path: string, orAsSealed: boolean): Promise<Found | null> {
  // The digest of the file does not cover rows in a log next to it.
  if (stampOf(path) === null) return null
  if (isLarge(path))
    process.stderr.write(
      `Reading ${printText(path)} (${formatBytes(statSync(path).size)}) for its SHA-256 …\n`,
    )
  const sha256 = await fileSha256(path)
  const known = recall().find((one) => one.sha256 === sha256 && one.by === VERSION && one.how === 'verified')
  if (known === undefined && !orAsSealed) return null
  const { problems, saysSealed, ...found } = verifyAgain(path)
  if (known === undefined) {
    // The log states another SHA-256, or none, or is damaged itself: only the rows can then tell.
    if (problems.length > 0 || !saysSealed) return null
    return { problems, found, says: AS_SEALED }
  }
  const when = known.utc === undefined ? 'before' : `on ${known.utc.slice(0, 19)}Z`
  return {
    problems,
    found,
    says: `verified ${when} by version ${known.by}, unchanged since (SHA-256); its custody log is verified now.`,
  }
}

const AS_SEALED =
  'as it was sealed (SHA-256 in its custody log, which is verified now). Its rows are not read again: seized verify does that.'

function isLarge(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= LARGE_BYTES
}

/** Progress lines on standard error for a ledger that takes long. @param why text after the ledger's name */
export function tellOf(path: string, why = ''): ((step: string) => void) | undefined {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size < LARGE_BYTES) return undefined
  process.stderr.write(`Verifying ${printText(path)} (${formatBytes(size)})${why} …\n`)
  return seldom(performance.now())
}

interface Remembered {
  readonly sha256: string
  /** Version of the program that verified it: a newer version may check more. */
  readonly by: string
  /** Earlier versions also remembered ledgers that they sealed; absent in their first files: verified. */
  readonly how: string
  /** Absent in files of earlier versions. */
  readonly utc?: string
}

const MOST_REMEMBERED = 500

/** Null for a ledger with a log next to it: the stamp does not cover the rows in that log. */
function stampOf(path: string): string | null {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  if (!stat?.isFile()) return null
  const state = fileState(path)
  if (state.walMode || state.log || state.journal) return null
  return `${stat.size} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.dev}:${stat.ino}`
}

function recall(): readonly Remembered[] {
  const file = stateFile('verified.json')
  if (file === null) return []
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return Array.isArray(value) ? value.flatMap(rememberedIn) : []
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (error instanceof SyntaxError || (code !== undefined && ABSENT.has(code))) return []
    throw error
  }
}

const ABSENT: ReadonlySet<string> = new Set(['ENOENT', 'EACCES', 'EPERM', 'ENOTDIR'])

function rememberedIn(value: unknown): readonly Remembered[] {
  const { sha256, by, how = 'verified', utc } = (value ?? {}) as Partial<Record<keyof Remembered, unknown>>
  if (typeof sha256 !== 'string' || typeof by !== 'string' || typeof how !== 'string') return []
  return [{ sha256, by, how, ...(typeof utc === 'string' && { utc }) }]
}

/** Written in one step. If the file cannot be written, the next command verifies again. */
function remember(one: Remembered): void {
  const file = stateFile('verified.json')
  if (file === null) return
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const whole = `${file}.${process.pid}`
    const others = recall().filter(({ sha256 }) => sha256 !== one.sha256)
    writeFileSync(whole, JSON.stringify([...others, one].slice(-MOST_REMEMBERED)), { mode: 0o600 })
    renameSync(whole, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
  }
}

/**
 * Verifies a ledger before a command reads it. A verified file is remembered by size, times, inode and SHA-256: the
 * next command hashes it once and skips the chain. The custody log is verified each time.
 *
 * A ledger that this account sealed is remembered too, by the SHA-256 that was computed at its seal. That shows that
 * the file is as it was sealed, not that its rows were read again: only commands that claim no verification use it.
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
  /** A ledger that is byte for byte as this account sealed it need not be verified again. */
  readonly orSealedHere?: boolean
}

/**
 * @param despiteDamage continue with a ledger that does not verify; every output then states this
 * @returns problems, one sentence each; empty when the ledger verifies
 * @throws LedgerDamaged when there is a problem and no order to continue
 */
export async function verifyFirst(path: string, given: VerifyGiven): Promise<readonly string[]> {
  return judged(
    path,
    (await remembered(path, given.orSealedHere === true)) ?? (await verifiedNow(path)),
    given,
  )
}

/** The same for the records so far of a run that is writing to the ledger. */
export function verifySnapshot(
  path: string,
  snapshot: Snapshot,
  given: Parameters<typeof verifyFirst>[1],
): readonly string[] {
  const { problems, firstHead, heads } = verifyLedger(snapshot.path)
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
}

async function verifiedNow(path: string): Promise<Found> {
  const before = stampOf(path)
  const { ok, problems, firstHead, heads } = verifyLedger(path, {
    tell: tellOf(path, ' before anything is made of it'),
  })
  if (ok && before !== null) {
    const sha256 = await fileSha256(path)
    if (stampOf(path) === before) remember({ stamp: before, sha256, by: VERSION, how: 'verified' })
  }
  return { problems, found: firstHead === '' ? null : { firstHead, heads } }
}

/** @returns null when the whole ledger must be verified */
async function remembered(path: string, orSealedHere: boolean): Promise<Found | null> {
  const stamp = stampOf(path)
  const known =
    stamp === null
      ? undefined
      : recall().find(
          (one) => one.stamp === stamp && one.by === VERSION && (orSealedHere || one.how !== 'sealed'),
        )
  if (known === undefined || (await fileSha256(path)) !== known.sha256) return null
  const { problems, ...found } = verifyAgain(path)
  return { problems, found }
}

/** Progress lines on standard error for a ledger that takes long. @param why text after the ledger's name */
export function tellOf(path: string, why = ''): ((step: string) => void) | undefined {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size < LARGE_BYTES) return undefined
  process.stderr.write(`Verifying ${printText(path)} (${formatBytes(size)})${why} …\n`)
  return seldom(performance.now())
}

/** Notes that this account has just sealed the ledger. @param sha256 of the sealed file, lower-case hex */
export function rememberSealed(path: string, sha256: string): void {
  const stamp = stampOf(path)
  if (stamp !== null) remember({ stamp, sha256, by: VERSION, how: 'sealed' })
}

interface Remembered {
  readonly stamp: string
  readonly sha256: string
  /** Version of the program that verified it: a newer version may check more. */
  readonly by: string
  /** Absent in files of earlier versions: verified. */
  readonly how?: 'verified' | 'sealed'
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
    return Array.isArray(value) ? value.filter(isRemembered) : []
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (error instanceof SyntaxError || (code !== undefined && ABSENT.has(code))) return []
    throw error
  }
}

const ABSENT: ReadonlySet<string> = new Set(['ENOENT', 'EACCES', 'EPERM', 'ENOTDIR'])

function isRemembered(value: unknown): value is Remembered {
  const { stamp, sha256, by, how = 'verified' } = (value ?? {}) as Partial<Record<keyof Remembered, unknown>>
  return [stamp, sha256, by, how].every((one) => typeof one === 'string')
}

/** Written in one step. If the file cannot be written, the next command verifies again. */
function remember(one: Remembered): void {
  const file = stateFile('verified.json')
  if (file === null) return
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const whole = `${file}.${process.pid}`
    const others = recall().filter(({ stamp }) => stamp !== one.stamp)
    writeFileSync(whole, JSON.stringify([...others, one].slice(-MOST_REMEMBERED)), { mode: 0o600 })
    renameSync(whole, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
  }
}

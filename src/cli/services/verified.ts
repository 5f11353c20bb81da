/**
 * Whoever reads a ledger verifies it first. A file that verified once is remembered by size, times, inode and SHA-256, so that
 * the next command reads it through once and follows no chain; the custody log is followed each time.
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

/**
 * @param despiteDamage go on with a ledger that does not verify: whatever is made of it says so everywhere
 * @returns what is wrong, a sentence each; none when the ledger verifies
 * @throws LedgerDamaged when anything is wrong and nobody said to go on
 */
export async function verifyFirst(
  path: string,
  given: { readonly despiteDamage?: boolean; readonly heads?: string | undefined },
): Promise<readonly string[]> {
  return judged(path, (await remembered(path)) ?? (await verifiedNow(path)), given)
}

/** The same for what a run that is writing to the ledger has recorded so far. */
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
    if (stampOf(path) === before) remember({ stamp: before, sha256, by: VERSION })
  }
  return { problems, found: firstHead === '' ? null : { firstHead, heads } }
}

/** @returns null when it must be verified whole */
async function remembered(path: string): Promise<Found | null> {
  const stamp = stampOf(path)
  const known = stamp === null ? undefined : recall().find((one) => one.stamp === stamp && one.by === VERSION)
  if (known === undefined || (await fileSha256(path)) !== known.sha256) return null
  const { problems, ...found } = verifyAgain(path)
  return { problems, found }
}

/** A few lines for a ledger that takes long, on standard error. @param why follows what is verified */
export function tellOf(path: string, why = ''): ((step: string) => void) | undefined {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size < LARGE_BYTES) return undefined
  process.stderr.write(`Verifying ${printText(path)} (${formatBytes(size)})${why} …\n`)
  return seldom(performance.now())
}

interface Remembered {
  readonly stamp: string
  readonly sha256: string
  /** Version of the program that verified it: a newer one may look closer. */
  readonly by: string
}

const MOST_REMEMBERED = 500

/** Null for a ledger that is not one file at rest: what lies in a log beside it is no part of the stamp. */
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
  const { stamp, sha256, by } = (value ?? {}) as Partial<Record<keyof Remembered, unknown>>
  return [stamp, sha256, by].every((one) => typeof one === 'string')
}

/** In one step. Where there is no place for it, the next command verifies again. */
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

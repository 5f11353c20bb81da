/**
 * The joined ledger of a case, kept in the folder of the case so that the next start does not make it again. It holds what the
 * ledgers hold and nothing else, and may be deleted at any time.
 *
 * It is used where the same program joins the same ledgers, by their heads, and its bytes are those that this installation
 * noted when it made it: what anybody changed, or what another machine made, is made again.
 */
import { createHash } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { isAlive } from '../base/alive.ts'
import { VERSION } from '../base/version.ts'
import { PRIORITIES, type Priority } from '../contracts/finding.ts'
import { schemaSql } from '../ledger/format/database.ts'
import { openForReading } from '../ledger/format/open-readonly.ts'
import { hiddenContents } from '../review/hidden-contents.ts'
import { type JoinedLedger, joinInto, joinLedgers, type SourceLedger } from './joined-ledger.ts'

/** Where this installation notes the digest of what it made. */
export interface JoinNotes {
  /** @returns null where nothing was noted of this folder */
  noted(folder: string): string | null
  note(folder: string, digest: string): void
}

/** Counts up when the same ledgers are joined otherwise. */
const JOINED_AS = 1
const LEDGER = 'joined.sqlite'
const FACTS = 'joined.json'
const OPEN = 'open-'

interface Facts {
  readonly key: string
  readonly exhibits: JoinedLedger['exhibits']
  /** Ids of contents by priority. */
  readonly priorities: Readonly<Record<string, readonly number[]>>
}

/**
 * @param folder of the case
 * @param told called with a sentence where it could not be kept
 */
export function keptJoin(
  folder: string,
  caseNumber: string,
  ledgers: readonly SourceLedger[],
  notes: JoinNotes,
  told: (sentence: string) => void,
): JoinedLedger {
  const key = keyOf(caseNumber, ledgers)
  const all = join(resolve(folder), 'joined')
  const own = join(all, key)
  const kept = keptAt(own, key, notes)
  if (kept !== null) return kept
  let making: string | null = null
  try {
    mkdirSync(all, { recursive: true, mode: 0o700 })
    clear(all)
    making = mkdtempSync(join(all, 'making-'))
    mark(making)
    const joined = joinInto(join(making, LEDGER), caseNumber, ledgers)
    chmodSync(join(making, LEDGER), 0o600)
    const facts: Facts = { key, exhibits: joined.exhibits, priorities: byPriority(joined.priorities) }
    writeFileSync(join(making, FACTS), JSON.stringify(facts), { mode: 0o600 })
    // Another process has one of the same ledgers open, and this installation did not note it.
    const isTaken = existsSync(own)
    if (!isTaken) {
      const digest = digestOf(making)
      renameSync(making, own)
      making = null
      notes.note(own, digest)
    }
    const at = making ?? own
    return {
      ...joined,
      path: join(at, LEDGER),
      remove: () => (isTaken ? rmSync(at, { recursive: true, force: true }) : unmark(at)),
    }
  } catch (error) {
    if (making !== null) rmSync(making, { recursive: true, force: true })
    if (!isOfStorage(error)) throw error
    told(`The joined contents of the case are not kept (${error.message}): the next start makes them again.`)
    return joinLedgers(caseNumber, ledgers)
  }
}

/** A folder that cannot be written, a full disk. */
function isOfStorage(error: unknown): error is Error {
  if (!(error instanceof Error)) return false
  const { code = '' } = error as NodeJS.ErrnoException
  return 'syscall' in error || /^SQLITE_(?:FULL|IOERR|READONLY|CANTOPEN)/.test(code)
}

/** What the joined ledger depends on. */
function keyOf(caseNumber: string, ledgers: readonly SourceLedger[]): string {
  const of = ledgers.map((ledger) => ({
    exhibit: ledger.case.exhibitId,
    head: ledger.chainHead,
    seal: ledger.seal?.utc ?? null,
    hidden: hiddenIn(ledger),
  }))
  const schema = createHash('sha256').update(schemaSql()).digest('hex')
  return createHash('sha256')
    .update(JSON.stringify([JOINED_AS, VERSION, schema, caseNumber, of]))
    .digest('hex')
}

/** Contents in quarantine: they may change with the custody log, not with the ledger. */
function hiddenIn(ledger: SourceLedger): readonly number[] | null {
  const file = openForReading(ledger.path)
  try {
    const hidden = hiddenContents(ledger, file)
    return hidden === null ? null : [...hidden].sort((a, b) => a - b)
  } finally {
    file.close()
  }
}

/** @returns null where it is not there, not whole, not private, or not what was noted */
function keptAt(own: string, key: string, notes: JoinNotes): JoinedLedger | null {
  const noted = notes.noted(own)
  const files = [own, join(own, LEDGER), join(own, FACTS)]
  if (noted === null || !files.every(isPrivate)) return null
  mark(own)
  const { exhibits, priorities, ...of } = digestOf(own) === noted ? factsIn(own) : NO_FACTS
  if (of.key === key) {
    const ranked = new Map<number, Priority>()
    for (const priority of PRIORITIES) for (const id of priorities[priority] ?? []) ranked.set(id, priority)
    return { path: join(own, LEDGER), exhibits, priorities: ranked, remove: () => unmark(own) }
  }
  unmark(own)
  return null
}

const NO_FACTS: Facts = { key: '', exhibits: [], priorities: {} }

function factsIn(folder: string): Facts {
  return JSON.parse(readFileSync(join(folder, FACTS), 'utf8')) as Facts
}

/** A file or folder of this account that no other can read. */
function isPrivate(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  const isMine = process.getuid === undefined || stat?.uid === process.getuid()
  return stat !== undefined && (stat.isFile() || stat.isDirectory()) && isMine && (stat.mode & 0o077) === 0
}

function byPriority(priorities: JoinedLedger['priorities']): Facts['priorities'] {
  const found = Object.fromEntries(PRIORITIES.map((priority) => [priority, [] as number[]]))
  for (const [id, priority] of priorities) found[priority]!.push(id)
  return found
}

const BLOCK_BYTES = 1 << 20

/** Of both files. */
function digestOf(folder: string): string {
  const hash = createHash('sha256')
  const block = Buffer.alloc(BLOCK_BYTES)
  for (const name of [FACTS, LEDGER]) {
    const fd = openSync(join(folder, name), 'r')
    try {
      for (let read = readSync(fd, block); read > 0; read = readSync(fd, block))
        hash.update(block.subarray(0, read))
    } finally {
      closeSync(fd)
    }
    hash.update('\0')
  }
  return hash.digest('hex')
}

/** It stays while this process has it open, though another one makes a newer one. */
function mark(folder: string): void {
  writeFileSync(join(folder, `${OPEN}${process.pid}`), '', { mode: 0o600 })
}

function unmark(folder: string): void {
  rmSync(join(folder, `${OPEN}${process.pid}`), { force: true })
}

/** Removes those that no process has open: of former states of the case, and what a killed program left. */
function clear(all: string): void {
  for (const name of readdirSync(all)) {
    const folder = join(all, name)
    if (!isInUse(folder)) rmSync(folder, { recursive: true, force: true })
  }
}

function isInUse(folder: string): boolean {
  return readdirSync(folder).some((name) => name.startsWith(OPEN) && isAlive(Number(name.slice(OPEN.length))))
}

/**
 * Entries of a log of the new form (Windows 8.1 and newer): pages of the hive, each entry with two hashes.
 *
 * @see msuhanov/regf, "Windows registry file format specification", log entries
 */
import { marvin32 } from '../bytes/marvin32.ts'
import { SECTOR } from './registry-base.ts'

/** `cut`: the log ends inside; `hash`: a hash is wrong; `size`: a length or place that none can have. */
export type EntryStop = 'cut' | 'hash' | 'size'

export interface LogPage {
  /** Behind the first block of the hive. */
  readonly offset: number
  readonly bytes: Buffer
}

export interface LogEntry {
  readonly sequence: number
  /** Size of the hive behind its first block, after the entry. */
  readonly binsBytes: number
  readonly pages: readonly LogPage[]
}

const HEAD = 40
const REFERENCE = 8
const BIN = 4096
/** The number 0x82ef4d887a4e55c5; the specification writes its bytes the other way round. */
const SEED = Buffer.from('c5554e7a884def82', 'hex')

/**
 * Entries from the given number on, each the successor of the one before.
 * @param first number that the header of the log states
 * @returns `stop` null: behind the last entry lies none, or one of an earlier time
 */
export function entriesOf(
  log: Buffer,
  first: number,
): { readonly entries: readonly LogEntry[]; readonly stop: EntryStop | 'sequence' | null } {
  const entries: LogEntry[] = []
  let at = SECTOR
  while (at + HEAD <= log.length && isEntry(log, at)) {
    const expected = (first + entries.length) >>> 0
    const ahead = (log.readUInt32LE(at + 12) - expected) | 0
    if (ahead < 0) return { entries, stop: entries.length === 0 ? 'sequence' : null }
    const entry = entryAt(log, at)
    if (typeof entry === 'string') return { entries, stop: entry }
    if (ahead > 0) return { entries, stop: 'sequence' }
    entries.push(entry)
    at += log.readUInt32LE(at + 4)
  }
  if (entries.length === 0 || isEntry(log, at)) return { entries, stop: 'cut' }
  return { entries, stop: hasLater(log, at, (first + entries.length) >>> 0) ? 'sequence' : null }
}

const isEntry = (log: Buffer, at: number) => log.toString('latin1', at, at + 4) === 'HvLE'

/** Whether the sound head of an entry of this number or a later one stands behind the place where one was to begin. */
function hasLater(log: Buffer, from: number, number: number): boolean {
  for (let at = from; at + HEAD <= log.length; at += SECTOR) {
    const isLater = isEntry(log, at) && ((log.readUInt32LE(at + 12) - number) | 0) >= 0
    if (isLater && marvin32(log.subarray(at, at + 32), SEED) === log.readBigUInt64LE(at + 32)) return true
  }
  return false
}

function entryAt(log: Buffer, at: number): LogEntry | EntryStop {
  const size = log.readUInt32LE(at + 4)
  if (size < SECTOR || size % SECTOR !== 0) return 'size'
  if (at + size > log.length) return 'cut'
  const entry = log.subarray(at, at + size)
  if (marvin32(entry.subarray(HEAD), SEED) !== entry.readBigUInt64LE(24)) return 'hash'
  if (marvin32(entry.subarray(0, 32), SEED) !== entry.readBigUInt64LE(32)) return 'hash'
  const binsBytes = entry.readUInt32LE(16)
  const pages = binsBytes % BIN === 0 ? pagesIn(entry, binsBytes) : null
  return pages === null ? 'size' : { sequence: entry.readUInt32LE(12), binsBytes, pages }
}

function pagesIn(entry: Buffer, binsBytes: number): readonly LogPage[] | null {
  const count = entry.readUInt32LE(20)
  let from = HEAD + count * REFERENCE
  if (from > entry.length) return null
  const pages: LogPage[] = []
  for (let i = 0; i < count; i++) {
    const offset = entry.readUInt32LE(HEAD + i * REFERENCE)
    const length = entry.readUInt32LE(HEAD + i * REFERENCE + 4)
    if (offset + length > binsBytes || from + length > entry.length) return null
    pages.push({ offset, bytes: entry.subarray(from, from + length) })
    from += length
  }
  return pages
}

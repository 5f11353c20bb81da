/**
 * Parses a rollback journal: pages as they were before a transaction. A hot journal belongs to an incomplete
 * transaction; a program that opens the database restores its pages. A journal with a zeroed header belongs to a
 * completed transaction (`journal_mode = PERSIST`). Pages of older transactions may follow it.
 *
 * @see https://www.sqlite.org/fileformat2.html, section 3; pager.c, readJournalHdr, pager_playback
 */
import type { NumberedPage } from './write-ahead-log.ts'

const MAGIC = Buffer.from('d9d505f920a163d7', 'hex')
const HEADER = 28
/** The page number before a page, and the checksum behind it. */
const AROUND = 8
/** The page with the first byte behind one gigabyte is never used. */
const LOCK_BYTE = 0x40000000
const TO_THE_END = 0xffffffff
const MOST_GROUPS = 64

export interface RollbackJournal {
  /** The transaction is incomplete, and these pages must be restored. */
  readonly isHot: boolean
  /** The transaction changed several databases; another file states whether it was completed. */
  readonly isOfSeveral: boolean
  readonly pageSize: number
  /** Length of the database before the transaction. */
  readonly pagesBefore: number
  /** Pages of each transaction, newest first. For a hot journal, only the first transaction is restored. */
  readonly transactions: readonly (readonly NumberedPage[])[]
  /** Count of invalid records, and of records behind them. */
  readonly left: number
}

/** @param filePageSize page size of the database @returns null when the bytes are not a journal, or an empty one */
export function rollbackJournal(journal: Buffer, filePageSize: number): RollbackJournal | null {
  if (journal.length < HEADER) return null
  if (journal.subarray(0, HEADER).every((byte) => byte === 0)) return finished(journal, filePageSize)
  if (!journal.subarray(0, 8).equals(MAGIC)) return null
  const pageSize = journal.readUInt32BE(24)
  if (!isPowerOfTwo(pageSize, 512) || !isPowerOfTwo(journal.readUInt32BE(20), 32)) return null
  const pagesBefore = journal.readUInt32BE(16)
  const pages: NumberedPage[] = []
  const seen = new Set<number>()
  let left = 0
  for (let head = 0; head + HEADER <= journal.length && journal.subarray(head, head + 8).equals(MAGIC); ) {
    const sector = journal.readUInt32BE(20)
    const nonce = journal.readUInt32BE(head + 12)
    const stated = journal.readUInt32BE(head + 8)
    let at = head + sector
    const room = Math.floor((journal.length - at) / (pageSize + AROUND))
    const records = Math.max(0, stated === TO_THE_END ? room : Math.min(stated, room))
    let good = 0
    for (; good < records; good++, at += pageSize + AROUND) {
      const number = journal.readUInt32BE(at)
      const page = journal.subarray(at + 4, at + 4 + pageSize)
      if (number === 0 || number === lockPage(pageSize)) break
      if (sumOf(page, nonce) !== journal.readUInt32BE(at + 4 + pageSize)) break
      if (number <= pagesBefore && !seen.has(number)) pages.push([number, page])
      seen.add(number)
    }
    if (good < records) {
      left += records - good
      break
    }
    head = Math.ceil(at / sector) * sector
  }
  const isOfSeveral = namesAnother(journal)
  return { isHot: !isOfSeveral, isOfSeveral, pageSize, pagesBefore, transactions: [pages], left }
}

/** The header of a completed transaction is zeroed, so the code computes its nonce from the records. */
function finished(journal: Buffer, pageSize: number): RollbackJournal | null {
  for (let sector = 512; sector <= 65_536; sector *= 2) {
    const transactions = recordsFrom(journal, sector, pageSize)
    if (transactions.length === 0) continue
    const step = pageSize + AROUND
    const taken = transactions.reduce((sum, one) => sum + one.length, 0)
    const left = Math.max(0, Math.floor((journal.length - sector) / step) - taken)
    return { isHot: false, isOfSeveral: false, pageSize, pagesBefore: 0, transactions, left }
  }
  return null
}

function recordsFrom(journal: Buffer, sector: number, pageSize: number): NumberedPage[][] {
  const step = pageSize + AROUND
  const nonceAt = (at: number): number | null => {
    if (at + step > journal.length || journal.readUInt32BE(at) === 0) return null
    const sum = sumOf(journal.subarray(at + 4, at + 4 + pageSize), 0)
    return (journal.readUInt32BE(at + 4 + pageSize) - sum) >>> 0
  }
  const found: NumberedPage[][] = []
  let group: NumberedPage[] = []
  let nonce: number | null = null
  for (let at = sector; at + step <= journal.length; ) {
    const of = nonceAt(at)
    if (nonce === null || of !== nonce) {
      // A long transaction has further headers, each at the start of a sector.
      const next = Math.ceil(at / sector) * sector
      if (next + HEADER <= journal.length && journal.subarray(next, next + 8).equals(MAGIC)) {
        at = next + sector
        nonce = journal.readUInt32BE(next + 12)
        continue
      }
      // A first record is accepted when the second one confirms the nonce, or when its page is a valid b-tree page.
      if (of === null || (nonceAt(at + step) !== of && !isTreePage(journal, at + 4, pageSize))) break
      if (found.length >= MOST_GROUPS) break
      group = []
      found.push(group)
      nonce = of
    }
    group.push([journal.readUInt32BE(at), journal.subarray(at + 4, at + 4 + pageSize)])
    at += step
  }
  return found
}

function isTreePage(bytes: Buffer, at: number, pageSize: number): boolean {
  const head = bytes.toString('latin1', at, at + 15) === 'SQLite format 3' ? at + 100 : at
  const kind = bytes[head]!
  if (![2, 5, 10, 13].includes(kind)) return false
  const cells = bytes.readUInt16BE(head + 3)
  const content = bytes.readUInt16BE(head + 5) || 65_536
  return cells * 2 + 8 <= pageSize && content <= pageSize && bytes[head + 7]! <= 60
}

/** The journal of a transaction over several databases ends with the name of the super-journal. */
function namesAnother(journal: Buffer): boolean {
  if (journal.length < 16 || !journal.subarray(-8).equals(MAGIC)) return false
  const length = journal.readUInt32BE(journal.length - 16)
  const from = journal.length - 16 - length
  if (length === 0 || from < 0) return false
  let sum = 0
  for (let at = from; at < from + length; at++) sum = (sum + journal.readInt8(at)) >>> 0
  return sum === journal.readUInt32BE(journal.length - 12)
}

/** Adds every two-hundredth byte, from the end. */
function sumOf(page: Buffer, nonce: number): number {
  let sum = nonce
  for (let at = page.length - 200; at > 0; at -= 200) sum += page[at]!
  return sum >>> 0
}

function lockPage(pageSize: number): number {
  return Math.floor(LOCK_BYTE / pageSize) + 1
}

function isPowerOfTwo(value: number, least: number): boolean {
  return value >= least && value <= 65_536 && (value & (value - 1)) === 0
}

/** The file before the incomplete transaction. */
export function rolledBack(file: Buffer, { pageSize, pagesBefore, transactions }: RollbackJournal): Buffer {
  const pages = transactions[0]!
  const most = file.length + pages.length * pageSize
  const whole = Buffer.alloc(Math.min(pagesBefore * pageSize, most))
  file.copy(whole, 0, 0, whole.length)
  for (const [number, page] of pages)
    if (number * pageSize <= whole.length) page.copy(whole, (number - 1) * pageSize)
  return whole
}

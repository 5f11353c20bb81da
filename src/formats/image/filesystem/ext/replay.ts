/**
 * Replays the journal of a volume that was not unmounted, like a kernel, into a map; no byte is written.
 *
 * Transactions count from the journal's start while each has the next number and its commit block; later ones were
 * never committed. A block that a later transaction revoked is not replayed (fs/jbd2/recovery.c, revoke.c).
 */

import { crc32Block } from '../../../../hash/crc32-block.ts'
import type { JournalCopy } from './blocks.ts'
import type { Journal, Tag } from './journal.ts'

interface Logged extends Tag {
  readonly position: number
}

interface Transaction {
  readonly sequence: number
  readonly logged: readonly Logged[]
  readonly revoked: readonly number[]
}

export interface Replay {
  readonly copies: ReadonlyMap<number, JournalCopy>
  readonly transactions: number
  /** Codes with a detail: `journal-checksum`, `journal-block-checksum`, `fast-commits-not-replayed`. */
  readonly problems: readonly { readonly code: string; readonly detail: string }[]
}

export function replayOf(journal: Journal): Replay {
  const problems: { code: string; detail: string }[] = []
  const transactions = committed(journal, problems)
  const revoked = new Map<number, number>()
  for (const { sequence, revoked: blocks } of transactions) {
    for (const block of blocks) revoked.set(block, sequence)
  }
  const copies = new Map<number, JournalCopy>()
  for (const { sequence, logged } of transactions) {
    for (const tag of logged) {
      const until = revoked.get(tag.block)
      if (until !== undefined && !isAfter(sequence, until)) continue
      const offset = journal.offsetOf(tag.position)
      const bytes = journal.bytes(tag.position)
      if (offset === null || !bytes || !journal.dataAgrees(tag, sequence, bytes)) {
        problems.push({ code: 'journal-block-checksum', detail: `${tag.block} ${sequence}` })
        continue
      }
      copies.set(tag.block, { offset, escaped: tag.escaped })
    }
  }
  const next = (journal.sequence + transactions.length) >>> 0
  const fast = fastCommits(journal, next)
  if (fast > 0) problems.push({ code: 'fast-commits-not-replayed', detail: `${fast}` })
  return { copies, transactions: transactions.length, problems }
}

/** Sequence numbers wrap around at 2^32. */
const isAfter = (sequence: number, than: number): boolean => ((sequence - than) | 0) > 0

function committed(journal: Journal, problems: { code: string; detail: string }[]): Transaction[] {
  const transactions: Transaction[] = []
  let sequence = journal.sequence
  let logged: Logged[] = []
  let revoked: number[] = []
  let checksum1 = 0xffffffff
  let position = journal.start
  // The log is a ring: one lap covers all of it.
  for (let seen = 0; seen < journal.end - journal.first; ) {
    const bytes = journal.bytes(position)
    const block = bytes && journal.parse(bytes)
    if (!bytes || !block || block.sequence !== sequence) break
    if (!block.sound) {
      problems.push({ code: 'journal-checksum', detail: `${sequence}` })
      break
    }
    if (block.type === 'descriptor') {
      if (journal.checksOf === 'transactions') checksum1 = crc32Block(checksum1, bytes)
      for (const [index, tag] of block.tags.entries()) {
        const at = journal.wrapped(position + 1 + index)
        logged.push({ ...tag, position: at })
        if (journal.checksOf === 'transactions') checksum1 = crc32Block(checksum1, journal.bytes(at) ?? NONE)
      }
      position = journal.wrapped(position + 1 + block.tags.length)
      seen += 1 + block.tags.length
      continue
    }
    if (block.type === 'revoke') revoked.push(...block.blocks)
    else {
      if (block.checksum1 !== null && block.checksum1 !== checksum1) {
        problems.push({ code: 'journal-checksum', detail: `${sequence}` })
        break
      }
      transactions.push({ sequence, logged, revoked })
      sequence = (sequence + 1) >>> 0
      logged = []
      revoked = []
      checksum1 = 0xffffffff
    }
    position = journal.wrapped(position + 1)
    seen += 1
  }
  return transactions
}

/** Blocks of fast commits that a kernel would replay on top: the first names the transaction that they follow. */
function fastCommits(journal: Journal, next: number): number {
  // Fast commits begin behind the first block of their part (fs/jbd2: j_fc_first).
  for (let index = 1; index < journal.fastCommitBlocks; index++) {
    const bytes = journal.bytes(journal.end + index)
    const begun = bytes?.readUInt16LE(0) === FAST_HEAD && bytes.readUInt32LE(8) === next
    if (index === 1 && !begun) return 0
    if (!bytes || bytes.readUInt16LE(0) === 0 || bytes.readUInt16LE(0) > FAST_HEAD) return index - 1
  }
  return Math.max(0, journal.fastCommitBlocks - 1)
}

/** Tag of the head: features, then the transaction (fs/ext4/fast_commit.h). */
const FAST_HEAD = 9
const NONE = Buffer.alloc(0)

/**
 * Transactions of the log: operations joined to the items that a transaction changes.
 * @see Linux fs/xfs/xfs_log_recover.c, xlog_recover_process_ophdr; struct xlog_op_header
 */
import type { LogRecord } from './log-records.ts'

/** What changed: the first region describes it, the others are its bytes. */
export type Item = readonly Buffer[]

export interface Transaction {
  readonly lsn: bigint
  readonly items: readonly Item[]
}

const FLAG = { start: 1, commit: 2, continued: 8 } as const
const OPERATION_BYTES = 12
/** Bytes of a transaction's own description, its first region. */
const HEADER_BYTES = 16
const OPEN_BYTES_MOST = 512 << 20

interface Open {
  readonly lsn: bigint
  readonly regions: Buffer[]
}

/** Transactions in the order in which they were completed. @throws LogDamaged */
export function* transactions(records: Iterable<LogRecord>): Generator<Transaction> {
  const open = new Map<number, Open>()
  let openBytes = 0
  for (const { lsn, data, operations } of records) {
    let at = 0
    for (let index = 0; index < operations; index++) {
      if (at + OPERATION_BYTES > data.length) throw new LogDamaged('operations')
      const id = data.readUInt32BE(at)
      const length = data.readUInt32BE(at + 4)
      const flags = data[at + 9]!
      const from = at + OPERATION_BYTES
      at = from + length
      if (at > data.length) throw new LogDamaged('operation-length')
      if ((flags & FLAG.start) !== 0) open.set(id, { lsn, regions: [] })
      const transaction = open.get(id)
      // Begun before the oldest record that is needed.
      if (!transaction) continue
      if ((flags & FLAG.commit) !== 0) {
        open.delete(id)
        for (const region of transaction.regions) openBytes -= region.length
        yield { lsn: transaction.lsn, items: itemsOf(transaction.regions) }
        continue
      }
      if (length === 0) continue
      openBytes += length
      if (openBytes > OPEN_BYTES_MOST) throw new LogDamaged('too-large')
      const region = data.subarray(from, at)
      const last = transaction.regions.pop()
      if (last && (flags & FLAG.continued) !== 0) transaction.regions.push(Buffer.concat([last, region]))
      else transaction.regions.push(...(last ? [last] : []), region)
    }
  }
}

/** The first region of an item says how many it has. */
function itemsOf(regions: readonly Buffer[]): Item[] {
  const items: Item[] = []
  const [header] = regions
  if (!header || header.length < HEADER_BYTES || header.toString('latin1', 0, 4) !== 'NART') {
    if (header) throw new LogDamaged('transaction')
    return items
  }
  // A header and the first item may share a region.
  const rest =
    header.length > HEADER_BYTES ? [header.subarray(HEADER_BYTES), ...regions.slice(1)] : regions.slice(1)
  for (let at = 0; at < rest.length; ) {
    const first = rest[at]!
    const count = first.length >= 4 ? first.readUInt16LE(2) : 0
    if (count === 0 || at + count > rest.length) throw new LogDamaged('item')
    items.push(rest.slice(at, at + count))
    at += count
  }
  return items
}

export class LogDamaged extends Error {
  override readonly name = 'LogDamaged'
}

/**
 * Log of the old form (before Windows 8.1): a bitmap of the changed pages of 512 bytes, and the pages.
 *
 * @see msuhanov/regf, "Windows registry file format specification", old format
 */
import { BASE_BYTES, type BaseBlock } from './registry-base.ts'
import type { EntryStop, LogPage } from './registry-log-entries.ts'

const PAGE = 512
const MARK = 4

/** Pages up to the first that is cut off, or whose bin is none. */
export function oldPagesOf(
  log: Buffer,
  { binsBytes, sectorBytes }: BaseBlock,
  hive: Buffer,
): { readonly pages: readonly LogPage[]; readonly why: EntryStop | 'header' | null } {
  const bits = Math.floor(binsBytes / PAGE)
  const from = sectorBytes + MARK
  const vector = Math.ceil((MARK + Math.ceil(bits / 8)) / sectorBytes) * sectorBytes
  if (log.toString('latin1', sectorBytes, from) !== 'DIRT') return { pages: [], why: 'header' }
  if (sectorBytes + vector > log.length) return { pages: [], why: 'cut' }
  // A page of the log is one of the hive or one that it grew by.
  if (BASE_BYTES + binsBytes > hive.length + log.length) return { pages: [], why: 'size' }
  const pages: LogPage[] = []
  let at = sectorBytes + vector
  for (let bit = 0; bit < bits; bit++) {
    if (((log[from + (bit >> 3)]! >> (bit & 7)) & 1) === 0) continue
    if (at + PAGE > log.length) return { pages, why: 'cut' }
    const page = { offset: bit * PAGE, bytes: log.subarray(at, at + PAGE) }
    if (isWrongBin(page, hive)) return { pages, why: 'size' }
    pages.push(page)
    at += PAGE
  }
  return { pages, why: null }
}

/** Where a bin of the hive begins, one that states the same place must stand. */
function isWrongBin({ offset, bytes }: LogPage, hive: Buffer): boolean {
  const there = BASE_BYTES + offset
  const isBin =
    there + 8 <= hive.length &&
    hive.toString('latin1', there, there + 4) === 'hbin' &&
    hive.readUInt32LE(there + 4) === offset
  if (!isBin) return false
  return (
    bytes.toString('latin1', 0, 4) !== 'hbin' ||
    bytes.readUInt32LE(4) !== offset ||
    bytes.readUInt32LE(8) < BASE_BYTES
  )
}

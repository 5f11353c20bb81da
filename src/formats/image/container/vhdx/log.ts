/**
 * Replays the log of a VHDX that was not closed: metadata changes that exist only in the log. They are applied in
 * memory; the file stays unchanged.
 *
 * @see Microsoft, [MS-VHDX], section 2.3, "Log"
 */
import type { Medium } from '../../../../contracts/image.ts'
import { readAt, u64 } from '../../content/read-at.ts'
import { crc32c } from './crc32c.ts'

const SECTOR_BYTES = 4096
const ENTRY_HEADER_BYTES = 64
const DESCRIPTOR_BYTES = 32
const LOG_BYTES_AT_MOST = 64 << 20
/** Limit of sectors that a log may change; the metadata of the largest disk has fewer. */
const CHANGED_SECTORS_AT_MOST = 1 << 20
/** Stale entries in a ring overlap. In a hostile log, every sector could start an entry as long as the log. */
const CHECKED_LOGS_AT_MOST = 4

interface Entry {
  readonly sound: boolean
  readonly sequence: number
  readonly at: number
  readonly bytes: Buffer
  readonly tail: number
}

export interface Replayed {
  readonly medium: Medium
  readonly entries: number
}

/** @returns the file after the replay, or null when the log contains no valid sequence */
export function replayed(file: Medium, offset: number, length: number, guid: Buffer): Replayed | null {
  if (length > LOG_BYTES_AT_MOST) return null
  const log = readAt(file, offset, length)
  const active = activeSequence(log, guid)
  if (active.length === 0) return null
  const patches = new Map<number, Buffer | null>()
  let left = CHANGED_SECTORS_AT_MOST
  for (const entry of active) left = patch(entry.bytes, patches, left)
  return left > 0 ? { medium: patched(file, patches), entries: active.length } : null
}

/**
 * The run of consecutive entries that ends with the highest sequence number and reaches back to the tail that this
 * entry states.
 */
function activeSequence(log: Buffer, guid: Buffer): Entry[] {
  const entries = new Map<number, Entry>()
  let head: Entry | null = null
  let left = log.length * CHECKED_LOGS_AT_MOST
  for (let at = 0; at + SECTOR_BYTES <= log.length && left > 0; at += SECTOR_BYTES) {
    const entry = entryAt(log, at, guid)
    left -= entry?.bytes.length ?? 0
    if (!entry?.sound) continue
    entries.set(entry.sequence, entry)
    if (!head || entry.sequence > head.sequence) head = entry
  }
  if (!head) return []
  const run = [head]
  for (let first: Entry = head; first.at !== head.tail; ) {
    const before = entries.get(first.sequence - 1)
    if (!before) return []
    run.unshift(before)
    first = before
  }
  return run
}

function entryAt(log: Buffer, at: number, guid: Buffer): Entry | null {
  if (log.toString('latin1', at, at + 4) !== 'loge') return null
  const length = log.readUInt32LE(at + 8)
  if (length < SECTOR_BYTES || length % SECTOR_BYTES !== 0 || length > log.length) return null
  // The log is a ring: an entry may continue at its beginning.
  const bytes = Buffer.concat([
    log.subarray(at, at + length),
    log.subarray(0, Math.max(0, at + length - log.length)),
  ])
  const sound = guid.equals(bytes.subarray(32, 48)) && crc32c(bytes, 4) === bytes.readUInt32LE(4)
  return { sound, sequence: u64(bytes, 16), at, bytes, tail: bytes.readUInt32LE(12) }
}

/** @returns how many more sectors may be changed: 0 when this entry exceeds the limit */
function patch(bytes: Buffer, patches: Map<number, Buffer | null>, mayChange: number): number {
  const count = Math.min(
    bytes.readUInt32LE(24),
    Math.floor((bytes.length - ENTRY_HEADER_BYTES) / DESCRIPTOR_BYTES),
  )
  let data = Math.ceil((ENTRY_HEADER_BYTES + count * DESCRIPTOR_BYTES) / SECTOR_BYTES) * SECTOR_BYTES
  let left = mayChange
  for (let index = 0; index < count; index++) {
    const at = ENTRY_HEADER_BYTES + index * DESCRIPTOR_BYTES
    const kind = bytes.toString('latin1', at, at + 4)
    const offset = u64(bytes, at + 16)
    if (offset % SECTOR_BYTES !== 0 || !Number.isSafeInteger(offset)) continue
    if (kind === 'zero') {
      const sectors = u64(bytes, at + 8) / SECTOR_BYTES
      if (sectors >= left) return 0
      for (let sector = 0; sector < sectors; sector++) patches.set(offset + sector * SECTOR_BYTES, null)
      left -= sectors
    } else if (kind === 'desc' && data + SECTOR_BYTES <= bytes.length) {
      if (left <= 1) return 0
      const sector = Buffer.from(bytes.subarray(data, data + SECTOR_BYTES))
      bytes.copy(sector, 0, at + 8, at + 16)
      bytes.copy(sector, SECTOR_BYTES - 4, at + 4, at + 8)
      patches.set(offset, sector)
      data += SECTOR_BYTES
      left--
    }
  }
  return left
}

function patched(file: Medium, patches: ReadonlyMap<number, Buffer | null>): Medium {
  let end = file.sizeBytes
  for (const offset of patches.keys()) end = Math.max(end, offset + SECTOR_BYTES)
  return {
    sizeBytes: end,
    readInto(target, offset) {
      const wanted = Math.max(0, Math.min(target.length, end - offset))
      const got = offset < file.sizeBytes ? file.readInto(target.subarray(0, wanted), offset) : 0
      target.fill(0, got, wanted)
      for (
        let at = Math.floor(offset / SECTOR_BYTES) * SECTOR_BYTES;
        at < offset + wanted;
        at += SECTOR_BYTES
      ) {
        const sector = patches.get(at)
        if (sector === undefined) continue
        const from = Math.max(offset, at)
        const to = Math.min(offset + wanted, at + SECTOR_BYTES)
        if (sector) target.set(sector.subarray(from - at, to - at), from - offset)
        else target.fill(0, from - offset, to - offset)
      }
      return wanted
    },
    damageIn: (offset, length) => file.damageIn(offset, length),
  }
}

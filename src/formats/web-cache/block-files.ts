/**
 * Block files of the Chromium cache on Windows (and of older versions on other systems). Entries are in blocks of 256
 * bytes (`data_1`). Bodies are in blocks of 256, 1024 and 4096 bytes (`data_1` to `data_3`, and the files that
 * follow). Larger bodies are in files of their own (`f_000001`). The blocks of a removed entry may be overwritten, so
 * only blocks in use are read.
 *
 * @see Chromium net/disk_cache/blockfile/disk_format.h, disk_format_base.h (header of block files), addr.h
 */
import { chromiumTime } from './chromium-response.ts'

const MAGIC = 0xc104cac3
const HEADER_BYTES = 8192
const ENTRY_BYTES = 256
const KEY_AT = 96
const MOST_KEY = 1 << 20
/** Offset of the bitmap of blocks in use. */
const MAP_AT = 80
const MOST_BLOCKS = (HEADER_BYTES - MAP_AT) * 8
/** States of an entry, from normal to doomed. */
const MOST_STATE = 2

export interface BlockEntry {
  /** Microseconds since 1601. */
  readonly created: bigint
  /** Null: the key is too long for the entry and is stored at an address. */
  readonly key: Buffer | null
  readonly keyAt: number
  readonly keyBytes: number
  readonly headers: Stored
  readonly body: Stored
}

export interface Stored {
  readonly bytes: number
  readonly address: number
}

export class BlockFiles {
  readonly #entries: Buffer
  readonly #files: ReadonlyMap<number, Buffer>

  /**
   * @param entries the file with the entries
   * @param beside the other block files that are available
   */
  constructor(entries: Buffer, beside: Iterable<Buffer> = []) {
    const all = [entries, ...beside].filter(isBlockFile)
    this.#entries = entries
    this.#files = new Map(all.map((file) => [file.readInt16LE(8), file]))
  }

  *entries(): Generator<BlockEntry> {
    const file = this.#entries
    if (!isBlockFile(file) || file.readUInt32LE(12) !== ENTRY_BYTES) return
    for (let block = 0; block < MOST_BLOCKS; block++) {
      if ((file[MAP_AT + (block >> 3)]! & (1 << (block & 7))) === 0) continue
      const at = HEADER_BYTES + block * ENTRY_BYTES
      if (at + ENTRY_BYTES > file.length) return
      const entry = entryOf(file, at)
      if (entry === null) continue
      yield entry
      // A longer key continues in the following blocks.
      if (entry.key !== null) block += Math.ceil((KEY_AT + entry.keyBytes + 1) / ENTRY_BYTES) - 1
    }
  }

  keyOf({ key, keyAt, keyBytes }: BlockEntry): Buffer | null {
    return key ?? this.stretch({ bytes: keyBytes, address: keyAt })
  }

  /** @returns null when the address points to no available block */
  stretch({ bytes, address }: Stored): Buffer | null {
    const blockBytes = BLOCK_BYTES[(address >>> 28) & 7]
    const file = this.#files.get((address >>> 16) & 0xff)
    if (!isInUse(address) || !blockBytes || file?.readUInt32LE(12) !== blockBytes) return null
    const blocks = ((address >>> 24) & 3) + 1
    const at = HEADER_BYTES + (address & 0xffff) * blockBytes
    return bytes > blocks * blockBytes || at + bytes > file.length ? null : file.subarray(at, at + bytes)
  }
}

/** Block size by file type. Type 0 is a separate file; type 1 contains no content. */
const BLOCK_BYTES: Readonly<Record<number, number>> = { 2: 256, 3: 1024, 4: 4096 }

/** Name of the separate file with this content; null when the content is in blocks. */
export function ownFile({ address }: Stored): string | null {
  if (!isInUse(address) || ((address >>> 28) & 7) !== 0) return null
  return `f_${(address & 0xfff_ffff).toString(16).padStart(6, '0')}`
}

function isInUse(address: number): boolean {
  return (address & 0x8000_0000) !== 0
}

function isBlockFile(file: Buffer): boolean {
  return file.length >= HEADER_BYTES && file.readUInt32LE(0) === MAGIC
}

/**
 * Other data has blocks of the same size. A block is an entry when its time, its state and the end of its key are
 * plausible.
 */
function entryOf(file: Buffer, at: number): BlockEntry | null {
  const state = file.readUInt32LE(at + 20)
  const created = file.readBigUInt64LE(at + 24)
  const keyBytes = file.readInt32LE(at + 32)
  const keyAt = file.readUInt32LE(at + 36)
  if (state > MOST_STATE || chromiumTime(created) === null || keyBytes <= 0 || keyBytes > MOST_KEY)
    return null
  const [headers, body] = [0, 4].map((i) => ({
    bytes: file.readInt32LE(at + 40 + i),
    address: file.readUInt32LE(at + 56 + i),
  })) as [Stored, Stored]
  if (headers.bytes < 0 || body.bytes < 0) return null
  if (keyAt !== 0) return { created, key: null, keyAt, keyBytes, headers, body }
  const end = at + KEY_AT + keyBytes
  if (end >= file.length || file.indexOf(0, at + KEY_AT) !== end) return null
  return { created, key: file.subarray(at + KEY_AT, end), keyAt, keyBytes, headers, body }
}

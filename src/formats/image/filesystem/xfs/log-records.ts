/**
 * Records of the log, from the oldest change that the structures may lack to the newest.
 *
 * The log is a ring of sectors. The header of a record names its own place and that of the oldest needed record. The
 * number of the round stands in the first four bytes of each sector; the header holds what was there.
 *
 * @see Linux fs/xfs/libxfs/xfs_log_format.h, struct xlog_rec_header; fs/xfs/xfs_log_recover.c
 */
import type { Medium } from '../../../../contracts/image.ts'
import { crc32c } from '../../../../hash/crc32c.ts'
import { placeOf, type Superblock } from './superblock.ts'

export interface LogRecord {
  /** Round and sector, comparable. */
  readonly lsn: bigint
  readonly data: Buffer
  readonly operations: number
}

const MAGIC = 0xfeedbabe
export const SECTOR = 512
const PIECE_BYTES = 1 << 20
/** A header of one sector describes this many bytes. */
const HEADER_HOLDS = 32_768
const WORDS = 64
const WORDS_AT = 44
const LITTLE_ENDIAN_LINUX = 1
const RECORD_BYTES_MOST = 1 << 20
const STRETCH_BYTES = 64 << 20
/** The structure's size on machines of 64 bits and of 32; both write their own into the checksum. */
const HEADER_BYTES = [328, 324]
const FURTHER_HEADER_BYTES = 260

interface Header {
  readonly lsn: bigint
  readonly tail: bigint
  readonly sector: number
  readonly headers: number
  readonly dataBytes: number
  readonly operations: number
  /** Header sectors, then data, as stored. */
  readonly stored: Buffer
}

export class Log {
  readonly #volume: Medium
  readonly #superblock: Superblock
  readonly #from: number
  readonly #sectors: number

  /** @returns null where the log is on another device, or has no place on this */
  static of(superblock: Superblock, volume: Medium): Log | null {
    const place = superblock.logStart === 0 ? null : placeOf(superblock, superblock.logStart)
    const from = (place ?? 0) * superblock.blockBytes
    const bytes = superblock.logBlocks * superblock.blockBytes
    if (place === null || bytes < 2 * SECTOR || from + bytes > volume.sizeBytes) return null
    return new Log(volume, superblock, from, bytes / SECTOR)
  }

  private constructor(volume: Medium, superblock: Superblock, from: number, sectors: number) {
    this.#volume = volume
    this.#superblock = superblock
    this.#from = from
    this.#sectors = sectors
  }

  /** The newest whole record; null: there is none. */
  newest(): Header | null {
    let newest: Header | null = null
    for (const { sector, lsn } of this.#beginnings()) {
      if (newest === null || lsn > newest.lsn) newest = this.#header(sector) ?? newest
    }
    return newest
  }

  /** Records from the oldest that is needed to `last`. @returns false where the chain breaks before */
  *records(last: Header): Generator<LogRecord, boolean> {
    let sector = Number(last.tail & 0xffff_ffffn)
    let before = last.tail - 1n
    while (before < last.lsn) {
      const header = this.#header(sector)
      if (header === null || header.lsn <= before || header.lsn > last.lsn) return false
      before = header.lsn
      yield { lsn: header.lsn, operations: header.operations, data: dataOf(header) }
      sector = (sector + header.headers + Math.ceil(header.dataBytes / SECTOR)) % this.#sectors
    }
    return true
  }

  /**
   * All whole records that the ring still holds, oldest first, in stretches without a gap: of changes that the volume has
   * as well, and of earlier ones.
   */
  *stretches(): Generator<readonly LogRecord[]> {
    const places: { readonly lsn: bigint; readonly sector: number }[] = []
    for (const { sector, lsn } of this.#beginnings()) places.push({ sector, lsn })
    places.sort((a, b) => (a.lsn < b.lsn ? -1 : 1))
    let stretch: LogRecord[] = []
    let bytes = 0
    let next = -1
    for (const { sector } of places) {
      const header = this.#header(sector)
      if (!header) continue
      if (sector !== next || bytes > STRETCH_BYTES) {
        yield stretch
        stretch = []
        bytes = 0
      }
      stretch.push({ lsn: header.lsn, operations: header.operations, data: dataOf(header) })
      bytes += header.dataBytes
      next = (sector + header.headers + header.dataBytes / SECTOR) % this.#sectors
    }
    yield stretch
  }

  /** Sectors that begin like a record, in the order of their place. */
  *#beginnings(): Generator<{ readonly sector: number; readonly lsn: bigint }> {
    const end = this.#sectors * SECTOR
    for (let at = 0; at < end; at += PIECE_BYTES) {
      const piece = Buffer.alloc(Math.min(PIECE_BYTES, end - at))
      this.#volume.readInto(piece, this.#from + at)
      for (let within = 0; within + SECTOR <= piece.length; within += SECTOR) {
        if (piece.readUInt32BE(within) === MAGIC)
          yield { sector: (at + within) / SECTOR, lsn: piece.readBigUInt64BE(within + 16) }
      }
    }
  }

  /** A volume that was unmounted ends its log with a record of one operation. */
  isUnmount(header: Header): boolean {
    return header.operations === 1 && (dataOf(header)[9]! & UNMOUNT) !== 0
  }

  /** @returns null when no whole record begins there */
  #header(sector: number): Header | null {
    if (sector >= this.#sectors) return null
    const first = this.#sectorsFrom(sector, 1)
    if (first.readUInt32BE(0) !== MAGIC || first.readUInt32BE(300) !== LITTLE_ENDIAN_LINUX) return null
    if (!first.subarray(304, 320).equals(this.#superblock.uuid)) return null
    const lsn = first.readBigUInt64BE(16)
    const dataBytes = first.readUInt32BE(12)
    const size = first.readUInt32BE(320)
    const headers = first.readUInt32BE(8) >= 2 && size > HEADER_HOLDS ? Math.ceil(size / HEADER_HOLDS) : 1
    if (Number(lsn & 0xffff_ffffn) !== sector || dataBytes > RECORD_BYTES_MOST || headers > 32) return null
    const sectors = headers + Math.ceil(dataBytes / SECTOR)
    if (dataBytes % SECTOR !== 0 || sectors > this.#sectors || dataBytes > headers * HEADER_HOLDS) return null
    const stored = this.#sectorsFrom(sector, sectors)
    const header: Header = {
      lsn,
      tail: first.readBigUInt64BE(24),
      sector,
      headers,
      dataBytes,
      operations: first.readUInt32BE(40),
      stored,
    }
    return this.#isWhole(header) ? header : null
  }

  /** Each sector has the number of the round; behind the end of the ring, of the next. */
  #isWhole({ lsn, sector, headers, stored }: Header): boolean {
    const round = Number(lsn >> 32n)
    for (let index = 1; index * SECTOR < stored.length; index++) {
      const expected = sector + index < this.#sectors ? round : round + 1
      if (stored.readUInt32BE(index * SECTOR) !== expected) return false
    }
    const checksum = stored.readUInt32LE(32)
    if (this.#superblock.version === 4 || checksum === 0) return true
    return HEADER_BYTES.some((bytes) => checksumOf(stored, headers, bytes) === checksum)
  }

  #sectorsFrom(sector: number, count: number): Buffer {
    const bytes = Buffer.alloc(count * SECTOR)
    const before = Math.min(count, this.#sectors - sector) * SECTOR
    this.#volume.readInto(bytes.subarray(0, before), this.#from + sector * SECTOR)
    if (before < bytes.length) this.#volume.readInto(bytes.subarray(before), this.#from)
    return bytes
  }
}

const UNMOUNT = 0x20

/** Over the header without its own field, the further headers, and the data as stored. */
function checksumOf(stored: Buffer, headers: number, headerBytes: number): number {
  const header = Buffer.from(stored.subarray(0, headerBytes))
  header.writeUInt32LE(0, 32)
  let crc = crc32c(0xffffffff, header)
  for (let index = 1; index < headers; index++)
    crc = crc32c(crc, stored.subarray(index * SECTOR, index * SECTOR + FURTHER_HEADER_BYTES))
  return ~crc32c(crc, stored.subarray(headers * SECTOR)) >>> 0
}

/** The data, with the first four bytes of each sector put back. */
function dataOf({ stored, headers }: Header): Buffer {
  const data = Buffer.from(stored.subarray(headers * SECTOR))
  for (let index = 0; index * SECTOR < data.length; index++) {
    const further = Math.floor(index / WORDS)
    const from = further * SECTOR + (further === 0 ? WORDS_AT : 4) + (index % WORDS) * 4
    stored.copy(data, index * SECTOR, from, from + 4)
  }
  return data
}

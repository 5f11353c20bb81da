/**
 * One header block of a TAR archive: ustar, GNU and the Seventh Edition's.
 * @see POSIX.1-2017, pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format"
 */

export const BLOCK_BYTES = 512

export interface TarHeader {
  readonly name: Buffer
  readonly linkName: Buffer
  readonly mode: number | null
  readonly uid: number | null
  readonly gid: number | null
  /** Size of the following data in bytes, before padding. */
  readonly sizeBytes: number
  /** Seconds since 1970; null when the field is no number. */
  readonly modified: number | null
  /** One character; `0` also where the field is empty. */
  readonly type: string
  readonly isGnu: boolean
  readonly block: Buffer
}

/** @returns null when the block is no header: its checksum is wrong, or its size is no number */
export function parseHeader(block: Buffer): TarHeader | null {
  if (!checksumAgrees(block)) return null
  const sizeBytes = numberAt(block, 124, 12)
  if (sizeBytes === null) return null
  const magic = block.toString('latin1', 257, 263)
  const isGnu = magic === 'ustar '
  const prefix = magic === 'ustar\0' ? textAt(block, 345, 155) : Buffer.alloc(0)
  const name = textAt(block, 0, 100)
  const type = String.fromCharCode(block[156] ?? 0)
  return {
    name: prefix.length > 0 ? Buffer.concat([prefix, Buffer.from('/'), name]) : name,
    linkName: textAt(block, 157, 100),
    mode: numberAt(block, 100, 8),
    uid: numberAt(block, 108, 8),
    gid: numberAt(block, 116, 8),
    sizeBytes,
    modified: numberAt(block, 136, 12),
    type: type === '\0' ? '0' : type,
    isGnu,
    block,
  }
}

/** The sum of all bytes, the checksum's own counted as spaces; some writers summed them as signed. */
function checksumAgrees(block: Buffer): boolean {
  const stated = numberAt(block, 148, 8)
  if (stated === null) return false
  let unsigned = 0
  let signed = 0
  for (let at = 0; at < BLOCK_BYTES; at++) {
    const byte = at >= 148 && at < 156 ? 0x20 : (block[at] ?? 0)
    unsigned += byte
    signed += byte > 127 ? byte - 256 : byte
  }
  // A block of zeros ends the archive; its sum is that of eight spaces.
  return unsigned > 8 * 0x20 && (stated === unsigned || stated === signed)
}

/** Octal digits, or base 256 where the first bit is set. Null: neither, negative, or beyond 2^53. */
export function numberAt(block: Buffer, at: number, length: number): number | null {
  const first = block[at] ?? 0
  if (first & 0x80) {
    let value = first & 0x7f
    if (value & 0x40) return null
    for (let i = 1; i < length; i++) value = value * 256 + (block[at + i] ?? 0)
    return Number.isSafeInteger(value) ? value : null
  }
  const text = block
    .toString('latin1', at, at + length)
    .replace(/\0.*$/s, '')
    .trim()
  if (text === '') return 0
  if (!/^[0-7]+$/.test(text)) return null
  const value = Number.parseInt(text, 8)
  return Number.isSafeInteger(value) ? value : null
}

function textAt(block: Buffer, at: number, length: number): Buffer {
  const field = block.subarray(at, at + length)
  const end = field.indexOf(0)
  return Buffer.from(end === -1 ? field : field.subarray(0, end))
}

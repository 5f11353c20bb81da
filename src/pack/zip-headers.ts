/**
 * Records of a ZIP whose entries are stored and encrypted with WinZip AES-256 (AE-2), with those of ZIP64 where a size, an
 * offset or a count needs them.
 *
 * @see PKWARE APPNOTE 6.3, 4.3 to 4.5; WinZip, "AES Encryption Information: Encryption Specification AE-1 and AE-2"
 */
import { CHECK, MAC, SALT } from '../base/winzip-aes.ts'

export interface ZippedEntry {
  readonly name: string
  /** Of the local header. */
  readonly offset: number
  /** Before encryption. */
  readonly sizeBytes: number
}

/** Bytes of an entry beside its content. */
export const OVERHEAD = SALT + CHECK + MAC
const LOCAL = 0x04034b50
export const LOCAL_BYTES = 30
const CENTRAL = 0x02014b50
/** AE-2, vendor AE, strength 3 (AES-256), method 0 (stored). */
const AES_EXTRA = Buffer.from('0199070002004145030000', 'hex')
/** Encrypted, name in UTF-8. */
const FLAGS = 0x0801
const METHOD_AES = 99
const VERSION = 51
/** Fields of 32 bits hold less; this value says that ZIP64 has it. */
const IN_ZIP64 = 0xffff_ffff
const MOST_COUNT = 0xfffe
/** 1 January 1980: the custody log has the time. */
const DATE = 0x21
const ZIP64 = 1

export function localHeader(name: string, sizeBytes: number): Buffer {
  const written = Buffer.from(name)
  const stored = sizeBytes + OVERHEAD
  const extra = Buffer.concat([stored < IN_ZIP64 ? Buffer.alloc(0) : zip64(sizeBytes, stored), AES_EXTRA])
  const header = Buffer.alloc(LOCAL_BYTES)
  header.writeUInt32LE(LOCAL, 0)
  header.writeUInt16LE(VERSION, 4)
  header.writeUInt16LE(FLAGS, 6)
  header.writeUInt16LE(METHOD_AES, 8)
  header.writeUInt16LE(DATE, 12)
  // Of an entry of ZIP64 both sizes stand there (APPNOTE 4.5.3).
  header.writeUInt32LE(Math.min(stored, IN_ZIP64), 18)
  header.writeUInt32LE(stored < IN_ZIP64 ? sizeBytes : IN_ZIP64, 22)
  header.writeUInt16LE(written.length, 26)
  header.writeUInt16LE(extra.length, 28)
  return Buffer.concat([header, written, extra])
}

/** @param header from its signature on, with the name and what follows it */
export function readLocalHeader(
  header: Buffer,
): { readonly name: string; readonly sizeBytes: number } | null {
  if (header.length < LOCAL_BYTES || header.readUInt32LE(0) !== LOCAL) return null
  const extra = LOCAL_BYTES + header.readUInt16LE(26)
  const length = header.readUInt16LE(28)
  if (header.length < extra + length) return null
  const name = header.toString('utf8', LOCAL_BYTES, extra)
  const said = header.readUInt32LE(22)
  if (said !== IN_ZIP64) return { name, sizeBytes: said }
  if (length < 20 || header.readUInt16LE(extra) !== ZIP64) return null
  return { name, sizeBytes: Number(header.readBigUInt64LE(extra + 4)) }
}

export function centralHeader({ name, offset, sizeBytes }: ZippedEntry): Buffer {
  const written = Buffer.from(name)
  const stored = sizeBytes + OVERHEAD
  const isLarge = stored >= IN_ZIP64
  const isFar = offset >= IN_ZIP64
  const values = [...(isLarge ? [sizeBytes, stored] : []), ...(isFar ? [offset] : [])]
  const extra = Buffer.concat([values.length > 0 ? zip64(...values) : Buffer.alloc(0), AES_EXTRA])
  const header = Buffer.alloc(46)
  header.writeUInt32LE(CENTRAL, 0)
  header.writeUInt16LE(VERSION, 4)
  header.writeUInt16LE(VERSION, 6)
  header.writeUInt16LE(FLAGS, 8)
  header.writeUInt16LE(METHOD_AES, 10)
  header.writeUInt16LE(DATE, 14)
  header.writeUInt32LE(isLarge ? IN_ZIP64 : stored, 20)
  header.writeUInt32LE(isLarge ? IN_ZIP64 : sizeBytes, 24)
  header.writeUInt16LE(written.length, 28)
  header.writeUInt16LE(extra.length, 30)
  header.writeUInt32LE(isFar ? IN_ZIP64 : offset, 42)
  return Buffer.concat([header, written, extra])
}

function zip64(...values: readonly number[]): Buffer {
  const extra = Buffer.alloc(4 + values.length * 8)
  extra.writeUInt16LE(ZIP64, 0)
  extra.writeUInt16LE(values.length * 8, 2)
  for (const [i, value] of values.entries()) extra.writeBigUInt64LE(BigInt(value), 4 + i * 8)
  return extra
}

/** With the records of ZIP64 where the directory lies far, or has many entries. */
export function endOf(count: number, start: number, length: number): Buffer {
  const isFar = start >= IN_ZIP64 || count > MOST_COUNT
  const far = Buffer.alloc(isFar ? 76 : 0)
  if (isFar) {
    far.writeUInt32LE(0x06064b50, 0)
    far.writeBigUInt64LE(44n, 4)
    far.writeUInt16LE(VERSION, 12)
    far.writeUInt16LE(VERSION, 14)
    for (const at of [24, 32]) far.writeBigUInt64LE(BigInt(count), at)
    far.writeBigUInt64LE(BigInt(length), 40)
    far.writeBigUInt64LE(BigInt(start), 48)
    far.writeUInt32LE(0x07064b50, 56)
    far.writeBigUInt64LE(BigInt(start + length), 64)
    far.writeUInt32LE(1, 72)
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  for (const at of [8, 10]) end.writeUInt16LE(isFar ? 0xffff : count, at)
  end.writeUInt32LE(length, 12)
  end.writeUInt32LE(isFar ? IN_ZIP64 : start, 16)
  return Buffer.concat([far, end])
}

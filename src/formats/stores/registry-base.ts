/**
 * Base block of a registry hive and of its logs.
 *
 * @see msuhanov/regf, "Windows registry file format specification", base block
 */

export const BASE_BYTES = 4096
/** The part that a log has a copy of. */
export const SECTOR = 512
const CHECKSUM_AT = 508

export interface BaseBlock {
  readonly primary: number
  readonly secondary: number
  readonly written: bigint
  /** 0 hive, 1 or 2 log of the old form, 6 log of the new form. */
  readonly fileType: number
  readonly binsBytes: number
  /** Bytes of a sector of the log. */
  readonly sectorBytes: number
  readonly isSound: boolean
}

/** @returns null: no base block */
export function baseBlockOf(bytes: Buffer): BaseBlock | null {
  if (bytes.length < SECTOR || bytes.toString('latin1', 0, 4) !== 'regf') return null
  return {
    primary: bytes.readUInt32LE(4),
    secondary: bytes.readUInt32LE(8),
    written: bytes.readBigUInt64LE(12),
    fileType: bytes.readUInt32LE(28),
    binsBytes: bytes.readUInt32LE(40),
    sectorBytes: SECTOR * Math.min(8, Math.max(1, bytes.readUInt32LE(44))),
    isSound: bytes.readUInt32LE(CHECKSUM_AT) === baseChecksum(bytes),
  }
}

/** XOR of the numbers before it; 0 and the highest number are stored as their neighbours. */
function baseChecksum(bytes: Buffer): number {
  let sum = 0
  for (let at = 0; at < CHECKSUM_AT; at += 4) sum ^= bytes.readInt32LE(at)
  return (sum === 0 ? 1 : sum === -1 ? -2 : sum) >>> 0
}

/** Stores of messengers that are encrypted, told by what stands before the encrypted part. */
import { fieldsOf } from '../../base/protobuf.ts'
import type { Sample } from '../../media-types/sample.ts'

export function lockedType({ head, sizeBytes }: Sample): string | null {
  if (head.length < 64) return null
  if (isSignalBackup(head)) return 'application/x-signal-backup'
  return whatsappBackup(head, sizeBytes) === null ? null : 'application/x-whatsapp-backup'
}

/** A length, then a frame with 16 bytes to begin with and 32 bytes of salt. @see Signal-Android, Backups.proto (BackupFrame, Header) */
function isSignalBackup(head: Buffer): boolean {
  const length = head.readUInt32BE(0)
  return (
    length >= 54 &&
    length < 120 &&
    head[4] === 0x0a &&
    head[5] === length - 2 &&
    head.readUInt16BE(6) === 0x0a10 &&
    head.readUInt16BE(24) === 0x1220
  )
}

export interface WhatsappBackup {
  /** crypt14: by a key that WhatsApp keeps; crypt15: by one of the account's own. */
  readonly form: 'crypt14' | 'crypt15'
  /** Of the program that wrote it. */
  readonly version: string | null
}

/**
 * A byte with the length of a message, for some a byte 1, the message: which cipher and with what it begins, and the program's version.
 * @see ElDavoo/wa-crypt-tools, prefix.proto
 */
export function whatsappBackup(head: Buffer, sizeBytes: number): WhatsappBackup | null {
  const length = head[0]!
  if (length < 20 || sizeBytes < length + 100) return null
  for (const at of [1, 2]) {
    if (at === 2 && head[1] !== 1) return null
    const fields = bytesIn(head.subarray(at, at + length))
    if (fields === null) continue
    const nested = fields.map(bytesIn)
    const holds = (bytes: number) => nested.some((inner) => inner?.some((one) => one.length === bytes))
    const version = nested
      .flatMap((inner) => inner ?? [])
      .map((one) => one.toString('latin1'))
      .find((text) => /^\d{1,2}\.\d{1,4}(\.\d{1,5}){0,3}$/.test(text))
    if (holds(16) && version !== undefined) return { form: holds(32) ? 'crypt14' : 'crypt15', version }
  }
  return null
}

/** Fields of a message that are bytes; null: it is none, or one with other fields than these have. */
function bytesIn(message: Buffer): readonly Buffer[] | null {
  const fields = fieldsOf(message)
  if (fields === null || fields.some(({ kind }) => kind !== 0 && kind !== 2)) return null
  return fields.flatMap(({ value }) => (Buffer.isBuffer(value) ? [value] : []))
}

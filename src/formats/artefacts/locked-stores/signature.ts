/** Recognises encrypted stores of messengers by the unencrypted bytes at the start. */
import { fieldsOf } from '../../../base/protobuf.ts'
import type { Sample } from '../../../media-types/sample.ts'

export function signature(sample: Sample): string | null {
  return backupType(sample) ?? signalConfigType(sample)
}

function backupType({ head, sizeBytes }: Sample): string | null {
  if (head.length < 64) return null
  if (isSignalBackup(head)) return 'application/x-signal-backup'
  return whatsappBackup(head, sizeBytes) === null ? null : 'application/x-whatsapp-backup'
}

/**
 * A length, then a frame with an initialisation vector of 16 bytes and a salt of 32 bytes. @see Signal-Android,
 * Backups.proto (BackupFrame, Header)
 */
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
  /** crypt14: encrypted with a key that WhatsApp keeps; crypt15: with a key of the account. */
  readonly form: 'crypt14' | 'crypt15'
  /** Version of the program that wrote the backup. */
  readonly version: string | null
}

/**
 * A length byte, in some versions a byte 1, then a message with the cipher, its initialisation vector and the program
 * version.
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

/**
 * Byte fields of a message; null: the bytes are not a message, or contain field types that these messages do not use.
 */
function bytesIn(message: Buffer): readonly Buffer[] | null {
  const fields = fieldsOf(message)
  if (fields === null || fields.some(({ kind }) => kind !== 0 && kind !== 2)) return null
  return fields.flatMap(({ value }) => (Buffer.isBuffer(value) ? [value] : []))
}

/**
 * Settings of Signal Desktop with the database key. Newer versions store the key encrypted by the system (prefix
 * `v10`, `v11` in hex).
 */
function signalConfigType({ head, sizeBytes }: Sample): string | null {
  if (head[0] !== 0x7b || sizeBytes > 4096) return null
  const text = head.toString('latin1')
  // Other programs also store a key under that name. For older versions, another Signal setting must therefore be
  // present.
  const isOne =
    /"encryptedKey": ?"76313[01][0-9a-f]{64,}"/.test(text) ||
    (/"key": ?"[0-9a-f]{64}"/.test(text) && /"media(Camera)?Permissions"/.test(text))
  return isOne ? 'application/x-signal-config' : null
}

/**
 * A file of records that only a passphrase opens, and that grows record by record: what a killed process had written is kept.
 *
 * Layout: the magic `SZDSLOG`, version (1), log2 of scrypt's N, r, p (1 byte each), salt (16); then per record its length (4 bytes, little
 * endian), nonce (12), AES-256-GCM of the record, tag (16). Header and number of the record are additional data, so that no record can
 * be moved, dropped before another, or taken from another file. A record that the end of the file cuts is not there.
 */
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto'
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'
import { UsageError } from '../base/errors.ts'

const MAGIC = Buffer.from('SZDSLOG')
const VERSION = 1
// As of a sealed file: 128 MiB, about half a second, once a file.
const [LOG_N, R, P] = [17, 8, 1]
const NAME = Buffer.concat([MAGIC, Buffer.from([VERSION, LOG_N, R, P])])
const SALT_BYTES = 16
const HEADER_BYTES = NAME.length + SALT_BYTES
const NONCE_BYTES = 12
const TAG_BYTES = 16
const AROUND = NONCE_BYTES + TAG_BYTES
const MOST_BYTES = 1 << 24

export class SealedLog {
  readonly #descriptor: number
  readonly #header: Buffer
  readonly #key: Buffer
  #records = 0

  private constructor(descriptor: number, header: Buffer, key: Buffer) {
    this.#descriptor = descriptor
    this.#header = header
    this.#key = key
  }

  /** A new file, for this account alone. @throws the file system's error, also when the file exists */
  static create(path: string, passphrase: string): SealedLog {
    const header = Buffer.concat([NAME, randomBytes(SALT_BYTES)])
    const key = keyFor(header, passphrase)
    const descriptor = openSync(path, 'wx+', 0o600)
    writeSync(descriptor, header)
    return new SealedLog(descriptor, header, key)
  }

  /**
   * Opens a file, hands over its whole records in order, and cuts off what follows them.
   * @throws UsageError when it is not such a file, a record was changed, or the passphrase is another
   */
  static open(path: string, passphrase: string, each: (record: Buffer) => void): SealedLog {
    const descriptor = openSync(path, 'r+')
    try {
      const header = bytesAt(descriptor, 0, HEADER_BYTES)
      if (header === null || !header.subarray(0, NAME.length).equals(NAME))
        throw new UsageError(`${path} is not a sealed file of this program.`)
      const log = new SealedLog(descriptor, header, keyFor(header, passphrase))
      let at = HEADER_BYTES
      for (;;) {
        const sealed = recordAt(descriptor, at)
        if (sealed === null) break
        const record = log.#unsealed(sealed)
        if (record === null)
          throw new UsageError(`${path} could not be opened: the passphrase is another, or it was changed.`)
        each(record)
        log.#records += 1
        at += 4 + sealed.length
      }
      ftruncateSync(descriptor, at)
      return log
    } catch (error) {
      closeSync(descriptor)
      throw error
    }
  }

  append(record: Buffer): void {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce)
    cipher.setAAD(this.#bound())
    const sealed = [nonce, cipher.update(record), cipher.final(), cipher.getAuthTag()]
    const length = Buffer.alloc(4)
    length.writeUInt32LE(record.length + AROUND)
    writeSync(this.#descriptor, Buffer.concat([length, ...sealed]), 0, null, fstatSync(this.#descriptor).size)
    this.#records += 1
  }

  close(): void {
    closeSync(this.#descriptor)
  }

  #bound(): Buffer {
    const number = Buffer.alloc(4)
    number.writeUInt32LE(this.#records)
    return Buffer.concat([this.#header, number])
  }

  #unsealed(sealed: Buffer): Buffer | null {
    const decipher = createDecipheriv('aes-256-gcm', this.#key, sealed.subarray(0, NONCE_BYTES))
    decipher.setAAD(this.#bound())
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
    try {
      const inside = sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES)
      return Buffer.concat([decipher.update(inside), decipher.final()])
    } catch {
      return null
    }
  }
}

function keyFor(header: Buffer, passphrase: string): Buffer {
  const N = 2 ** LOG_N
  const salt = header.subarray(NAME.length)
  return scryptSync(passphrase.normalize('NFKC'), salt, 32, { N, r: R, p: P, maxmem: 256 * N * R })
}

/** @returns nonce, content and tag; null where the file ends before the record does */
function recordAt(descriptor: number, at: number): Buffer | null {
  const length = bytesAt(descriptor, at, 4)?.readUInt32LE(0) ?? 0
  if (length < AROUND || length > MOST_BYTES) return null
  return bytesAt(descriptor, at + 4, length)
}

function bytesAt(descriptor: number, at: number, length: number): Buffer | null {
  const bytes = Buffer.alloc(length)
  for (let read = 0; read < length; ) {
    const got = readSync(descriptor, bytes, read, length - read, at + read)
    if (got === 0) return null
    read += got
  }
  return bytes
}

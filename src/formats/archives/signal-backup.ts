/**
 * Backup of Signal for Android (`.backup`): frames that are encrypted one by one, statements of SQL, and the files that were
 * sent. Its members are those files, and the statements as one text.
 *
 * Each frame and each file has a code (ten bytes of HMAC-SHA-256), which is checked before its bytes are used.
 *
 * @see signalapp/Signal-Android, BackupBase, BackupRecordInputStream, Backups.proto
 */
import { createDecipheriv, createHmac, hash, hkdfSync } from 'node:crypto'
import { bytesAt } from '../../base/protobuf.ts'
import { type ByteSource, piecesOf } from '../bytes/byte-source.ts'
import { ContainerDamaged, charged, type Extractor, type Member } from './common/container.ts'
import { NO_KEYS } from './common/keys.ts'
import { fileOf, isEnd, statementOf } from './signal-frames.ts'

const ROUNDS = 250_000
const KEY_BYTES = 32
const MAC_BYTES = 10
const COUNTER_BYTES = 4
/** A frame is one row; a file is not inside a frame. */
const MOST_FRAME_BYTES = 64 << 20
const MOST_SQL_BYTES = 256 << 20

export const signalBackup: Extractor = {
  id: 'signal-backup',
  mediaTypes: ['application/x-signal-backup'],
  async *members(source, budget, _beside, _mediaType, keys = NO_KEYS) {
    const header = headerOf(source)
    const key = keys.open(['backup-key'], 'authenticated', (secret) => {
      const candidate = keysOf(secret, header.salt)
      if (candidate === null) return null
      const first = new Frames(source, header, candidate).next()
      return first === null ? null : candidate
    })
    const frames = new Frames(source, header, key)
    const statements: Buffer[] = []
    let sqlBytes = 0
    let isWhole = false
    for (let frame = frames.next(); frame !== null; frame = frames.next()) {
      const file = fileOf(frame)
      const statement = statementOf(frame)
      if (file !== null) {
        const content = frames.file(file.bytes)
        if (content === null) break
        budget.entry()
        yield memberOf(file.name, file.bytes, async () => charged(content(), budget))
      } else if (statement !== null && sqlBytes + statement.length <= MOST_SQL_BYTES) {
        statements.push(statement)
        sqlBytes += statement.length
      }
      isWhole = isEnd(frame)
      if (isWhole) break
    }
    if (statements.length > 0) {
      budget.entry()
      yield memberOf('database.sql', sqlBytes, async () => {
        budget.charge(sqlBytes)
        return Buffer.concat(statements)
      })
    }
    if (!isWhole) throw new ContainerDamaged({ code: 'archive-ends-inside', params: {} })
  },
}

function memberOf(name: string, bytes: number, read: NonNullable<Member['read']>): Member {
  return {
    kind: 'member',
    name: Buffer.from(name),
    entryKind: 'file',
    sizeBytes: BigInt(bytes),
    modified: null,
    linkTarget: null,
    read,
  }
}

interface Header {
  readonly iv: Buffer
  readonly salt: Buffer
  /** From version 1 on the length of a frame is encrypted too. */
  readonly version: number
  readonly from: number
}

/** @throws ContainerDamaged */
function headerOf(source: ByteSource): Header {
  const length = source.sizeBytes < 4 ? 0 : source.read(0, 4).readUInt32BE(0)
  const message = source.read(4, Math.min(length, 256))
  const [iv, salt] = [bytesAt(message, [1, 1])[0], bytesAt(message, [1, 2])[0]]
  if (iv?.length !== 16 || salt?.length !== 32)
    throw new ContainerDamaged({ code: 'ends-inside-header', params: {} })
  // Field 3 follows the salt as a small number; absent: 0.
  const behind = message.subarray(message.indexOf(salt) + salt.length)
  return { iv, salt, version: behind[0] === 0x18 ? behind[1]! : 0, from: 4 + length }
}

interface FrameKeys {
  readonly cipher: Buffer
  readonly mac: Buffer
}

/** Derived once a process: it takes half a second. */
const derived = new Map<string, Buffer>()
const MOST_DERIVED = 100

/** Null: it is not thirty digits. */
function keysOf(secret: Buffer, salt: Buffer): FrameKeys | null {
  const digits = secret.toString('latin1').replace(/[\s-]/g, '')
  if (!/^\d{30}$/.test(digits)) return null
  const both = Buffer.from(hkdfSync('sha256', stretched(digits, salt), Buffer.alloc(32), 'Backup Export', 64))
  return { cipher: both.subarray(0, KEY_BYTES), mac: both.subarray(KEY_BYTES) }
}

function stretched(digits: string, salt: Buffer): Buffer {
  const id = hash('sha256', Buffer.concat([salt, Buffer.from(digits)]))
  const known = derived.get(id)
  if (known !== undefined) return known
  const input = Buffer.from(digits)
  let value = hash('sha512', Buffer.concat([salt, input, input]), 'buffer')
  for (let round = 1; round < ROUNDS; round++) value = hash('sha512', Buffer.concat([value, input]), 'buffer')
  if (derived.size >= MOST_DERIVED) derived.clear()
  derived.set(id, value.subarray(0, KEY_BYTES))
  return value.subarray(0, KEY_BYTES)
}

/** Frames in order. Each frame and each file has the next number in the first four bytes of its vector. */
class Frames {
  readonly #source: ByteSource
  readonly #header: Header
  readonly #keys: FrameKeys
  #at: number
  #counter: number

  constructor(source: ByteSource, header: Header, keys: FrameKeys) {
    this.#source = source
    this.#header = header
    this.#keys = keys
    this.#at = header.from
    this.#counter = header.iv.readUInt32BE(0)
  }

  /** Null: the backup ends here, or the code of the frame does not belong to this key. */
  next(): Buffer | null {
    const stated = this.#source.read(this.#at, 4)
    if (stated.length < 4) return null
    const cipher = this.#cipher(this.#counter)
    const isHidden = this.#header.version > 0
    const length = (isHidden ? cipher.update(stated) : stated).readUInt32BE(0)
    if (length < MAC_BYTES || length > MOST_FRAME_BYTES) return null
    const bytes = this.#source.read(this.#at + 4, length)
    if (bytes.length < length) return null
    const data = bytes.subarray(0, length - MAC_BYTES)
    const mac = createHmac('sha256', this.#keys.mac)
    if (isHidden) mac.update(stated)
    if (!isSame(mac.update(data).digest(), bytes.subarray(-MAC_BYTES))) return null
    this.#counter++
    this.#at += 4 + length
    return cipher.update(data)
  }

  /** The file behind a frame. Null: it is cut, or its code is another one. */
  file(bytes: number): (() => AsyncGenerator<Buffer>) | null {
    const [from, end, counter] = [this.#at, this.#at + bytes, this.#counter]
    if (end + MAC_BYTES > this.#source.sizeBytes) return null
    const mac = createHmac('sha256', this.#keys.mac).update(this.#vector(counter))
    for (const piece of piecesOf(this.#source, from, end)) mac.update(piece)
    if (!isSame(mac.digest(), this.#source.read(end, MAC_BYTES))) return null
    this.#counter++
    this.#at = end + MAC_BYTES
    const [source, cipher] = [this.#source, this.#cipher(counter)]
    return async function* () {
      for (const piece of piecesOf(source, from, end)) yield cipher.update(piece)
    }
  }

  #vector(counter: number): Buffer {
    const iv = Buffer.from(this.#header.iv)
    iv.writeUInt32BE(counter >>> 0, 0)
    return iv.subarray(0, COUNTER_BYTES + 12)
  }

  #cipher(counter: number) {
    return createDecipheriv('aes-256-ctr', this.#keys.cipher, this.#vector(counter))
  }
}

function isSame(mac: Buffer, stated: Buffer): boolean {
  return mac.subarray(0, MAC_BYTES).equals(stated)
}

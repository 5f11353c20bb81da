/**
 * Documents of Office that a password encrypts: the whole package is one stream of a compound file. Agile encryption has a code
 * over the whole package; standard encryption has a check of the key alone.
 * @see MS-OFFCRYPTO 2.3.4
 */
import { createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { FilePasswords, LockCheck } from '../../contracts/file-lock.ts'
import type { CompoundFile } from './compound-file.ts'
import { type AgileInfo, agileInfo } from './office-agile-info.ts'

export interface OpenedPackage {
  readonly bytes: Buffer
  /** False: the code over the package differs, so that its bytes were changed or damaged. */
  readonly isWhole: boolean
}

interface Encryption {
  readonly check: LockCheck
  /** @returns null: the password is wrong */
  readonly keyOf: (password: string) => Buffer | null
  readonly open: (key: Buffer, stream: Buffer) => OpenedPackage | null
}

const SIZE_BYTES = 8

/** Notes what became of the document. @returns null: it stays closed */
export function openedPackage(file: CompoundFile, passwords: FilePasswords): OpenedPackage | null {
  const info = file.stream('EncryptionInfo')?.bytes
  const stream = file.stream('EncryptedPackage')?.bytes
  const encryption = info === undefined || stream === undefined ? null : encryptionOf(info)
  if (encryption === null || stream === undefined || stream.length < SIZE_BYTES) {
    passwords.closed('office-rc4')
    return null
  }
  for (const password of passwords.passwords) {
    const key = encryption.keyOf(password.text)
    const opened = key === null ? null : encryption.open(key, stream)
    if (opened === null) continue
    passwords.opened(password, encryption.check)
    return opened
  }
  passwords.closed()
  return null
}

/** Null: another form than the two. */
function encryptionOf(info: Buffer): Encryption | null {
  if (info.length < 8) return null
  const [major, minor] = [info.readUInt16LE(0), info.readUInt16LE(2)]
  if (major === 4 && minor === 4) {
    const agile = agileInfo(info.toString('utf8', 8))
    return agile && agileEncryption(agile)
  }
  return minor === 2 && major >= 2 && major <= 4 ? standardEncryption(info) : null
}

const BLOCK = {
  verifierInput: Buffer.from('fea7d2763b4b9e79', 'hex'),
  verifierHash: Buffer.from('d7aa0f6d3061344e', 'hex'),
  key: Buffer.from('146e0be7abacd0d6', 'hex'),
  hmacKey: Buffer.from('5fb2ad010cb9e1f6', 'hex'),
  hmacValue: Buffer.from('a0677f02b22c8433', 'hex'),
} as const
const SEGMENT_BYTES = 4096

function agileEncryption({ data, person, integrity }: AgileInfo): Encryption {
  const personHash = (...parts: Buffer[]) => hashOf(person.hash, ...parts)
  const dataIv = (of: Buffer) => fitted(hashOf(data.hash, data.salt, of), data.blockBytes)
  const opened = (key: Buffer, iv: Buffer, bytes: Buffer) => cbc(key, iv, bytes)
  return {
    check: 'authenticated',
    keyOf(password) {
      const base = spun(person.hash, person.salt, password, person.spins)
      const by = (block: Buffer, bytes: Buffer) =>
        cbc(fitted(personHash(base, block), person.keyBytes), fitted(person.salt, person.blockBytes), bytes)
      const input = by(BLOCK.verifierInput, person.verifierInput).subarray(0, person.salt.length)
      const hash = by(BLOCK.verifierHash, person.verifierHash)
      const wanted = personHash(input)
      if (hash.length < wanted.length || !timingSafeEqual(hash.subarray(0, wanted.length), wanted))
        return null
      return by(BLOCK.key, person.keyValue).subarray(0, person.keyBytes)
    },
    open(key, stream) {
      const size = sizeOf(stream)
      if (size === null) return null
      const pieces: Buffer[] = []
      for (let at = SIZE_BYTES, index = 0; at < stream.length; at += SEGMENT_BYTES, index++) {
        const segment = wholeBlocks(stream.subarray(at, at + SEGMENT_BYTES))
        pieces.push(opened(key, dataIv(littleEndian(index)), segment))
      }
      const macKey = opened(key, dataIv(BLOCK.hmacKey), integrity.key)
      const mac = opened(key, dataIv(BLOCK.hmacValue), integrity.value)
      const made = createHmac(data.hash, macKey.subarray(0, data.hashBytes)).update(stream).digest()
      const isWhole = mac.length >= made.length && timingSafeEqual(mac.subarray(0, made.length), made)
      return { bytes: Buffer.concat(pieces).subarray(0, size), isWhole }
    },
  }
}

const STANDARD_SPINS = 50_000
/** AlgID of AES, with bytes of its key. */
const AES_IDS: Readonly<Record<number, number>> = { 26126: 16, 26127: 24, 26128: 32 }

function standardEncryption(info: Buffer): Encryption | null {
  const headerBytes = info.length < 12 ? 0 : info.readUInt32LE(8)
  const verifier = info.subarray(12 + headerBytes)
  if (headerBytes < 32 || verifier.length < 4 + 16 + 16 + 4 + 32) return null
  const keyBytes = AES_IDS[info.readUInt32LE(12 + 8)]
  if (keyBytes === undefined || verifier.readUInt32LE(0) !== 16) return null
  const salt = verifier.subarray(4, 20)
  const [input, hash] = [verifier.subarray(20, 36), verifier.subarray(40, 72)]
  return {
    check: 'key',
    keyOf(password) {
      const base = hashOf('sha1', spun('sha1', salt, password, STANDARD_SPINS), littleEndian(0))
      const half = (by: number) => {
        const block = Buffer.alloc(64, by)
        for (const [i, byte] of base.entries()) block[i] = block[i]! ^ byte
        return hashOf('sha1', block)
      }
      const key = Buffer.concat([half(0x36), half(0x5c)]).subarray(0, keyBytes)
      const wanted = hashOf('sha1', ecb(key, input))
      return timingSafeEqual(ecb(key, hash).subarray(0, wanted.length), wanted) ? key : null
    },
    open(key, stream) {
      const size = sizeOf(stream)
      if (size === null) return null
      return { bytes: ecb(key, wholeBlocks(stream.subarray(SIZE_BYTES))).subarray(0, size), isWhole: true }
    },
  }
}

function sizeOf(stream: Buffer): number | null {
  const size = stream.readBigUInt64LE(0)
  return size > BigInt(stream.length - SIZE_BYTES) ? null : Number(size)
}

function spun(hash: string, salt: Buffer, password: string, spins: number): Buffer {
  let made = hashOf(hash, salt, Buffer.from(password, 'utf16le'))
  const joined = Buffer.alloc(4 + made.length)
  for (let i = 0; i < spins; i++) {
    joined.writeUInt32LE(i, 0)
    made.copy(joined, 4)
    made = hashOf(hash, joined)
  }
  return made
}

function hashOf(hash: string, ...parts: readonly Buffer[]): Buffer {
  const digest = createHash(hash)
  for (const part of parts) digest.update(part)
  return digest.digest()
}

/** Cut, or filled with 0x36 (MS-OFFCRYPTO 2.3.4.11). */
function fitted(bytes: Buffer, length: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(Math.max(0, length - bytes.length), 0x36)]).subarray(0, length)
}

function littleEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function wholeBlocks(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.length - (bytes.length % 16))
}

function cbc(key: Buffer, iv: Buffer, bytes: Buffer): Buffer {
  const cipher = createDecipheriv(`aes-${8 * key.length}-cbc`, key, iv).setAutoPadding(false)
  return Buffer.concat([cipher.update(bytes), cipher.final()])
}

function ecb(key: Buffer, bytes: Buffer): Buffer {
  const cipher = createDecipheriv(`aes-${8 * key.length}-ecb`, key, null).setAutoPadding(false)
  return Buffer.concat([cipher.update(bytes), cipher.final()])
}

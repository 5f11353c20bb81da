/**
 * An encrypted ZIP that grows entry by entry: WinZip AES-256 (AE-2), stored without compression, names in clear. An entry is
 * whole once its authentication code stands; what a crash left half is cut off, and the next entry follows.
 *
 * @see WinZip, "AES Encryption Information: Encryption Specification AE-1 and AE-2"; PKWARE APPNOTE 6.3, ZIP64
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'
import { CHECK, ciphered, keysOf, MAC, PIECE, SALT } from './winzip-aes.ts'

export interface ZippedEntry {
  readonly name: string
  /** Of the local header. */
  readonly offset: number
  /** Before encryption. */
  readonly sizeBytes: number
}

const OVERHEAD = SALT + CHECK + MAC
const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
/** AE-2, vendor AE, strength 3 (AES-256), method 0 (stored). */
const AES_EXTRA = Buffer.from('0199070002004145030000', 'hex')
const LOCAL_BYTES = 30
/** Encrypted, name in UTF-8. */
const FLAGS = 0x0801
const METHOD_AES = 99
const VERSION = 51
const MOST_32 = 0xffff_fffe
/** 1 January 1980: the custody log has the time. */
const DATE = 0x21

export class AesZip {
  readonly #fd: number
  readonly #passphrase: string
  readonly #entries: ZippedEntry[]
  #end: number

  private constructor(fd: number, passphrase: string, entries: ZippedEntry[], end: number) {
    this.#fd = fd
    this.#passphrase = passphrase
    this.#entries = entries
    this.#end = end
  }

  /** @param file must not exist */
  static create(file: string, passphrase: string): AesZip {
    return new AesZip(openSync(file, 'wx+', 0o600), passphrase, [], 0)
  }

  /**
   * Goes on with one that was left: every whole entry stays.
   * @returns null where the passphrase is another one
   */
  static resume(file: string, passphrase: string): AesZip | null {
    const fd = openSync(file, 'r+')
    const { entries, end } = wholeEntries(fd)
    const zip = new AesZip(fd, passphrase, entries, end)
    const last = entries.at(-1)
    // The last one may have reached the disk in part: its code decides.
    if (last && !zip.#isWhole(last)) {
      entries.pop()
      zip.#end = last.offset
      if (entries.length > 0 && !zip.#isWhole(entries.at(-1)!)) {
        closeSync(fd)
        return null
      }
    }
    ftruncateSync(fd, zip.#end)
    return zip
  }

  get entries(): readonly ZippedEntry[] {
    return this.#entries
  }

  /** Cuts off everything from the first entry on that is not kept. */
  cutTo(isKept: (name: string) => boolean): void {
    const first = this.#entries.findIndex(({ name }) => !isKept(name))
    if (first < 0) return
    this.#end = this.#entries[first]!.offset
    this.#entries.length = first
    ftruncateSync(this.#fd, this.#end)
  }

  /** Durable when it returns. */
  add(name: string, bytes: Buffer): void {
    const offset = this.#end
    const header = localHeader(name, bytes.length)
    const salt = randomBytes(SALT)
    const { key, macKey, check } = keysOf(this.#passphrase, salt)
    const mac = createHmac('sha1', macKey)
    this.#write(Buffer.concat([header, salt, check]))
    for (const piece of ciphered(key, bytes)) {
      mac.update(piece)
      this.#write(piece)
    }
    this.#write(mac.digest().subarray(0, MAC))
    fsyncSync(this.#fd)
    this.#entries.push({ name, offset, sizeBytes: bytes.length })
  }

  /** Writes the directory: only then is it a ZIP. */
  finish(): void {
    const start = this.#end
    for (const entry of this.#entries) this.#write(centralHeader(entry))
    this.#write(endOf(this.#entries.length, start, this.#end - start))
    fsyncSync(this.#fd)
    closeSync(this.#fd)
  }

  close(): void {
    closeSync(this.#fd)
  }

  #write(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; )
      at += writeSync(this.#fd, bytes, at, bytes.length - at, this.#end + at)
    this.#end += bytes.length
  }

  #isWhole({ name, offset, sizeBytes }: ZippedEntry): boolean {
    const from = offset + localHeader(name, sizeBytes).length
    const salt = readAt(this.#fd, from, SALT + CHECK)
    const { macKey, check } = keysOf(this.#passphrase, salt.subarray(0, SALT))
    if (!timingSafeEqual(check, salt.subarray(SALT))) return false
    const mac = createHmac('sha1', macKey)
    const start = from + SALT + CHECK
    for (let at = 0; at < sizeBytes; at += PIECE)
      mac.update(readAt(this.#fd, start + at, Math.min(PIECE, sizeBytes - at)))
    return timingSafeEqual(mac.digest().subarray(0, MAC), readAt(this.#fd, start + sizeBytes, MAC))
  }
}

function localHeader(name: string, sizeBytes: number): Buffer {
  const written = Buffer.from(name)
  const header = Buffer.alloc(LOCAL_BYTES)
  header.writeUInt32LE(LOCAL, 0)
  header.writeUInt16LE(VERSION, 4)
  header.writeUInt16LE(FLAGS, 6)
  header.writeUInt16LE(METHOD_AES, 8)
  header.writeUInt16LE(DATE, 12)
  header.writeUInt32LE(sizeBytes + OVERHEAD, 18)
  header.writeUInt32LE(sizeBytes, 22)
  header.writeUInt16LE(written.length, 26)
  header.writeUInt16LE(AES_EXTRA.length, 28)
  return Buffer.concat([header, written, AES_EXTRA])
}

function centralHeader({ name, offset, sizeBytes }: ZippedEntry): Buffer {
  const written = Buffer.from(name)
  const isFar = offset > MOST_32
  const far = Buffer.alloc(isFar ? 12 : 0)
  if (isFar) {
    far.writeUInt16LE(1, 0)
    far.writeUInt16LE(8, 2)
    far.writeBigUInt64LE(BigInt(offset), 4)
  }
  const header = Buffer.alloc(46)
  header.writeUInt32LE(CENTRAL, 0)
  header.writeUInt16LE(VERSION, 4)
  header.writeUInt16LE(VERSION, 6)
  header.writeUInt16LE(FLAGS, 8)
  header.writeUInt16LE(METHOD_AES, 10)
  header.writeUInt16LE(DATE, 14)
  header.writeUInt32LE(sizeBytes + OVERHEAD, 20)
  header.writeUInt32LE(sizeBytes, 24)
  header.writeUInt16LE(written.length, 28)
  header.writeUInt16LE(AES_EXTRA.length + far.length, 30)
  header.writeUInt32LE(isFar ? 0xffff_ffff : offset, 42)
  return Buffer.concat([header, written, AES_EXTRA, far])
}

/** With the records of ZIP64 where the directory lies far, or has many entries. */
function endOf(count: number, start: number, length: number): Buffer {
  const isFar = start > MOST_32 || count > 0xfffe
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
  end.writeUInt32LE(isFar ? 0xffff_ffff : start, 16)
  return Buffer.concat([far, end])
}

/** Entries whose bytes are all there, one after the other from the beginning. */
function wholeEntries(fd: number): { readonly entries: ZippedEntry[]; readonly end: number } {
  const { size } = fstatSync(fd)
  const entries: ZippedEntry[] = []
  let end = 0
  for (;;) {
    if (end + LOCAL_BYTES > size) break
    const header = readAt(fd, end, LOCAL_BYTES)
    if (header.readUInt32LE(0) !== LOCAL) break
    const [nameBytes, sizeBytes] = [header.readUInt16LE(26), header.readUInt32LE(22)]
    const next = end + LOCAL_BYTES + nameBytes + header.readUInt16LE(28) + sizeBytes + OVERHEAD
    if (next > size) break
    const name = readAt(fd, end + LOCAL_BYTES, nameBytes).toString('utf8')
    entries.push({ name, offset: end, sizeBytes })
    end = next
  }
  return { entries, end }
}

function readAt(fd: number, from: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let at = 0; at < length; ) {
    const read = readSync(fd, bytes, at, length - at, from + at)
    if (read === 0) return bytes.subarray(0, at)
    at += read
  }
  return bytes
}

/**
 * An encrypted ZIP that grows entry by entry: WinZip AES-256 (AE-2), stored without compression, names in clear. An entry is
 * whole once its authentication code stands; what a crash left half is cut off, and the next entry follows.
 *
 * @see WinZip, "AES Encryption Information: Encryption Specification AE-1 and AE-2"; PKWARE APPNOTE 6.3, ZIP64
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'
import { CHECK, CounterCipher, keysOf, MAC, PIECE, SALT } from '../base/winzip-aes.ts'
import {
  centralHeader,
  endOf,
  LOCAL_BYTES,
  localHeader,
  OVERHEAD,
  readLocalHeader,
  type ZippedEntry,
} from './zip-headers.ts'

export interface GrowingEntry {
  take(piece: Buffer): void
  /** All bytes were taken. Durable when it returns. */
  end(): void
  /** Nothing of it stays. */
  drop(): void
}

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
    const entry = this.begin(name, bytes.length)
    for (let at = 0; at < bytes.length; at += PIECE) entry.take(bytes.subarray(at, at + PIECE))
    entry.end()
  }

  /** An entry that grows piece by piece; the next one begins when it has ended or was dropped. */
  begin(name: string, sizeBytes: number): GrowingEntry {
    const offset = this.#end
    const salt = randomBytes(SALT)
    const { key, macKey, check } = keysOf(this.#passphrase, salt)
    this.#write(Buffer.concat([localHeader(name, sizeBytes), salt, check]))
    const [cipher, mac] = [new CounterCipher(key), createHmac('sha1', macKey)]
    return {
      take: (piece) => {
        const enciphered = Buffer.from(piece)
        cipher.next(enciphered)
        mac.update(enciphered)
        this.#write(enciphered)
      },
      end: () => {
        this.#write(mac.digest().subarray(0, MAC))
        fsyncSync(this.#fd)
        this.#entries.push({ name, offset, sizeBytes })
      },
      drop: () => {
        this.#end = offset
        ftruncateSync(this.#fd, offset)
      },
    }
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

/** This program's names are short. */
const MOST_NAME_AND_EXTRA = 512

/** Entries whose bytes are all there, one after the other from the beginning. */
function wholeEntries(fd: number): { readonly entries: ZippedEntry[]; readonly end: number } {
  const { size } = fstatSync(fd)
  const entries: ZippedEntry[] = []
  let end = 0
  for (;;) {
    const header = readLocalHeader(readAt(fd, end, LOCAL_BYTES + MOST_NAME_AND_EXTRA))
    if (header === null) break
    const { name, sizeBytes } = header
    const next = end + localHeader(name, sizeBytes).length + sizeBytes + OVERHEAD
    if (next > size) break
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

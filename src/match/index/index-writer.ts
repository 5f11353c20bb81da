/** Writes a compiled index front to back: sections in blocks, each block's digest, then the metadata and the header. */
import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { ALTERNATIVE, VPDQ } from '../records/algorithms.ts'
import {
  BLOCK_BYTES,
  DIGEST_BYTES,
  HEADER_BYTES,
  INDEX_MAGIC,
  INDEX_VERSION,
  INDEX_VERSION_OF_ALTERNATIVES,
  INDEX_VERSION_OF_VIDEOS,
  type IndexMetadata,
  type Section,
} from './index-layout.ts'

const BUFFER_BLOCKS = 16

export class IndexWriter {
  readonly #path: string
  readonly #unfinished: string
  readonly #fd: number
  readonly #buffer = Buffer.alloc(BLOCK_BYTES * BUFFER_BLOCKS)
  #used = 0
  #flushed = 0
  #sectionStart = 0
  readonly #digests: Buffer[] = []

  /** The file appears under `path` only when {@link finish} has returned. */
  constructor(path: string) {
    this.#path = path
    this.#unfinished = `${path}.unfinished`
    this.#fd = openSync(this.#unfinished, 'wx', 0o600)
  }

  /** Bytes written of the present section. */
  get sectionBytes(): number {
    return this.#flushed + this.#used - this.#sectionStart
  }

  write(bytes: Uint8Array): void {
    if (bytes.length < this.#buffer.length - this.#used) {
      this.#buffer.set(bytes, this.#used)
      this.#used += bytes.length
      return
    }
    for (let from = 0; from < bytes.length; ) {
      const length = Math.min(bytes.length - from, this.#buffer.length - this.#used)
      this.#buffer.set(bytes.subarray(from, from + length), this.#used)
      this.#used += length
      from += length
      if (this.#used === this.#buffer.length) this.#flush()
    }
  }

  writeLength(length: number): void {
    if (this.#buffer.length - this.#used <= 4) {
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32LE(length)
      this.write(bytes)
    } else this.#used = this.#buffer.writeUInt32LE(length, this.#used)
  }

  writeWords(words: Uint32Array | Int32Array): void {
    this.write(new Uint8Array(words.buffer, words.byteOffset, words.byteLength))
  }

  /** Pads the section with zeros to a whole block; the next section begins there. */
  endSection(): Section {
    const bytes = this.sectionBytes
    const section = { offset: HEADER_BYTES + this.#sectionStart, bytes }
    const padding = (BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES
    this.write(Buffer.alloc(padding))
    this.#flush()
    this.#sectionStart = this.#flushed
    return section
  }

  finish(metadata: Omit<IndexMetadata, 'blocks' | 'blockDigestsSha256'>): void {
    const digests = Buffer.concat(this.#digests, this.#digests.length * DIGEST_BYTES)
    const text = Buffer.from(
      JSON.stringify({
        ...metadata,
        blocks: this.#digests.length,
        blockDigestsSha256: createHash('sha256').update(digests).digest('hex'),
      } satisfies IndexMetadata),
    )
    const metadataAt = HEADER_BYTES + this.#flushed + digests.length
    const header = Buffer.alloc(HEADER_BYTES)
    INDEX_MAGIC.copy(header)
    header.writeUInt32LE(versionFor(metadata.layout.present), 8)
    header.writeBigUInt64LE(BigInt(metadataAt), 16)
    header.writeBigUInt64LE(BigInt(text.length), 24)
    createHash('sha256').update(header.subarray(0, 32)).update(text).digest().copy(header, 32)
    writeAt(this.#fd, digests, HEADER_BYTES + this.#flushed)
    writeAt(this.#fd, text, metadataAt)
    writeAt(this.#fd, header, 0)
    fsyncSync(this.#fd)
    closeSync(this.#fd)
    renameSync(this.#unfinished, this.#path)
    const folder = openSync(dirname(this.#path), 'r')
    fsyncSync(folder)
    closeSync(folder)
  }

  /** Removes the unfinished file. */
  abandon(): void {
    closeSync(this.#fd)
    rmSync(this.#unfinished, { force: true })
  }

  #flush(): void {
    for (let at = 0; at < this.#used; at += BLOCK_BYTES) {
      this.#digests.push(
        createHash('sha256')
          .update(this.#buffer.subarray(at, at + BLOCK_BYTES))
          .digest(),
      )
    }
    writeAt(this.#fd, this.#buffer.subarray(0, this.#used), HEADER_BYTES + this.#flushed)
    this.#flushed += this.#used
    this.#used = 0
  }
}

function versionFor(present: number): number {
  if ((present & ALTERNATIVE.bit) !== 0) return INDEX_VERSION_OF_ALTERNATIVES
  return (present & VPDQ.bit) !== 0 ? INDEX_VERSION_OF_VIDEOS : INDEX_VERSION
}

function writeAt(fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(fd, bytes, done, bytes.length - done, position + done)
  }
}

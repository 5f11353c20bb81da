/**
 * The file of a compiled index. Header and metadata are checked when it is opened, each block before its first use.
 *
 * A block is first read whole, compared with its digest, and kept while the budget lasts. Later, checked blocks are
 * read in part.
 */
import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import {
  BLOCK_BYTES,
  BLOCK_WORDS,
  DIGEST_BYTES,
  HashSetIndexDamaged,
  HEADER_BYTES,
  INDEX_MAGIC,
  INDEX_VERSION,
  INDEX_VERSION_OF_ALTERNATIVES,
  type IndexMetadata,
  MOST_METADATA_BYTES,
} from './index-layout.ts'

/**
 * Tells an index by its first bytes. Also false for a file that cannot be opened: reading it as a list then gives the
 * reason.
 */
export function isIndexFile(path: string): boolean {
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch {
    return false
  }
  try {
    if (!fstatSync(fd).isFile()) return false
    const magic = Buffer.alloc(INDEX_MAGIC.length)
    readSync(fd, magic, 0, magic.length, 0)
    return magic.equals(INDEX_MAGIC)
  } finally {
    closeSync(fd)
  }
}

/** @throws HashSetIndexDamaged */
export function openIndex(path: string): { fd: number; metadata: IndexMetadata } {
  const fd = openSync(path, 'r')
  try {
    const header = Buffer.alloc(HEADER_BYTES)
    const { size } = fstatSync(fd)
    if (size < HEADER_BYTES) throw new HashSetIndexDamaged(path, 'it is too short')
    readExactly(path, fd, header, 0)
    if (!header.subarray(0, 8).equals(INDEX_MAGIC))
      throw new HashSetIndexDamaged(path, 'it does not begin as one')
    const version = header.readUInt32LE(8)
    if (version < INDEX_VERSION || version > INDEX_VERSION_OF_ALTERNATIVES) {
      throw new HashSetIndexDamaged(
        path,
        `it has version ${version}, and this program reads ${INDEX_VERSION} to ${INDEX_VERSION_OF_ALTERNATIVES}`,
      )
    }
    const [at, length] = [Number(header.readBigUInt64LE(16)), Number(header.readBigUInt64LE(24))]
    if (at + length !== size || length > MOST_METADATA_BYTES) {
      throw new HashSetIndexDamaged(
        path,
        'its length is not what its header says: it is truncated or was changed',
      )
    }
    const text = Buffer.alloc(length)
    readExactly(path, fd, text, at)
    const digest = createHash('sha256').update(header.subarray(0, 32)).update(text).digest()
    if (!digest.equals(header.subarray(32)))
      throw new HashSetIndexDamaged(path, 'its header or metadata was changed')
    const metadata = JSON.parse(text.toString()) as IndexMetadata
    if (HEADER_BYTES + metadata.blocks * (BLOCK_BYTES + DIGEST_BYTES) !== at) {
      throw new HashSetIndexDamaged(path, 'its length is not what its metadata says')
    }
    return { fd, metadata }
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

export class BlockFile {
  /** Words of the block that {@link locate} found; valid until its next call. */
  words: Uint32Array = new Uint32Array(BLOCK_WORDS)
  readonly #path: string
  readonly #fd: number
  readonly #metadata: IndexMetadata
  readonly #checked: Uint8Array
  readonly #kept: (Uint32Array | undefined)[]
  #budget: number
  #digests: Buffer | null = null
  #scratch = new Uint32Array(BLOCK_WORDS)
  readonly #block = new Uint8Array(BLOCK_BYTES)

  constructor(path: string, fd: number, metadata: IndexMetadata, cacheBytes: number) {
    this.#path = path
    this.#fd = fd
    this.#metadata = metadata
    this.#checked = new Uint8Array(metadata.blocks)
    this.#kept = new Array(metadata.blocks).fill(undefined)
    this.#budget = cacheBytes
  }

  /** Makes `length` words at a file offset available in `words`; returns the index of the first. */
  locate(offset: number, length: number): number {
    const from = offset - HEADER_BYTES
    const block = Math.floor(from / BLOCK_BYTES)
    const last = Math.floor((from + length * 4 - 1) / BLOCK_BYTES)
    if (block === last) {
      const kept = this.#kept[block] ?? this.#keep(block)
      if (kept !== undefined) {
        this.words = kept
        return (from - block * BLOCK_BYTES) >>> 2
      }
    }
    for (let b = block; b <= last; b++) this.#check(b)
    if (this.#scratch.length < length) this.#scratch = new Uint32Array(length * 2)
    readExactly(this.#path, this.#fd, new Uint8Array(this.#scratch.buffer, 0, length * 4), offset)
    this.words = this.#scratch
    return 0
  }

  /** A copy. */
  bytes(offset: number, length: number): Buffer {
    const from = offset - HEADER_BYTES
    const last = Math.floor((from + Math.max(0, length - 1)) / BLOCK_BYTES)
    for (let b = Math.floor(from / BLOCK_BYTES); b <= last; b++) this.#check(b)
    const bytes = Buffer.alloc(length)
    readExactly(this.#path, this.#fd, bytes, offset)
    return bytes
  }

  readBlock(block: number, into: Uint8Array): void {
    readExactly(this.#path, this.#fd, into, HEADER_BYTES + block * BLOCK_BYTES)
    this.#compare(block, into)
    this.#checked[block] = 1
  }

  async verifyAll(progress: (fraction: number) => void): Promise<readonly string[]> {
    const problems: string[] = []
    for (let block = 0; block < this.#metadata.blocks && problems.length < 100; block++) {
      try {
        this.readBlock(block, this.#block)
      } catch (error) {
        if (!(error instanceof HashSetIndexDamaged)) throw error
        problems.push(error.message)
      }
      if (block % 256 === 0) {
        progress(block / this.#metadata.blocks)
        await new Promise(setImmediate)
      }
    }
    return problems
  }

  damaged(what: string): HashSetIndexDamaged {
    return new HashSetIndexDamaged(this.#path, what)
  }

  close(): void {
    closeSync(this.#fd)
  }

  #keep(block: number): Uint32Array | undefined {
    if (this.#budget < BLOCK_BYTES) return undefined
    const words = new Uint32Array(BLOCK_WORDS)
    this.readBlock(block, new Uint8Array(words.buffer))
    this.#budget -= BLOCK_BYTES
    this.#kept[block] = words
    return words
  }

  #check(block: number): void {
    if (this.#checked[block] !== 1) this.readBlock(block, this.#block)
  }

  #compare(block: number, bytes: Uint8Array): void {
    this.#digests ??= this.#readDigests()
    const actual = createHash('sha256').update(bytes).digest()
    const at = block * DIGEST_BYTES
    if (actual.compare(this.#digests, at, at + DIGEST_BYTES) !== 0) {
      throw this.damaged(
        `block ${block} (at byte ${HEADER_BYTES + block * BLOCK_BYTES}) does not have its digest`,
      )
    }
  }

  #readDigests(): Buffer {
    const { blocks, blockDigestsSha256 } = this.#metadata
    const digests = Buffer.alloc(blocks * DIGEST_BYTES)
    readExactly(this.#path, this.#fd, digests, HEADER_BYTES + blocks * BLOCK_BYTES)
    if (createHash('sha256').update(digests).digest('hex') !== blockDigestsSha256) {
      throw this.damaged('the table of block digests was changed')
    }
    return digests
  }
}

function readExactly(path: string, fd: number, into: Uint8Array, position: number): void {
  for (let done = 0; done < into.length; ) {
    const read = readSync(fd, into, done, into.length - done, position + done)
    if (read === 0) throw new HashSetIndexDamaged(path, `it ends before byte ${position + into.length}`)
    done += read
  }
}

/**
 * Rows of words before sorting: distributed into partitions by the top bits of a key, on disk.
 *
 * One file contains all partitions, each a chain of chunks: memory stays bounded for a list of any length.
 */
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs'

/** Memory for all partitions' buffers together. */
const POOL_WORDS = 6 * 1024 * 1024
const LEAST_BUFFER_WORDS = 4 * 1024

export class Spool {
  readonly bits: number
  /** Memory to write a row into: see {@link reserve}. */
  readonly pool: Uint32Array
  readonly #path: string
  readonly #fd: number
  readonly #bufferWords: number
  readonly #used: Uint32Array
  /** Of each partition: file position in words and length of each chunk. */
  readonly #chunks: number[][]
  #endWords = 0

  /** @param bits log2 of the number of partitions */
  constructor(path: string, bits: number, poolWords = POOL_WORDS) {
    this.bits = bits
    this.#path = path
    this.#fd = openSync(path, 'wx+', 0o600)
    this.#bufferWords = Math.max(LEAST_BUFFER_WORDS, poolWords >>> bits)
    this.pool = new Uint32Array(this.#bufferWords << bits)
    this.#used = new Uint32Array(1 << bits)
    this.#chunks = Array.from({ length: 1 << bits }, () => [])
  }

  get partitions(): number {
    return this.#chunks.length
  }

  /** Room for a row of a partition; returns its index in `pool`. */
  reserve(partition: number, words: number): number {
    let used = this.#used[partition]!
    if (used + words > this.#bufferWords) {
      this.#flush(partition)
      used = 0
    }
    this.#used[partition] = used + words
    return partition * this.#bufferWords + used
  }

  /** Words of a partition so far. */
  size(partition: number): number {
    const chunks = this.#chunks[partition]!
    let words = this.#used[partition]!
    for (let c = 1; c < chunks.length; c += 2) words += chunks[c]!
    return words
  }

  /** A whole partition, in the order in which its rows were written. */
  read(partition: number): Uint32Array {
    const words = new Uint32Array(this.size(partition))
    const chunks = this.#chunks[partition]!
    let at = 0
    for (let c = 0; c < chunks.length; c += 2) {
      readWords(this.#fd, words.subarray(at, at + chunks[c + 1]!), chunks[c]! * 4)
      at += chunks[c + 1]!
    }
    words.set(this.#unflushed(partition), at)
    return words
  }

  /** The same, chunk by chunk; no row spans two chunks. Use each before requesting the next. */
  *pieces(partition: number): Generator<Uint32Array> {
    const chunks = this.#chunks[partition]!
    const scratch = new Uint32Array(this.#bufferWords)
    for (let c = 0; c < chunks.length; c += 2) {
      const piece = scratch.subarray(0, chunks[c + 1]!)
      readWords(this.#fd, piece, chunks[c]! * 4)
      yield piece
    }
    yield this.#unflushed(partition)
  }

  remove(): void {
    closeSync(this.#fd)
    rmSync(this.#path, { force: true })
  }

  #unflushed(partition: number): Uint32Array {
    const start = partition * this.#bufferWords
    return this.pool.subarray(start, start + this.#used[partition]!)
  }

  #flush(partition: number): void {
    const start = partition * this.#bufferWords
    const used = this.#used[partition]!
    const bytes = new Uint8Array(this.pool.buffer, start * 4, used * 4)
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.#fd, bytes, done, bytes.length - done, this.#endWords * 4 + done)
    }
    this.#chunks[partition]!.push(this.#endWords, used)
    this.#endWords += used
    this.#used[partition] = 0
  }
}

function readWords(fd: number, into: Uint32Array, position: number): void {
  const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength)
  for (let done = 0; done < bytes.length; ) {
    const read = readSync(fd, bytes, done, bytes.length - done, position + done)
    if (read === 0) throw new Error('a temporary file of the import ended too early')
    done += read
  }
}

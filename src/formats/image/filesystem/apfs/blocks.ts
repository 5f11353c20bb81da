/**
 * Blocks of a container, and the objects in them: each begins with its checksum, identifier, transaction and type.
 *
 * @see Apple, "Apple File System Reference" (2020): Objects
 */
import type { Medium } from '../../../../contracts/image.ts'
import { readAt, u64 } from '../../content/read-at.ts'

export const OBJECT_HEADER_BYTES = 32
/** Larger objects do not occur: the space manager's grows with the disk, 8 bytes per 16 GiB. */
const OBJECT_BYTES_MOST = 16 * 1024 * 1024

/** Lower half of the type of an object. */
export const OBJECT = {
  container: 0x01,
  treeRoot: 0x02,
  treeNode: 0x03,
  spaceManager: 0x05,
  chunkAddresses: 0x06,
  chunks: 0x07,
  freeQueue: 0x09,
  objectMap: 0x0b,
  checkpointMap: 0x0c,
  volume: 0x0d,
  fileTree: 0x0e,
  snapshots: 0x10,
  fileExtents: 0x1f,
} as const

export interface Header {
  readonly id: number
  readonly transaction: number
  readonly type: number
  readonly subtype: number
}

export class Blocks {
  readonly medium: Medium
  readonly blockBytes: number
  /** Of the container, as far as the medium has them. */
  readonly count: number

  constructor(medium: Medium, blockBytes: number, stated: number) {
    this.medium = medium
    this.blockBytes = blockBytes
    this.count = Math.min(stated, Math.floor(medium.sizeBytes / blockBytes))
  }

  /** Null where the medium does not contain the whole block. */
  read(block: number): Buffer | null {
    if (!(block >= 0 && block < this.count)) return null
    const bytes = readAt(this.medium, block * this.blockBytes, this.blockBytes)
    return bytes.length === this.blockBytes ? bytes : null
  }

  /** A block with an object of this type and a correct checksum. */
  object(block: number, type: number): Buffer | null {
    const bytes = this.read(block)
    return bytes !== null && headerOf(bytes).type === type && checksumAgrees(bytes) ? bytes : null
  }

  /** An object of several blocks. */
  largeObject(block: number, bytes: number, type: number): Buffer | null {
    if (bytes <= this.blockBytes) return this.object(block, type)
    if (!(block >= 0) || bytes > OBJECT_BYTES_MOST || bytes % this.blockBytes !== 0) return null
    const whole = readAt(this.medium, block * this.blockBytes, bytes)
    return whole.length === bytes && headerOf(whole).type === type && checksumAgrees(whole) ? whole : null
  }
}

export function headerOf(bytes: Buffer): Header {
  return {
    id: u64(bytes, 8),
    transaction: u64(bytes, 16),
    type: bytes.readUInt16LE(24),
    subtype: bytes.readUInt16LE(28),
  }
}

const MODULUS = 0xffffffff
/** Sums of so many words stay below 2^53. */
const WORDS = 1024

/** Fletcher's sum of 64 bits over everything behind it. */
export function checksumAgrees(bytes: Buffer): boolean {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Buffer.from(Uint8Array.from(bytes).buffer)
  const words = new Uint32Array(aligned.buffer, aligned.byteOffset, Math.floor(aligned.length / 4))
  let one = 0
  let two = 0
  for (let at = 2; at < words.length; ) {
    const end = Math.min(words.length, at + WORDS)
    for (; at < end; at++) {
      one += words[at] as number
      two += one
    }
    one %= MODULUS
    two %= MODULUS
  }
  const low = MODULUS - ((one + two) % MODULUS)
  const high = MODULUS - ((one + low) % MODULUS)
  return words[0] === low && words[1] === high
}

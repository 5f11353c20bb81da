/**
 * Reads pages of an ESE database and the nodes of a tree in key order. Each page is visited once, so a tree cannot be
 * a cycle.
 */
import { NotAnArtefact } from '../records/artefact.ts'

export interface EseNode {
  /** Offset of the data in the file. */
  readonly at: number
  readonly key: Buffer
  readonly data: Buffer
  readonly isDeleted: boolean
}

const SIGNATURE = 0x89abcdef
const PAGE_SIZES: readonly number[] = [2048, 4096, 8192, 16_384, 32_768]
const LARGEST_SMALL = 8192
const HEADER_BYTES = 40
/** Header of pages larger than 8 KiB. */
const LARGE_HEADER_BYTES = 80
const CLEAN = 3
const FLAG = { root: 0x1, leaf: 0x2, empty: 0x8, spaceTree: 0x20 } as const
const NODE = { deleted: 0x2, hasPrefix: 0x4 } as const
const MOST_DEPTH = 32

export class EsePages {
  readonly isLarge: boolean
  /** The program closed the database: no data is only in the logs. */
  readonly isClean: boolean
  damaged = 0
  firstDamagedAt: number | null = null
  readonly #bytes: Buffer
  readonly #pageBytes: number

  /** @throws NotAnArtefact */
  constructor(bytes: Buffer) {
    if (bytes.length < 256 || bytes.readUInt32LE(4) !== SIGNATURE) throw new NotAnArtefact()
    this.#bytes = bytes
    this.#pageBytes = bytes.readUInt32LE(236)
    // Databases of Windows 2000 do not state the page size; it is 4 KiB.
    if (this.#pageBytes === 0) this.#pageBytes = 4096
    if (!PAGE_SIZES.includes(this.#pageBytes)) throw new NotAnArtefact()
    this.isLarge = this.#pageBytes > LARGEST_SMALL
    this.isClean = bytes.readUInt32LE(52) === CLEAN
  }

  spoiled(at: number): void {
    this.damaged++
    this.firstDamagedAt ??= at
  }

  *nodes(root: number): Generator<EseNode> {
    yield* this.#below(root, new Set(), null, 0)
  }

  *#below(number: number, seen: Set<number>, owner: number | null, depth: number): Generator<EseNode> {
    // Two header pages precede the first page.
    const at = (number + 1) * this.#pageBytes
    const isPage = number > 0 && Number.isSafeInteger(at) && at + this.#pageBytes <= this.#bytes.length
    if (!isPage || seen.has(number) || depth > MOST_DEPTH) {
      this.spoiled(isPage ? at : 0)
      return
    }
    seen.add(number)
    const page = this.#bytes.subarray(at, at + this.#pageBytes)
    const flags = page.readUInt32LE(36)
    const belongsTo = page.readUInt32LE(24)
    if ((owner !== null && belongsTo !== owner) || (flags & (FLAG.empty | FLAG.spaceTree)) !== 0) {
      this.spoiled(at)
      return
    }
    for (const node of this.#nodesOf(page, at, (flags & FLAG.root) !== 0)) {
      if ((flags & FLAG.leaf) !== 0) yield node
      else if (node.data.length >= 4)
        yield* this.#below(node.data.readUInt32LE(0), seen, belongsTo, depth + 1)
      else this.spoiled(node.at)
    }
  }

  *#nodesOf(page: Buffer, at: number, isRoot: boolean): Generator<EseNode> {
    const state = page.readUInt16LE(34)
    const [count, reserved] = [state & 0x0fff, state >> 12 || 1]
    if (count * 4 > page.length - HEADER_BYTES) {
      this.spoiled(at)
      return
    }
    const prefix = isRoot || count === 0 ? Buffer.alloc(0) : (this.#value(page, 0)?.bytes ?? Buffer.alloc(0))
    for (let i = reserved; i < count; i++) {
      const value = this.#value(page, i)
      const node = value && nodeOf(value, prefix, at)
      if (node) yield node
      else this.spoiled(at)
    }
  }

  #value(page: Buffer, number: number): Value | null {
    const tag = page.length - 4 * (number + 1)
    const mask = this.isLarge ? 0x7fff : 0x1fff
    const [size, offset] = [page.readUInt16LE(tag) & mask, page.readUInt16LE(tag + 2) & mask]
    const from = (this.isLarge ? LARGE_HEADER_BYTES : HEADER_BYTES) + offset
    if (from + size > page.length || (number > 0 && size < 2)) return null
    const bytes = page.subarray(from, from + size)
    // In large pages, the flags are in the data that the tag points to.
    const flags = this.isLarge ? (bytes[1] ?? 0) >> 5 : page.readUInt16LE(tag + 2) >> 13
    return { bytes, flags, from }
  }
}

interface Value {
  readonly bytes: Buffer
  readonly flags: number
  readonly from: number
}

/** Length of the prefix that the key shares with the page, the rest of the key, then the data. */
function nodeOf({ bytes, flags, from }: Value, prefix: Buffer, at: number): EseNode | null {
  let begins = 0
  let read = 0
  if ((flags & NODE.hasPrefix) !== 0) {
    begins = bytes.readUInt16LE(0) & 0x1fff
    read = 2
  }
  if (read + 2 > bytes.length || begins > prefix.length) return null
  const rest = bytes.readUInt16LE(read) & 0x1fff
  read += 2
  if (read + rest > bytes.length) return null
  const key = Buffer.concat([prefix.subarray(0, begins), bytes.subarray(read, read + rest)])
  return {
    at: at + from + read + rest,
    key,
    data: bytes.subarray(read + rest),
    isDeleted: (flags & NODE.deleted) !== 0,
  }
}

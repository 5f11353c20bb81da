/**
 * Lists the volume shadow copies of Windows from their catalogue.
 *
 * @see libyal/libvshadow, documentation/Volume Shadow Snapshot (VSS) format.asciidoc
 */
import type { Medium } from '../../../../../contracts/image.ts'
import { readAt, u64 } from '../../../content/read-at.ts'

export const BLOCK_BYTES = 16_384
/** Bytes of the header of every block of the catalogue and of a store. */
export const HEADER_BYTES = 128
const AT = 0x1e00
const ENTRY_BYTES = 128
/** {3808876b-c176-4e48-b7ae-04046e6cc752} as it is stored. */
const IDENTIFIER = Buffer.from('6b87083876c1484eb7ae04046e6cc752', 'hex')
const VOLUME_HEADER = 1
const CATALOGUE = 2
const KIND = { copy: 2, store: 3 } as const
/** Windows keeps 512 at most. */
const COPIES_AT_MOST = 1024
const UNIX_EPOCH = 116_444_736_000_000_000n

export interface ShadowCopy {
  readonly id: string
  /** 100 ns since 1601. */
  readonly created: bigint
  /** Place of its store on the volume; null: the catalogue has none. */
  readonly store: Store | null
}

interface Store {
  readonly blocks: number
  readonly bitmap: number
  /** 0: none. */
  readonly previousBitmap: number
}

export interface Catalogue {
  /** Oldest first. */
  readonly copies: readonly ShadowCopy[]
  /** True where a block of it is invalid. */
  readonly damaged: boolean
}

export function shadowCopies(volume: Medium): Catalogue {
  const header = readAt(volume, AT, HEADER_BYTES)
  const first = isBlock(header, VOLUME_HEADER) ? u64(header, 48) : 0
  const copies = new Map<string, ShadowCopy>()
  const stores = new Map<string, Store>()
  let damaged = false
  for (const block of blocksOf(volume, first, CATALOGUE, () => (damaged = true))) {
    for (let at = HEADER_BYTES; at < BLOCK_BYTES && copies.size < COPIES_AT_MOST; at += ENTRY_BYTES) {
      const kind = u64(block, at)
      const id = guid(block, at + 16)
      if (kind === KIND.copy) copies.set(id, { id, created: block.readBigUInt64LE(at + 48), store: null })
      if (kind === KIND.store)
        stores.set(id, {
          blocks: u64(block, at + 8),
          bitmap: u64(block, at + 48),
          previousBitmap: u64(block, at + 72),
        })
    }
  }
  return {
    copies: [...copies.values()]
      .map((copy) => ({ ...copy, store: stores.get(copy.id) ?? null }))
      .sort((a, b) => (a.created < b.created ? -1 : a.created > b.created ? 1 : 0)),
    damaged,
  }
}

/**
 * Blocks of one kind, each with the offset of the next.
 * @param broken called where the chain leads to another kind of block
 */
export function* blocksOf(
  volume: Medium,
  first: number,
  type: number,
  broken: () => void,
): Generator<Buffer, void, undefined> {
  const seen = new Set<number>()
  for (let at = first; at !== 0; ) {
    const block = seen.has(at) ? null : readAt(volume, at, BLOCK_BYTES)
    if (block === null || block.length < BLOCK_BYTES || !isBlock(block, type)) return broken()
    seen.add(at)
    yield block
    at = u64(block, 40)
  }
}

const isBlock = (block: Buffer, type: number): boolean =>
  block.length >= HEADER_BYTES && IDENTIFIER.equals(block.subarray(0, 16)) && block.readUInt32LE(20) === type

/** ISO 8601 in UTC; empty for an invalid time. */
export function createdUtc({ created }: ShadowCopy): string {
  const ms = Number((created - UNIX_EPOCH) / 10_000n)
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : ''
}

function guid(bytes: Buffer, at: number): string {
  const [a, b, c] = [bytes.readUInt32LE(at), bytes.readUInt16LE(at + 4), bytes.readUInt16LE(at + 6)]
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')
  const rest = bytes.toString('hex', at + 8, at + 16)
  return `${hex(a, 8)}-${hex(b, 4)}-${hex(c, 4)}-${rest.slice(0, 4)}-${rest.slice(4)}`
}

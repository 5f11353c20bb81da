/**
 * Contents that macOS stores compressed (decmpfs): whole in an attribute, or in pieces of 64 KiB in the resource fork.
 *
 * A piece that did not shrink is stored uncompressed, after a byte that no compressed piece begins with.
 */
import type { Medium } from '../../../contracts/image.ts'
import type { DecmpfsPlace } from './decmpfs.ts'
import { inflatedBlock } from './inflate-block.ts'
import { decodeLzfse } from './lzfse.ts'
import { decodeLzvn } from './lzvn.ts'
import { runsContent } from './runs.ts'
import type { Decode, StoredUnits } from './stored-units.ts'

interface Coding {
  /** True where the first byte marks uncompressed data. */
  plain(first: number): boolean
  decoderOf(unitBytes: number): Decode
}

/** By the first part of a coding's name. */
const CODINGS: Readonly<Record<string, Coding>> = {
  zlib: { plain: (first) => (first & 15) === 15, decoderOf: zlibOf },
  lzvn: { plain: (first) => first === 0x06, decoderOf: () => decodeLzvn },
  lzfse: { plain: (first) => first === 0xff, decoderOf: () => decodeLzfse },
}

export function decmpfsUnits(volume: Medium, place: DecmpfsPlace, sizeBytes: number): StoredUnits {
  const { coding, runs, validBytes, unitBytes } = place
  const [name = '', where] = coding.split('-')
  const { plain, decoderOf } = CODINGS[name] as Coding
  const decode = decoderOf(unitBytes)
  const content = runsContent(volume, runs, validBytes, validBytes)
  const pieces =
    where === 'attribute' ? whole(validBytes) : name === 'zlib' ? resources(content) : offsets(content)
  /** A stored piece is at most as long as its uncompressed form and the marking byte. */
  const longest = unitBytes + 1

  function piece(index: number): { readonly from: number; readonly length: number } | null {
    const found = pieces(index)
    const fits = found !== null && found.length > 0 && found.length <= longest
    return fits && found.from >= 0 && found.from + found.length <= validBytes ? found : null
  }

  return {
    read(index, target) {
      const found = piece(index)
      if (!found) return { from: 0, cause: 'chunk-table' }
      const stored = Buffer.alloc(found.length)
      content.readInto(stored, found.from)
      const decoded = plain(stored[0] as number)
        ? target.length === stored.length - 1
          ? stored.copy(target, 0, 1)
          : 0
        : decode(stored, target)
      return decoded < Math.min(target.length, sizeBytes - index * unitBytes)
        ? { from: decoded, cause: name }
        : null
    },
    damageIn(index) {
      const found = piece(index)
      return found ? content.damageIn(found.from, found.length) : []
    },
  }
}

type Pieces = (index: number) => { readonly from: number; readonly length: number } | null

function whole(storedBytes: number): Pieces {
  return (index) => (index === 0 ? { from: 0, length: storedBytes } : null)
}

/**
 * zlib: the fork has the format of resources; their data contain a count and the offset of each piece, relative to that
 * count.
 */
function resources(fork: Medium): Pieces {
  const head = Buffer.alloc(4)
  fork.readInto(head, 0)
  const table = head.readUInt32BE(0) + 4
  const entry = Buffer.alloc(8)
  fork.readInto(head, table)
  const count = head.readUInt32LE(0)
  return (index) => {
    if (index >= count || fork.readInto(entry, table + 4 + index * 8) < entry.length) return null
    return { from: table + entry.readUInt32LE(0), length: entry.readUInt32LE(4) }
  }
}

/** LZVN, LZFSE: the fork begins with the offset of each piece, and the end of the last. */
function offsets(fork: Medium): Pieces {
  const entries = Buffer.alloc(8)
  return (index) => {
    if (fork.readInto(entries, index * 4) < entries.length) return null
    const from = entries.readUInt32LE(0)
    return { from, length: entries.readUInt32LE(4) - from }
  }
}

function zlibOf(unitBytes: number): Decode {
  return (stored, target) => {
    const block = inflatedBlock('zlib', stored, target.length, unitBytes)
    if (block.kind !== 'decoded' || block.bytes.length !== target.length) return 0
    target.set(block.bytes)
    return target.length
  }
}

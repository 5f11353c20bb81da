/**
 * Contents that macOS keeps compressed (decmpfs): as a whole in an attribute, or in pieces of 64 KiB in the resource fork.
 *
 * A piece that would not become smaller is stored as it is, behind a byte that begins no compressed one.
 */
import type { Medium } from '../../../contracts/image.ts'
import type { DecmpfsPlace } from './decmpfs.ts'
import { inflatedBlock } from './inflate-block.ts'
import { decodeLzfse } from './lzfse.ts'
import { decodeLzvn } from './lzvn.ts'
import { runsContent } from './runs.ts'
import type { Decode, StoredUnits } from './stored-units.ts'

interface Coding {
  /** Whether the first byte says that the rest is stored as it is. */
  plain(first: number): boolean
  decoderOf(unitBytes: number): Decode
}

/** By what a coding begins with. */
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
  /** Nothing is stored longer than as it is, but for the byte that says so. */
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

/** zlib: the fork is one of resources, whose data hold a count and where each piece lies, counted from that count on. */
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

/** LZVN, LZFSE: the fork begins with where each piece begins, and where the last ends. */
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

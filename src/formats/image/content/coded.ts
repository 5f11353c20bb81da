/**
 * Contents that the file system stores compressed, at random access: a unit is decoded when one of its bytes is
 * requested.
 *
 * A unit that cannot be decoded is damage of its bytes, and reads as zeros from the point where decoding stopped.
 */
import type { DataRun } from '../../../contracts/content-place.ts'
import type { Damage, Medium } from '../../../contracts/image.ts'
import { isDecmpfs } from './decmpfs.ts'
import { decmpfsUnits } from './decmpfs-units.ts'
import { decodeLznt1 } from './lznt1.ts'
import { decodeLzx } from './lzx.ts'
import { clipped } from './ranges.ts'
import { Recent } from './recent.ts'
import { runsContent } from './runs.ts'
import type { CodedPlace, Decode, StoredUnits } from './stored-units.ts'
import { decodeXpress } from './xpress.ts'

/** Units that are kept decoded: at most 4 MiB. */
const KEPT_BYTES = 4 * 1024 * 1024
const MAX_UNIT = 1024 * 1024

/**
 * @param place `lznt1`: `validBytes` counts bytes of the content. Otherwise `validBytes` is the size of the stored
 *   data.
 * @param sizeBytes size of the content
 */
export function codedContent(volume: Medium, place: CodedPlace, sizeBytes: number): Medium {
  const { unitBytes } = place
  if (!(unitBytes >= 512 && unitBytes <= MAX_UNIT))
    throw new Error(`a unit of ${unitBytes} bytes is not coded`)
  const stored = storedOf(volume, place, sizeBytes)
  const units = new Recent<number, Buffer>(KEPT_BYTES / unitBytes)
  const damaged = new Map<number, readonly Damage[]>()

  function decoded(index: number): Buffer {
    const bytes = Buffer.alloc(Math.min(unitBytes, sizeBytes - index * unitBytes))
    const wrong = stored.read(index, bytes)
    const at = index * unitBytes
    const found: Damage[] = stored
      .damageIn(index)
      .slice(0, 1)
      .map((damage) => ({ ...damage, offset: at, length: bytes.length }))
    if (wrong && found.length === 0) {
      found.push({
        offset: at + wrong.from,
        length: bytes.length - wrong.from,
        kind: 'damaged',
        cause: wrong.cause,
      })
    }
    if (found.length > 0) damaged.set(index, found)
    return bytes
  }

  return {
    sizeBytes,
    readInto(target, offset) {
      const wanted = Math.max(0, Math.min(target.length, sizeBytes - offset))
      for (let done = 0; done < wanted; ) {
        const index = Math.floor((offset + done) / unitBytes)
        const from = offset + done - index * unitBytes
        const bytes = units.get(index, () => decoded(index))
        const length = Math.min(wanted - done, bytes.length - from)
        target.set(bytes.subarray(from, from + length), done)
        done += length
      }
      return wanted
    },
    damageIn(offset, length) {
      const found: Damage[] = []
      for (const [index, damages] of damaged) {
        if (index * unitBytes < offset + length && (index + 1) * unitBytes > offset) {
          found.push(...clipped(damages, offset, length))
        }
      }
      return found.sort((a, b) => a.offset - b.offset)
    },
  }
}

function storedOf(volume: Medium, place: CodedPlace, sizeBytes: number): StoredUnits {
  if (isDecmpfs(place)) return decmpfsUnits(volume, place, sizeBytes)
  switch (place.coding) {
    case 'lznt1':
      return inUnits(volume, place, sizeBytes)
    case 'lzx':
      return inChunks(volume, place, sizeBytes, decodeLzx)
    default:
      return inChunks(volume, place, sizeBytes, decodeXpress)
  }
}

/**
 * NTFS: a unit with a hole in its runs is compressed into the clusters before the hole; a unit without one is stored
 * uncompressed.
 */
function inUnits(volume: Medium, place: CodedPlace, sizeBytes: number): StoredUnits {
  const { runs, unitBytes, validBytes } = place
  const starts: number[] = []
  let end = 0
  for (const run of runs) {
    starts.push(end)
    end += run.length
  }
  const content = runsContent(volume, runs, end, end)
  const storedBytes = (from: number): number => heldFrom(runs, starts, from, from + unitBytes)
  return {
    read(index, target) {
      const at = index * unitBytes
      if (at >= validBytes) return null
      const held = storedBytes(at)
      if (at >= end) return { from: 0, cause: 'runs-end' }
      const bytes = Buffer.alloc(held)
      content.readInto(bytes, at)
      if (held === unitBytes) bytes.copy(target, 0, 0, target.length)
      else if (held > 0) {
        const decoded = decodeLznt1(bytes, target)
        if (decoded < Math.min(target.length, sizeBytes - at, validBytes - at))
          return { from: decoded, cause: 'lznt1' }
      }
      if (validBytes - at < target.length) target.fill(0, validBytes - at)
      return null
    },
    damageIn(index) {
      const at = index * unitBytes
      return at >= validBytes ? [] : content.damageIn(at, storedBytes(at))
    },
  }
}

/** Stored bytes from `from` to the first hole, at most to `to`. */
function heldFrom(runs: readonly DataRun[], starts: readonly number[], from: number, to: number): number {
  let low = 0
  let high = runs.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((starts[middle] ?? 0) + (runs[middle]?.length ?? 0) <= from) low = middle + 1
    else high = middle
  }
  let held = from
  for (let index = low; index < runs.length && held < to; index++) {
    const run = runs[index]
    if (!run || run.offset === null) break
    held = Math.min(to, (starts[index] ?? 0) + run.length)
  }
  return held - from
}

/**
 * WOF: a table with the offset of each chunk but the first, counted from the table's end, then the chunks. A chunk that
 * did not shrink is stored uncompressed.
 */
function inChunks(volume: Medium, place: CodedPlace, sizeBytes: number, decode: Decode): StoredUnits {
  const { runs, unitBytes, validBytes } = place
  const content = runsContent(volume, runs, validBytes, validBytes)
  const count = Math.ceil(sizeBytes / unitBytes)
  const entryBytes = sizeBytes > 0xffffffff ? 8 : 4
  const table = (count - 1) * entryBytes
  const entries = Buffer.alloc(16)

  function boundary(index: number, at: number): number {
    if (index === 0) return table
    if (index === count) return validBytes
    content.readInto(entries.subarray(at, at + entryBytes), (index - 1) * entryBytes)
    return table + (entryBytes === 4 ? entries.readUInt32LE(at) : Number(entries.readBigUInt64LE(at)))
  }

  function chunk(index: number): { readonly from: number; readonly length: number } | null {
    const from = boundary(index, 0)
    const to = boundary(index + 1, 8)
    return from < table || to <= from || to > validBytes || to - from > unitBytes
      ? null
      : { from, length: to - from }
  }

  return {
    read(index, target) {
      const found = chunk(index)
      if (!found) return { from: 0, cause: 'chunk-table' }
      const bytes = Buffer.alloc(found.length)
      content.readInto(bytes, found.from)
      if (found.length === target.length) {
        bytes.copy(target)
        return null
      }
      const decoded = decode(bytes, target)
      return decoded < target.length ? { from: decoded, cause: place.coding } : null
    },
    damageIn(index) {
      const found = chunk(index)
      return found ? content.damageIn(found.from, found.length) : []
    },
  }
}

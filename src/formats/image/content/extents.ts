/**
 * A content in extents of Btrfs, some of them compressed each by itself (`zlib`, `lzo`, `zstd`).
 * @see Linux fs/btrfs/compression.h: an extent has at most 128 KiB
 */

import * as zlib from 'node:zlib'
import { inflateSync } from 'node:zlib'
import type { ContentPlace } from '../../../contracts/content-place.ts'
import type { Damage, Medium } from '../../../contracts/image.ts'
import { DamageLog } from './damage-log.ts'
import { decodeBtrfsLzo } from './lzo.ts'
import { readAt } from './read-at.ts'
import { Recent } from './recent.ts'
import { runsContent } from './runs.ts'
import { zstdFrameBytes } from './zstd-frame.ts'

type ExtentsPlace = Extract<ContentPlace, { kind: 'extents' }>

const EXTENT_BYTES_MOST = 128 << 10
const DECODED_KEPT = 8
const SECTOR_BYTES = 4096

interface Part {
  readonly at: number
  readonly length: number
  /** Decoded bytes of an extent, from the start of the part on. */
  readonly decoded: (() => Buffer) | null
  /** Bytes that are stored as they are. */
  readonly plain: Medium | null
}

/** An extent that does not decode is damage (`extent`), as are bytes of a run outside of the volume. */
export function extentsContent(volume: Medium, place: ExtentsPlace, sizeBytes: number): Medium {
  const log = new DamageLog()
  const parts = partsOf(volume, place, log)
  const end = parts.reduce((sum, { length }) => sum + length, 0)
  if (end < sizeBytes) log.add({ offset: end, length: sizeBytes - end, kind: 'damaged', cause: 'runs-end' })
  const within = (offset: number, length: number) => partsIn(parts, offset, offset + length)
  return {
    sizeBytes,
    readInto(target, offset) {
      const wanted = Math.max(0, Math.min(target.length, sizeBytes - offset))
      target.fill(0, 0, wanted)
      for (const part of within(offset, wanted)) {
        const from = Math.max(offset, part.at)
        const length = Math.min(offset + wanted, part.at + part.length) - from
        const into = target.subarray(from - offset, from - offset + length)
        if (part.plain) part.plain.readInto(into, from - part.at)
        else if (part.decoded) into.set(part.decoded().subarray(from - part.at, from - part.at + length))
      }
      return wanted
    },
    damageIn(offset, length) {
      const found: Damage[] = []
      for (const { at, length: of, plain } of within(offset, length)) {
        const from = Math.max(offset, at)
        const until = Math.min(offset + length, at + of)
        for (const damage of plain?.damageIn(from - at, until - from) ?? [])
          found.push({ ...damage, offset: damage.offset + at })
      }
      return [...found, ...log.within(offset, length)].sort((a, b) => a.offset - b.offset)
    },
  }
}

function partsOf(volume: Medium, { runs, extents }: ExtentsPlace, log: DamageLog): Part[] {
  const recent = new Recent<number, Buffer>(DECODED_KEPT)
  const parts: Part[] = []
  let at = 0
  let run = 0
  for (const [index, extent] of extents.entries()) {
    const own = runs.slice(run, run + extent.runs)
    run += extent.runs
    const { length, coding } = extent
    const offset = at
    const plain = coding === null ? runsContent(volume, own, length, length) : null
    const decoded = () =>
      recent.get(index, () => {
        const found = decodedOf(volume, own, extent)
        if (found.length < length)
          log.add({
            offset: offset + found.length,
            length: length - found.length,
            kind: 'damaged',
            cause: 'extent',
          })
        return found
      })
    parts.push({ at, length, plain, decoded: coding === null ? null : decoded })
    at += length
  }
  return parts
}

/** Index of the first part that ends behind `from`, and all before `end`. */
function* partsIn(parts: readonly Part[], from: number, end: number): Generator<Part> {
  let low = 0
  let high = parts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (parts[middle]!.at + parts[middle]!.length <= from) low = middle + 1
    else high = middle
  }
  for (let index = low; index < parts.length && parts[index]!.at < end; index++) yield parts[index]!
}

function decodedOf(
  volume: Medium,
  runs: ExtentsPlace['runs'],
  { coding, decodedBytes, from, length }: ExtentsPlace['extents'][number],
): Buffer {
  const none = Buffer.alloc(0)
  if (!(decodedBytes > 0 && decodedBytes <= EXTENT_BYTES_MOST)) return none
  const stored: Buffer[] = []
  for (const run of runs) {
    if (run.offset === null || run.length > EXTENT_BYTES_MOST) return none
    const bytes = readAt(volume, run.offset, run.length)
    if (bytes.length < run.length || volume.damageIn(run.offset, run.length).length > 0) return none
    stored.push(bytes)
  }
  return decode(coding, Buffer.concat(stored), decodedBytes).subarray(from, from + length)
}

function decode(
  coding: ExtentsPlace['extents'][number]['coding'],
  stored: Buffer,
  decodedBytes: number,
): Buffer {
  if (coding === 'lzo') {
    const target = Buffer.alloc(decodedBytes)
    return target.subarray(0, decodeBtrfsLzo(stored, target, SECTOR_BYTES))
  }
  try {
    if (coding === 'zlib') return inflateSync(stored, { maxOutputLength: decodedBytes })
    return unzstd(stored.subarray(0, zstdFrameBytes(stored)), { maxOutputLength: decodedBytes })
  } catch (error) {
    if (error instanceof Error && 'code' in error) return Buffer.alloc(0)
    throw error
  }
}

const unzstd = zlib.zstdDecompressSync as (bytes: Buffer, options: { maxOutputLength: number }) => Buffer
/** Node 22 before 22.15 has none. */
export const HAS_ZSTD = 'zstdDecompressSync' in zlib

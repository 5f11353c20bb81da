/**
 * A map of an AFF4 image: ranges of the medium that are in streams, consist of one repeated byte, or could not be
 * read at acquisition.
 */
import type { Damage, Medium } from '../../../../contracts/image.ts'
import { ImageRefused } from '../../../../wire/image-refused.ts'
import { DamageLog } from '../../content/damage-log.ts'
import { damageOf } from '../../content/lacking.ts'
import { PagedTable } from '../../content/paged-table.ts'
import { clipped } from '../../content/ranges.ts'
import { readAt, u64 } from '../../content/read-at.ts'
import type { Aff4Stream } from './stream.ts'

const ENTRY_BYTES = 28
const ENTRIES_A_PIECE = 32_768
const SORTED_AT_MOST = 1_000_000

/** Target of a range: a stream or a repeated byte; `lost` when the range was not read at acquisition. */
export type Target =
  | ({ readonly kind: 'stream' } & Aff4Stream)
  | { readonly kind: 'filler'; readonly byte: number }
  | { readonly kind: 'lost'; readonly cause: string }

interface Range {
  readonly offset: number
  readonly length: number
  readonly at: number
  readonly target: Target
}

/**
 * @param map 28 bytes a range
 * @param targets by the target numbers of the ranges
 * @param gap target of the bytes between ranges
 */
export function aff4Map(sizeBytes: number, map: Medium, targets: readonly Target[], gap: Target): Aff4Stream {
  const ranges = new Ranges(map, targets, sizeBytes)
  const log = new DamageLog()

  const fill = (target: Uint8Array, { target: into, at, offset }: Range, from: number): void => {
    if (into.kind === 'filler') target.fill(into.byte)
    else if (into.kind === 'lost') {
      target.fill(0)
      log.add(notThere(from, target.length, into.cause))
    } else {
      const start = at + (from - offset)
      const got = start < into.medium.sizeBytes ? into.medium.readInto(target, start) : 0
      target.fill(0, got)
      if (got < target.length)
        log.add({ offset: from + got, length: target.length - got, kind: 'damaged', cause: 'cut' })
      for (const damage of into.medium.damageIn(start, got))
        log.add({ ...damage, offset: from + damage.offset - start })
    }
  }

  const medium: Medium = {
    sizeBytes,
    readInto(target, offset) {
      const wanted = Math.max(0, Math.min(target.length, sizeBytes - offset))
      for (let done = 0, index = ranges.firstEndingAfter(offset); done < wanted; ) {
        const from = offset + done
        const range = ranges.at(index)
        const inside = range !== null && range.offset <= from
        const end = range === null ? sizeBytes : inside ? range.offset + range.length : range.offset
        const length = Math.min(wanted - done, end - from)
        const piece = inside ? range : { offset: from, length, at: 0, target: gap }
        fill(target.subarray(done, done + length), piece, from)
        done += length
        if (inside) index++
      }
      return wanted
    },
    damageIn: (offset, length): readonly Damage[] => log.within(offset, length),
  }
  return { medium, lacks: () => lackingOf(sizeBytes, ranges, targets, gap) }
}

/** Ranges that were not read at acquisition, and ranges whose stream lacks the bytes. */
function* lackingOf(
  sizeBytes: number,
  ranges: Ranges,
  targets: readonly Target[],
  gap: Target,
): Iterable<Damage> {
  const streams = new Map(
    targets.flatMap((target) => {
      const lacking = target.kind === 'stream' ? damageOf(target.medium.sizeBytes, target.lacks()) : []
      return lacking.length > 0 ? [[target, lacking] as const] : []
    }),
  )
  if (streams.size === 0 && ![...targets, gap].some(({ kind }) => kind === 'lost')) return
  let end = 0
  for (let index = 0; ; index++) {
    const range = ranges.at(index)
    const from = range?.offset ?? sizeBytes
    if (gap.kind === 'lost' && from > end) yield notThere(end, from - end, gap.cause)
    if (range === null) return
    const { offset, length, at, target } = range
    end = offset + length
    if (target.kind === 'lost') yield notThere(offset, length, target.cause)
    for (const damage of clipped(streams.get(target) ?? [], at, length))
      yield { ...damage, offset: offset + damage.offset - at }
  }
}

function notThere(offset: number, length: number, cause: string): Damage {
  return { offset, length, kind: 'unreadable-at-acquisition', cause }
}

/**
 * Ranges in order, without overlap, read on demand: a linear image of a terabyte has seventeen million. A short
 * unsorted map is sorted in memory. When ranges overlap, the first one keeps the bytes.
 */
class Ranges {
  readonly #rows: PagedTable
  readonly #sorted: readonly Range[] | null
  readonly #count: number
  readonly #targets: readonly Target[]

  constructor(map: Medium, targets: readonly Target[], sizeBytes: number) {
    this.#targets = targets
    this.#count = Math.floor(map.sizeBytes / ENTRY_BYTES)
    this.#rows = new PagedTable(map, 0, this.#count, ENTRY_BYTES)
    if (inOrder(map, this.#count, sizeBytes)) {
      this.#sorted = null
      return
    }
    if (this.#count > SORTED_AT_MOST) {
      throw new ImageRefused(
        'format-not-built',
        `The map of the image has ${this.#count} ranges in no order: more than are sorted.`,
        {
          format: 'aff4',
          count: this.#count,
        },
      )
    }
    this.#sorted = this.#inMemory(sizeBytes)
    this.#count = this.#sorted.length
  }

  at(index: number): Range | null {
    if (index >= this.#count) return null
    if (this.#sorted) return this.#sorted[index] ?? null
    const row = this.#rows.entry(index)
    if (!row) return null
    return {
      offset: u64(row, 0),
      length: u64(row, 8),
      at: u64(row, 16),
      target: this.#targets[row.readUInt32LE(24)] ?? { kind: 'lost', cause: 'target' },
    }
  }

  firstEndingAfter(offset: number): number {
    let low = 0
    let high = this.#count
    while (low < high) {
      const middle = (low + high) >>> 1
      const range = this.at(middle)
      if (range && range.offset + range.length <= offset) low = middle + 1
      else high = middle
    }
    return low
  }

  #inMemory(sizeBytes: number): Range[] {
    const stated: Range[] = []
    for (let index = 0; index < this.#count; index++) {
      const row = this.#rows.entry(index)
      if (!row) break
      const [offset, length, at] = [u64(row, 0), u64(row, 8), u64(row, 16)]
      if (!(offset < sizeBytes) || length === 0 || !Number.isSafeInteger(at)) continue
      const target = this.#targets[row.readUInt32LE(24)] ?? { kind: 'lost', cause: 'target' }
      stated.push({ offset, length: Math.min(length, sizeBytes - offset), at, target })
    }
    stated.sort((a, b) => a.offset - b.offset)
    const ranges: Range[] = []
    let end = 0
    for (const range of stated) {
      const cut = Math.max(0, end - range.offset)
      if (cut >= range.length) continue
      ranges.push({ ...range, offset: range.offset + cut, length: range.length - cut, at: range.at + cut })
      end = range.offset + range.length
    }
    return ranges
  }
}

/** Whether the ranges are ascending, not empty, without overlap and inside the medium. */
function inOrder(map: Medium, count: number, sizeBytes: number): boolean {
  let end = 0
  for (let first = 0; first < count; first += ENTRIES_A_PIECE) {
    const entries = Math.min(ENTRIES_A_PIECE, count - first)
    const bytes = readAt(map, first * ENTRY_BYTES, entries * ENTRY_BYTES)
    if (bytes.length < entries * ENTRY_BYTES) return false
    for (let at = 0; at < bytes.length; at += ENTRY_BYTES) {
      const [offset, length] = [u64(bytes, at), u64(bytes, at + 8)]
      if (offset < end || length === 0 || !(offset + length <= sizeBytes)) return false
      if (!Number.isSafeInteger(u64(bytes, at + 16))) return false
      end = offset + length
    }
  }
  return true
}

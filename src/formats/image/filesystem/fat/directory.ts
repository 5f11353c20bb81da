/**
 * Directories of FAT: slots of 32 bytes, read to the end of the directory's clusters, because slots behind the end mark
 * can still name older files.
 */
import type { VolumeProblem } from '../../../../contracts/image.ts'
import type { VolumeTimes } from '../../../../contracts/volume-times.ts'
import { dosTime } from '../clusters/dos-time.ts'
import { type DirectoryPiece, type DirectoryReader, type FoundName, NO_TIMES } from '../clusters/names.ts'
import { nameOfUtf16 } from '../common/utf16-name.ts'
import { firstByteFor, LONG_NAME, LongNameParts, type PartsTogether, shortNameChecksum } from './long-name.ts'
import { isShortNameByte, shortNameOf } from './short-name.ts'

const SLOT = 32
const REMOVED = 0xe5
const LABEL = 0x08
const DIRECTORY = 0x10
const DOT = 0x2e

export class FatDirectoryReader implements DirectoryReader {
  readonly #wideClusters: boolean
  readonly #clusterCount: number
  readonly #problem: (problem: VolumeProblem) => void

  /** @param wideClusters FAT32: numbers of clusters have a high word */
  constructor(wideClusters: boolean, clusterCount: number, problem: (problem: VolumeProblem) => void) {
    this.#wideClusters = wideClusters
    this.#clusterCount = clusterCount
    this.#problem = problem
  }

  *names(pieces: Iterable<DirectoryPiece>): Iterable<FoundName> {
    const parts = new LongNameParts()
    let behindEnd = false
    for (const { offset, bytes } of pieces) {
      for (let within = 0; within + SLOT <= bytes.length; within += SLOT) {
        const slot = bytes.subarray(within, within + SLOT)
        const at = offset + within
        if (slot[0] === 0) {
          yield* this.#leftOver(parts.take(), behindEnd)
          behindEnd = true
        } else if ((slot.readUInt8(11) & 0x3f) === LONG_NAME) {
          yield* this.#leftOver(parts.add(slot, at), behindEnd)
        } else {
          const removed = slot[0] === REMOVED || behindEnd
          const together = parts.take()
          const long = together && belongs(together, slot) ? together : null
          if (!long) yield* this.#leftOver(together, behindEnd)
          if (isDot(slot) || (slot.readUInt8(11) & (LABEL | DIRECTORY)) === LABEL) continue
          if (this.#isPlausible(slot, removed)) yield this.#named(slot, at, long, removed, behindEnd)
          else if (!removed) this.#problem({ code: 'entry-implausible', record: at, detail: '' })
        }
      }
    }
    yield* this.#leftOver(parts.take(), behindEnd)
  }

  /**
   * The parts of a long name come before the short entry: the part cut off by a folder's end has no content's place.
   */
  finished(): null {
    return null
  }

  begins(head: Buffer, cluster: number): { parent: number } | null {
    const own = head.subarray(0, SLOT)
    const above = head.subarray(SLOT, 2 * SLOT)
    const isOne =
      own.toString('latin1', 0, 11) === '.          ' &&
      above.toString('latin1', 0, 11) === '..         ' &&
      (own.readUInt8(11) & DIRECTORY) !== 0 &&
      (above.readUInt8(11) & DIRECTORY) !== 0 &&
      this.#firstCluster(own) === cluster
    return isOne ? { parent: this.#firstCluster(above) } : null
  }

  goesOn(head: Buffer): boolean {
    let some = false
    for (let at = 0; at + SLOT <= head.length; at += SLOT) {
      const slot = head.subarray(at, at + SLOT)
      if (slot[0] === 0) return some && slot.every((byte) => byte === 0)
      if (isDot(slot)) return false
      const isPart = (slot.readUInt8(11) & 0x3f) === LONG_NAME
      if (isPart ? slot.readUInt16LE(26) !== 0 : !(this.#isPlausible(slot, true) && isStrict(slot)))
        return false
      some = true
    }
    return some
  }

  #named(
    slot: Buffer,
    at: number,
    long: PartsTogether | null,
    removed: boolean,
    behindEnd: boolean,
  ): FoundName {
    const notes: string[] = []
    let name: Buffer
    if (long) {
      const stored = nameOfUtf16(long.units)
      name = stored.bytes
      if (stored.altered) notes.push('name-altered')
      if (long.perhapsCut) notes.push('long-name-perhaps-cut')
    } else {
      const short = shortNameOf(slot)
      name = Buffer.from(short.name.replaceAll('/', '\ufffd'))
      notes.push(...short.notes)
    }
    const isFolder = (slot.readUInt8(11) & DIRECTORY) !== 0
    const first = this.#firstCluster(slot)
    const sizeBytes = isFolder ? 0 : slot.readUInt32LE(28)
    // Windows clears the high word of a removed file's first cluster (FAT32): then the number points too low.
    if (
      removed &&
      this.#wideClusters &&
      this.#clusterCount > 0xffff &&
      slot.readUInt16LE(20) === 0 &&
      first > 0
    )
      notes.push('cluster-high-word-uncertain')
    const times = timesOf(slot, notes)
    const kind = isFolder ? 'directory' : 'file'
    return {
      at,
      name,
      kind,
      removed,
      behindEnd,
      first,
      sizeBytes,
      validBytes: sizeBytes,
      contiguous: false,
      times,
      notes,
    }
  }

  /** Parts of a long name whose short name is lost: the name alone. */
  *#leftOver(parts: PartsTogether | null, behindEnd: boolean): Iterable<FoundName> {
    if (!parts || parts.units.length === 0) return
    if (!parts.removed && !behindEnd) {
      this.#problem({ code: 'long-name-orphan', record: parts.at, detail: '' })
      return
    }
    const { bytes: name } = nameOfUtf16(parts.units)
    const none = { first: 0, sizeBytes: 0, validBytes: 0, contiguous: false, times: NO_TIMES }
    const notes = ['long-name-only']
    yield { at: parts.at, name, kind: 'unknown', removed: true, behindEnd, ...none, notes }
  }

  #firstCluster(slot: Buffer): number {
    return slot.readUInt16LE(26) + (this.#wideClusters ? slot.readUInt16LE(20) * 0x10000 : 0)
  }

  #isPlausible(slot: Buffer, removed: boolean): boolean {
    const attributes = slot.readUInt8(11)
    if ((attributes & 0xc0) !== 0 || (attributes & LABEL) !== 0) return false
    for (let at = 0; at < 11; at++) {
      const byte = slot.readUInt8(at)
      const isFirst = at === 0 && (byte === REMOVED || byte === 0x05)
      if (!isFirst && (byte < 0x20 || (removed && !isShortNameByte(byte)))) return false
    }
    if (slot[0] === 0x20) return false
    if (!removed) return true
    const first = this.#firstCluster(slot)
    const isFolder = (attributes & DIRECTORY) !== 0
    if (first === 1 || first >= this.#clusterCount + 2 || (isFolder && slot.readUInt32LE(28) !== 0))
      return false
    return dosTime(slot.readUInt16LE(24), slot.readUInt16LE(22)) !== 'implausible'
  }
}

/**
 * True where parts of a long name belong to a short name. A removed short name has lost its first letter, which the
 * parts give.
 */
function belongs(parts: PartsTogether, slot: Buffer): boolean {
  if (!parts.complete || parts.units.length === 0) return false
  const shortName = slot.subarray(0, 11)
  if (slot[0] !== REMOVED) return !parts.removed && shortNameChecksum(shortName) === parts.checksum
  const letter = firstByteFor(shortName, parts.checksum)
  if (!isShortNameByte(letter) && letter !== 0x05) return false
  const text = parts.units.toString('utf16le').replace(/^[ .]+/, '')
  const begins = text.charCodeAt(0)
  // The first letter that a short name can express; others become `_` (Windows, Linux) or `~` (mtools).
  if (begins >= 0x80 || !isShortNameByte(begins)) return true
  return (
    [text.charAt(0).toUpperCase(), text.charAt(0)].includes(String.fromCharCode(letter)) ||
    letter === 0x5f ||
    letter === 0x7e
  )
}

/** True for rules that every writer keeps and random bytes break. */
function isStrict(slot: Buffer): boolean {
  const created = dosTime(slot.readUInt16LE(16), slot.readUInt16LE(14), slot.readUInt8(13))
  const accessed = dosTime(slot.readUInt16LE(18), 0)
  const reserved = slot.readUInt8(12) & ~0x18
  const isLower = slot.subarray(1, 11).some((byte) => byte >= 0x61 && byte <= 0x7a)
  return (
    reserved === 0 &&
    !isLower &&
    slot.readUInt16LE(24) !== 0 &&
    created !== 'implausible' &&
    accessed !== 'implausible'
  )
}

function isDot(slot: Buffer): boolean {
  return slot[0] === DOT && (slot[1] === 0x20 || (slot[1] === DOT && slot[2] === 0x20))
}

function timesOf(slot: Buffer, notes: string[]): VolumeTimes {
  const read = (date: number, time: number, hundredths = 0) => {
    const value = dosTime(date, time, hundredths)
    if (value !== 'implausible') return value
    if (!notes.includes('time-implausible')) notes.push('time-implausible')
    return null
  }
  return {
    modifiedNs: read(slot.readUInt16LE(24), slot.readUInt16LE(22)),
    changedNs: null,
    accessedNs: read(slot.readUInt16LE(18), 0),
    bornNs: read(slot.readUInt16LE(16), slot.readUInt16LE(14), slot.readUInt8(13)),
    resolution: NO_TIMES.resolution,
    zone: 'local-unknown',
  }
}

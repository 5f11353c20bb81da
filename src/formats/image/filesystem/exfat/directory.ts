/** Directories of exFAT: complete sets of entries, live and removed, at any position. */
import type { VolumeProblem } from '../../../../contracts/image.ts'
import type { BegunName, DirectoryPiece, DirectoryReader, FoundName } from '../clusters/names.ts'
import { nameOfUtf16 } from '../common/utf16-name.ts'
import { IN_USE, nameUnitsOf, SLOT, setChecksum, streamOf, TYPE } from './entry-set.ts'
import { exfatTimes } from './times.ts'

const DIRECTORY = 0x10
const KNOWN_ATTRIBUTES = 0x37
const LEAST_SECONDARY = 2
/** Set in the types of entries that go on with a set. */
const SECONDARY = 0x40

/** True for a correct checksum and a name of the stated length. */
function isWholeSet(set: Buffer): boolean {
  if (set.length !== (1 + set.readUInt8(1)) * SLOT || set.readUInt16LE(2) !== setChecksum(set)) return false
  const stream = streamOf(set.subarray(SLOT))
  return stream !== null && nameUnitsOf(set, stream.nameUnits).length === stream.nameUnits * 2
}

export class ExfatDirectoryReader implements DirectoryReader {
  readonly #clusterEnd: number
  readonly #problem: (problem: VolumeProblem) => void

  /** @param clusterEnd one above the last cluster */
  constructor(clusterEnd: number, problem: (problem: VolumeProblem) => void) {
    this.#clusterEnd = clusterEnd
    this.#problem = problem
  }

  *names(pieces: Iterable<DirectoryPiece>, unfinished?: (begun: BegunName) => boolean): Iterable<FoundName> {
    let behindEnd = false
    let set: Buffer | null = null
    let at = 0
    let filled = 0
    let setBehindEnd = false
    for (const { offset, bytes } of pieces) {
      for (let within = 0; within + SLOT <= bytes.length; within += SLOT) {
        const type = bytes.readUInt8(within)
        if (type === 0) behindEnd = true
        const isFile = (type | IN_USE) === TYPE.file
        if (set) {
          // A set continues with secondary entries of the same state; any other entry cuts it short.
          const goesOn = (type & SECONDARY) !== 0 && (type & IN_USE) === (set.readUInt8(0) & IN_USE)
          if (goesOn) {
            bytes.copy(set, filled, within, within + SLOT)
            filled += SLOT
            if (filled < set.length) continue
            yield* this.#named(set, at, setBehindEnd)
            set = null
            continue
          }
          yield* this.#named(set.subarray(0, filled), at, setBehindEnd)
          set = null
        }
        if (!isFile) continue
        const secondary = bytes.readUInt8(within + 1)
        if (secondary < LEAST_SECONDARY) {
          if (type === TYPE.file && !behindEnd) this.#refuse(offset + within, 'secondary-count')
          continue
        }
        set = Buffer.alloc((1 + secondary) * SLOT)
        bytes.copy(set, 0, within, within + SLOT)
        filled = SLOT
        at = offset + within
        setBehindEnd = behindEnd
      }
    }
    if (!set) return
    const begun = { at, bytes: set.subarray(0, filled), behindEnd: setBehindEnd }
    const isKept = (set.readUInt8(0) & IN_USE) === 0 && unfinished?.(begun)
    if (!isKept) yield* this.#named(begun.bytes, at, setBehindEnd)
  }

  finished({ at, bytes, behindEnd }: BegunName, head: Buffer | null): FoundName | null {
    const rest = (1 + bytes.readUInt8(1)) * SLOT - bytes.length
    const set = head ? Buffer.concat([bytes, head.subarray(0, rest)]) : bytes
    if (head && !isWholeSet(set)) return null
    const [found = null] = this.#named(set, at, behindEnd)
    return found
  }

  /** exFAT directories have no entry for themselves: a complete set with its checksum is required. */
  begins(head: Buffer, cluster: number): { parent: number } | null {
    return this.goesOn(head) ? { parent: cluster } : null
  }

  goesOn(head: Buffer): boolean {
    // Skips the end of a set that began in the previous cluster.
    let at = 0
    while (at + 2 * SLOT <= head.length && (head.readUInt8(at) & SECONDARY) !== 0) at += SLOT
    if (at + 2 * SLOT > head.length || (head.readUInt8(at) | IN_USE) !== TYPE.file) return false
    const end = at + (1 + head.readUInt8(at + 1)) * SLOT
    if (end > head.length || (head.readUInt8(at + SLOT) | IN_USE) !== TYPE.stream) return false
    return head.readUInt16LE(at + 2) === setChecksum(head.subarray(at, end))
  }

  *#named(set: Buffer, at: number, behindEnd: boolean): Iterable<FoundName> {
    const isLive = (set.readUInt8(0) & IN_USE) !== 0 && !behindEnd
    const stream =
      set.length >= 2 * SLOT && (set.readUInt8(SLOT) | IN_USE) === TYPE.stream
        ? streamOf(set.subarray(SLOT))
        : null
    const isWhole = set.length === (1 + set.readUInt8(1)) * SLOT
    const fits = isWhole && set.readUInt16LE(2) === setChecksum(set)
    if (!stream) {
      if (isLive) this.#refuse(at, 'stream-extension')
      return
    }
    const units = nameUnitsOf(set, stream.nameUnits)
    const attributes = set.readUInt16LE(4)
    const { first, sizeBytes } = stream
    const isPlausible =
      (attributes & ~KNOWN_ATTRIBUTES) === 0 &&
      (first === 0 || (first > 1 && first < this.#clusterEnd)) &&
      units.length > 0
    if (!isLive && !fits && !isPlausible) return
    const notes: string[] = []
    if (!fits) {
      notes.push('checksum-failed')
      if (isLive) this.#problem({ code: 'checksum-failed', record: at, detail: '' })
    }
    if (units.length < stream.nameUnits * 2) notes.push('name-cut')
    const name = nameOfUtf16(units)
    if (name.altered || name.bytes.length === 0) notes.push('name-altered')
    const times = exfatTimes(set.subarray(0, SLOT), notes)
    yield {
      at,
      // A set can state a name of length zero, but an entry must have a name.
      name: name.bytes.length > 0 ? name.bytes : Buffer.from('\ufffd'),
      kind: (attributes & DIRECTORY) !== 0 ? 'directory' : 'file',
      removed: !isLive,
      behindEnd,
      first,
      sizeBytes,
      validBytes: stream.validBytes,
      contiguous: stream.contiguous,
      times,
      notes,
    }
  }

  #refuse(record: number, detail: string): void {
    this.#problem({ code: 'entry-implausible', record, detail })
  }
}

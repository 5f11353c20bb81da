/**
 * Long names of FAT: parts of 13 UTF-16 units in slots before the short name, last part first, joined to it by a
 * checksum.
 *
 * A removed part has lost its number, and a removed short name its first letter. The checksum of the parts gives that
 * letter, because each first letter has another checksum.
 */
export const LONG_NAME = 0x0f
const LAST_PART = 0x40
const MOST_PARTS = 20
const UNITS_PER_PART = 13
const PLACES: readonly (readonly [number, number])[] = [
  [1, 11],
  [14, 26],
  [28, 32],
]

/** @param shortName 11 bytes */
export function shortNameChecksum(shortName: Uint8Array): number {
  let sum = 0
  for (const byte of shortName) sum = (((sum & 1) << 7) + (sum >>> 1) + byte) & 255
  return sum
}

/** The only first byte with which a short name has this checksum. */
export function firstByteFor(shortName: Uint8Array, checksum: number): number {
  const guess = Uint8Array.from(shortName)
  for (let byte = 0; byte < 256; byte++) {
    guess[0] = byte
    if (shortNameChecksum(guess) === checksum) return byte
  }
  throw new Error('the checksum of a short name is a bijection of its first byte')
}

interface Part {
  readonly at: number
  readonly checksum: number
  readonly removed: boolean
  /** As stored, with the flag of the last part; meaningless when removed. */
  readonly number: number
  /** UTF-16LE up to the terminator. */
  readonly units: Buffer
  readonly ended: boolean
}

export interface PartsTogether {
  readonly at: number
  readonly checksum: number
  readonly removed: boolean
  /** Live parts whose numbers count down to 1; always true for removed ones. */
  readonly complete: boolean
  /** Removed, and no part marks the end of the name: its length is a multiple of 13, or its last parts are lost. */
  readonly perhapsCut: boolean
  /** UTF-16LE. */
  readonly units: Buffer
}

/** Collects the parts before a short name. */
export class LongNameParts {
  #parts: Part[] = []

  /** @returns parts that this one proves to belong to no name */
  add(slot: Buffer, at: number): PartsTogether | null {
    const part = partOf(slot, at)
    const previous = this.#parts.at(-1)
    const begins = part.removed ? part.ended : (part.number & LAST_PART) !== 0
    const joins =
      previous !== undefined &&
      !begins &&
      previous.checksum === part.checksum &&
      previous.removed === part.removed &&
      this.#parts.length < MOST_PARTS &&
      (part.removed || part.number === (previous.number & ~LAST_PART) - 1)
    const left = joins ? null : this.take()
    this.#parts.push(part)
    return left
  }

  /** The collected parts; the collection is emptied. */
  take(): PartsTogether | null {
    const [first] = this.#parts
    if (!first) return null
    const parts = this.#parts
    this.#parts = []
    return {
      at: first.at,
      checksum: first.checksum,
      removed: first.removed,
      complete: first.removed || first.number === (LAST_PART | parts.length),
      perhapsCut: first.removed && !first.ended,
      units: Buffer.concat(parts.map((part) => part.units).reverse()),
    }
  }
}

function partOf(slot: Buffer, at: number): Part {
  const units = Buffer.allocUnsafe(UNITS_PER_PART * 2)
  let filled = 0
  for (const [from, to] of PLACES) filled += slot.copy(units, filled, from, to)
  let end = 0
  while (end < units.length && units.readUInt16LE(end) !== 0) end += 2
  return {
    at,
    checksum: slot.readUInt8(13),
    removed: slot[0] === 0xe5,
    number: slot.readUInt8(0),
    units: units.subarray(0, end),
    ended: end < units.length,
  }
}

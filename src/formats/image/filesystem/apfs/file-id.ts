/**
 * Numbers of files and folders, 60 bits. On a system volume that shares its numbers with a data volume, bit 59 is set.
 *
 * Kept as JavaScript numbers: the mark becomes bit 52, which keeps their order.
 */
const MARK_HIGH = 0x08000000
const MARK = 2 ** 52

/** @returns Infinity for an impossible number */
export function fileId(bytes: Buffer, at: number): number {
  return idOf(bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4))
}

export interface Keyed {
  readonly id: number
  readonly type: number
}

/** Beginning of a key in the file tree: the file's number, and the record type in the highest four bits. */
export function keyed(key: Buffer): Keyed {
  if (key.length < 8) return { id: Number.POSITIVE_INFINITY, type: 0 }
  const high = key.readUInt32LE(4)
  return { id: idOf(key.readUInt32LE(0), high & 0x0fffffff), type: high >>> 28 }
}

function idOf(low: number, high: number): number {
  const isMarked = high >= MARK_HIGH
  const rest = (isMarked ? high - MARK_HIGH : high) * 2 ** 32 + low
  return rest >= MARK ? Number.POSITIVE_INFINITY : isMarked ? rest + MARK : rest
}

/** As `ls -i` of a volume of data has it. */
export const shownId = (id: number): number => (id >= MARK ? id - MARK : id)

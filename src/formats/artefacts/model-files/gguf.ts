/** Parses the header of a GGUF file: numbers and texts by name, in file order. @see ggml, docs/gguf.md */

export interface GgufHead {
  readonly tensors: number
  readonly texts: ReadonlyMap<string, string>
  /** Offset where the header is truncated, or invalid in every version. */
  readonly damagedAt: number | null
}

const HEAD_BYTES = 24
const TEXT = 8
const LIST = 9
/** Sizes in bytes, by type number. */
const SIZES: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
}
const MOST_PAIRS = 10_000
const MOST_NAME_BYTES = 65_536
/** Vocabularies are long lists at the end of the header; all wanted values precede them. */
const MOST_ITEMS = 1_000_000

class Damaged extends Error {}

export function ggufHead(bytes: Buffer): GgufHead {
  const texts = new Map<string, string>()
  let at = HEAD_BYTES
  const take = (length: number) => {
    if (length < 0 || at + length > bytes.length) throw new Damaged()
    at += length
    return at - length
  }
  const whole = () => {
    const from = take(8)
    if (bytes.readUInt32LE(from + 4) !== 0) throw new Damaged()
    return bytes.readUInt32LE(from)
  }
  const text = () => {
    const length = whole()
    const from = take(length)
    return bytes.toString('utf8', from, from + Math.min(length, MOST_NAME_BYTES))
  }
  const skip = (type: number): void => {
    if (type === TEXT) take(whole())
    else if (type === LIST) {
      const of = bytes.readUInt32LE(take(4))
      const items = whole()
      if (of === LIST || items > MOST_ITEMS) throw new Damaged()
      if (of === TEXT) for (let i = 0; i < items; i++) take(whole())
      else take(items * sizeOf(of))
    } else take(sizeOf(type))
  }
  if (bytes.length < HEAD_BYTES) return { tensors: 0, texts, damagedAt: 0 }
  const version = bytes.readUInt32LE(4)
  const [tensors, pairs] = [bytes.readBigUInt64LE(8), bytes.readBigUInt64LE(16)]
  // Version 1 had counts of four bytes; no program writes it any more.
  if (version < 2 || version > 3 || tensors > 1_000_000n || pairs > MOST_PAIRS)
    return { tensors: 0, texts, damagedAt: 4 }
  let from = at
  try {
    for (let i = 0n; i < pairs; i++) {
      from = at
      const name = text()
      const type = bytes.readUInt32LE(take(4))
      if (type === TEXT) texts.set(name, text())
      else skip(type)
    }
  } catch (error) {
    if (error instanceof Damaged) return { tensors: Number(tensors), texts, damagedAt: from }
    throw error
  }
  return { tensors: Number(tensors), texts, damagedAt: null }
}

function sizeOf(type: number): number {
  const size = SIZES[type]
  if (size === undefined) throw new Damaged()
  return size
}

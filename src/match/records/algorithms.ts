/**
 * The digest algorithms of hash lists, and the position of each in a wide record.
 *
 * A wide record is 212 bytes: every digest at a fixed offset, a multiple of four, whether present or not; a bit mask
 * names the present ones. PDQ is kept for the near index and never compared exactly.
 * A frame of a video is a PDQ hash, the number of its video in the list, and its second (little-endian, four bytes
 * each). Alternative hashes have any size (PhotoDNA …) and are stored elsewhere: the wide record has the MD5 of all of
 * them and their position (little-endian, eight bytes).
 */

const LIST_ALGORITHMS = ['md5', 'sha1', 'sha256', 'blake3', 'ed2k', 'pdq', 'vpdq', 'alternative'] as const
export type ListAlgorithm = (typeof LIST_ALGORITHMS)[number]

export interface AlgorithmPlace {
  readonly name: ListAlgorithm
  readonly title: string
  readonly bytes: number
  /** Byte offset in a wide record. */
  readonly at: number
  readonly bit: number
  /** Compared with the digests of a content. */
  readonly exact: boolean
}

export const ALGORITHMS: readonly AlgorithmPlace[] = [
  { name: 'md5', title: 'MD5', bytes: 16, at: 0, bit: 1, exact: true },
  { name: 'sha1', title: 'SHA-1', bytes: 20, at: 16, bit: 2, exact: true },
  { name: 'sha256', title: 'SHA-256', bytes: 32, at: 36, bit: 4, exact: true },
  { name: 'blake3', title: 'BLAKE3', bytes: 32, at: 68, bit: 8, exact: true },
  { name: 'ed2k', title: 'eD2k', bytes: 16, at: 100, bit: 16, exact: true },
  { name: 'pdq', title: 'PDQ', bytes: 32, at: 116, bit: 32, exact: false },
  { name: 'vpdq', title: 'vPDQ', bytes: 40, at: 148, bit: 64, exact: false },
  { name: 'alternative', title: 'alternative hashes', bytes: 24, at: 188, bit: 128, exact: false },
]

export const [MD5, SHA1, SHA256, BLAKE3, ED2K, PDQ, VPDQ, ALTERNATIVE] = ALGORITHMS as readonly [
  AlgorithmPlace,
  AlgorithmPlace,
  AlgorithmPlace,
  AlgorithmPlace,
  AlgorithmPlace,
  AlgorithmPlace,
  AlgorithmPlace,
  AlgorithmPlace,
]

export const WIDE_BYTES = 212
export const WIDE_WORDS = WIDE_BYTES / 4
/** By position in ALGORITHMS, words that tell records apart: not the two that say where alternative hashes are. */
export const COMPARED_WORDS: readonly number[] = ALGORITHMS.map(
  (place) => (place.bytes >>> 2) - (place.name === 'alternative' ? 2 : 0),
)

/**
 * Digests of zero bytes. Lists contain them by accident, and every empty file on an exhibit would then be a hit.
 * The eD2k value is MD4 of no bytes; BLAKE3's is from its specification's test vectors.
 */
export const EMPTY_DIGESTS: Readonly<Record<Exclude<ListAlgorithm, 'pdq' | 'vpdq' | 'alternative'>, string>> =
  {
    md5: 'd41d8cd98f00b204e9800998ecf8427e',
    sha1: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
    sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    blake3: 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262',
    ed2k: '31d6cfe0d16ae931b73c59d7e0c089c0',
  }

const BY_NAME = new Map<string, AlgorithmPlace>(
  // Neither a frame nor a position of hashes is a digest that a column or a line could have by itself.
  ALGORITHMS.filter((a) => a !== VPDQ && a !== ALTERNATIVE).flatMap((a) => [
    [a.name, a] as const,
    [a.title.toLowerCase(), a] as const,
  ]),
)
  .set('sha1sum', SHA1)
  .set('sha2-256', SHA256)
  .set('edonkey', ED2K)

/** An algorithm by a name that people or programs write: `SHA-1`, `sha1`, `SHA2-256` … */
export function algorithmNamed(name: string): AlgorithmPlace | undefined {
  return BY_NAME.get(name.toLowerCase().replaceAll('_', '-'))
}

export function algorithmsIn(present: number): readonly AlgorithmPlace[] {
  return ALGORITHMS.filter((a) => (present & a.bit) !== 0)
}

/** Bit set in a value of {@link PAIR} whose two characters are not both hex digits. */
const NO_DIGIT = 256
/** Values of two hex digits, by `first | second << 8`: one look instead of two halves the time to read a list. */
const PAIR = new Uint16Array(1 << 16).fill(NO_DIGIT)
const DIGITS = [...'0123456789abcdefABCDEF'].map((digit) => digit.charCodeAt(0))
for (const high of DIGITS)
  for (const low of DIGITS) PAIR[high | (low << 8)] = Number.parseInt(String.fromCharCode(high, low), 16)

const IS_DIGIT = new Uint8Array(256)
for (const digit of DIGITS) IS_DIGIT[digit] = 1

export function isHexByte(byte: number): boolean {
  return IS_DIGIT[byte] === 1
}

/**
 * Decodes hex into `out`: the inner loop of every text format, four bytes per iteration.
 * @param length bytes to write, a multiple of four as all digests are; reads twice as many characters from `source`
 * @returns false when a character is no hex digit; `out` is then invalid
 */
export function decodeHex(
  source: Uint8Array,
  from: number,
  out: Uint8Array,
  at: number,
  length: number,
): boolean {
  let seen = 0
  for (let i = at, end = at + length, p = from; i < end; i += 4, p += 8) {
    const a = PAIR[source[p]! | (source[p + 1]! << 8)]!
    const b = PAIR[source[p + 2]! | (source[p + 3]! << 8)]!
    const c = PAIR[source[p + 4]! | (source[p + 5]! << 8)]!
    const d = PAIR[source[p + 6]! | (source[p + 7]! << 8)]!
    seen |= a | b | c | d
    out[i] = a
    out[i + 1] = b
    out[i + 2] = c
    out[i + 3] = d
  }
  return seen < NO_DIGIT
}

/** As {@link decodeHex}, from the beginning of a string. */
export function decodeHexText(text: string, out: Uint8Array, at: number, length: number): boolean {
  if (text.length < length * 2) return false
  let seen = 0
  for (let i = 0; i < length; i++) {
    const high = text.charCodeAt(i * 2)
    const low = text.charCodeAt(i * 2 + 1)
    if (high > 255 || low > 255) return false
    const byte = PAIR[high | (low << 8)]!
    seen |= byte
    out[at + i] = byte
  }
  return seen < NO_DIGIT
}

/**
 * Alternative hashes of one record of a list, as bytes: `AlternativeHashes` of VICS, which this program does not
 * compute (PhotoDNA …). They are compared only where an agency added a hasher of that name.
 *
 * Layout per hash: length of the name (1 byte), the name in lower case, length of the hash (2 bytes, little-endian),
 * the hash.
 */
import { hash as digestOf } from 'node:crypto'

export interface AlternativeHash {
  /** In lower case. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** Which alternative hashes a reader takes: all, as an import carries them, or those of the hashers at hand, by name and size. */
export type WantedAlternatives = 'all' | ReadonlyMap<string, number>

/** A column's heading for these hashes needs no hasher to be known: an import must not lose them. */
export const KNOWN_ALTERNATIVE = 'photodna'

/** The note of a list whose hashes no installed hasher computes. @param name of the hashes, as the list writes it */
export function withoutHasher(count: number, name: string): string {
  return `${count} ${count === 1 ? 'record has a' : 'records have a'} ${name} hash, which no installed hasher computes: such hashes are not compared`
}

/** Lists use few names of hashes. A hostile list cannot fill memory with more. */
const MOST_NAMES = 8

/** Alternative hashes of a list that no installed hasher computes, counted by name in any case. */
export class NotCompared {
  readonly #counts = new Map<string, { readonly name: string; count: number }>()

  take(names: readonly string[]): void {
    for (const name of names) {
      const counted = this.#counts.get(name.toLowerCase())
      if (counted) counted.count++
      else if (this.#counts.size < MOST_NAMES) this.#counts.set(name.toLowerCase(), { name, count: 1 })
    }
  }

  counts(): Iterable<{ readonly name: string; readonly count: number }> {
    return this.#counts.values()
  }
}

const MOST_HASH_BYTES = 4096
const MOST_NAME_BYTES = 64
const DIGEST_BYTES = 16

export function isWanted(name: string, wanted: WantedAlternatives | undefined): boolean {
  return wanted === 'all' || (wanted?.has(name.toLowerCase()) ?? false)
}

/**
 * A hash as lists write it: hex, numbers from 0 to 255 with commas, or base64.
 * @returns why it is none
 */
export function alternativeHash(
  name: string,
  text: string,
  wanted: WantedAlternatives | undefined,
): AlternativeHash | { readonly fault: string } {
  const bytes = bytesOf(text.trim())
  if (bytes === null || bytes.length === 0 || bytes.length > MOST_HASH_BYTES || name.length > MOST_NAME_BYTES)
    return { fault: `its ${name} hash is neither hex nor base64 nor numbers from 0 to 255` }
  const size = wanted === 'all' ? undefined : wanted?.get(name.toLowerCase())
  if (size !== undefined && size !== bytes.length)
    return { fault: `its ${name} hash has ${bytes.length} bytes, where the hasher's card says ${size}` }
  return { name: name.toLowerCase(), bytes }
}

function bytesOf(text: string): Uint8Array | null {
  if (/^(?:[0-9a-f]{2})+$/i.test(text)) return Buffer.from(text, 'hex')
  if (/^\d{1,3}(?:,\s*\d{1,3})+$/.test(text)) {
    const numbers = text.split(',').map(Number)
    return numbers.every((number) => number <= 255) ? Uint8Array.from(numbers) : null
  }
  return /^[A-Za-z0-9+/]{2,}={0,2}$/.test(text) ? Buffer.from(text, 'base64') : null
}

export function packAlternatives(hashes: readonly AlternativeHash[]): Buffer {
  return Buffer.concat(
    hashes.flatMap(({ name, bytes }) => {
      const named = Buffer.from(name)
      const head = Buffer.alloc(named.length + 3)
      head.writeUInt8(named.length)
      named.copy(head, 1)
      head.writeUInt16LE(bytes.length, named.length + 1)
      return [head, bytes]
    }),
  )
}

/** The hash of this name and size among packed ones; null: there is none. */
export function packedHash(packed: Buffer, name: string, sizeBytes: number): Uint8Array | null {
  for (let at = 0; at + 3 <= packed.length; ) {
    const nameEnd = at + 1 + packed[at]!
    const length = packed.readUInt16LE(nameEnd)
    if (length === sizeBytes && packed.toString('utf8', at + 1, nameEnd) === name)
      return packed.subarray(nameEnd + 2, nameEnd + 2 + length)
    at = nameEnd + 2 + length
  }
  return null
}

/** Writes a digest that distinguishes packed hashes, at `at`; the caller that stores them writes their place. */
export function writeAlternativeDigest(packed: Buffer, into: Uint8Array, at: number): void {
  // For the removal of duplicates, not for trust: the list is the operator's own.
  into.set(digestOf('md5', packed, 'buffer'), at)
  into.fill(0, at + DIGEST_BYTES, at + DIGEST_BYTES + 8)
}

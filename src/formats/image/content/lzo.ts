/**
 * LZO1X as Btrfs stores it: a length, then segments of one sector each, every one with its own length.
 * @see Linux fs/btrfs/lzo.c; Documentation/staging/lzo.rst, "LZO stream format as understood by Linux's LZO decompressor"
 */

/** @param sectorBytes a segment's length does not cross the end of a sector @returns bytes filled; fewer where it is damaged */
export function decodeBtrfsLzo(stored: Buffer, target: Buffer, sectorBytes: number): number {
  if (stored.length < 4) return 0
  const end = Math.min(stored.length, stored.readUInt32LE(0))
  let at = 4
  let filled = 0
  while (at + 4 <= end && filled < target.length) {
    const length = stored.readUInt32LE(at)
    const from = at + 4
    if (length === 0 || from + length > end) break
    const room = target.subarray(filled, filled + sectorBytes)
    const got = decodeLzo1x(stored.subarray(from, from + length), room)
    if (got === 0) break
    filled += got
    at = from + length
    const left = sectorBytes - (at % sectorBytes)
    if (left < 4) at += left
  }
  return filled
}

/** @returns bytes filled before the end or the first damage */
function decodeLzo1x(input: Buffer, output: Buffer): number {
  return new Lzo(input, output).decode()
}

class Lzo {
  readonly #input: Buffer
  readonly #output: Buffer
  #at = 0
  #filled = 0

  constructor(input: Buffer, output: Buffer) {
    this.#input = input
    this.#output = output
  }

  decode(): number {
    // Literals that follow the last match: 0 to 3; 4: more, so that an instruction below 16 copies from near.
    let state = 0
    const first = this.#input[0] ?? 0
    if (first > 17) {
      this.#at = 1
      const literals = first - 17
      if (!this.#literals(literals)) return this.#filled
      state = Math.min(literals, 4)
    }
    while (this.#at < this.#input.length) {
      const next = this.#instruction(this.#input[this.#at++]!, state)
      if (next < 0) break
      state = next
    }
    return this.#filled
  }

  /** @returns the next state; −1: the end, or damage */
  #instruction(code: number, state: number): number {
    if (code < 16) {
      if (state === 0) return this.#literals(code === 0 ? this.#long(15) + 3 : code + 3) ? 4 : -1
      const low = (this.#input[this.#at++] ?? 0) << 2
      const distance = low + (code >>> 2) + (state === 4 ? 2049 : 1)
      return this.#match(distance, state === 4 ? 3 : 2, code & 3)
    }
    if (code >= 64) {
      const distance = ((this.#input[this.#at++] ?? 0) << 3) + ((code >>> 2) & 7) + 1
      return this.#match(distance, (code >>> 5) + 1, code & 3)
    }
    const isNear = code >= 32
    const bits = isNear ? 31 : 7
    const length = (code & bits) === 0 ? this.#long(bits) + 2 : (code & bits) + 2
    if (this.#at + 2 > this.#input.length) return -1
    const word = this.#input.readUInt16LE(this.#at)
    this.#at += 2
    const distance = isNear ? (word >>> 2) + 1 : ((code & 8) << 11) + (word >>> 2) + 16_384
    // The end has a distance of its own.
    if (!isNear && distance === 16_384) return -1
    return this.#match(distance, length, word & 3)
  }

  /** A length in zeros of 255 each and a last byte. */
  #long(base: number): number {
    let length = base
    while (this.#input[this.#at] === 0) {
      length += 255
      this.#at++
    }
    return length + (this.#input[this.#at++] ?? 0)
  }

  #literals(count: number): boolean {
    const left = Math.min(count, this.#input.length - this.#at, this.#output.length - this.#filled)
    this.#input.copy(this.#output, this.#filled, this.#at, this.#at + left)
    this.#at += left
    this.#filled += left
    return left === count
  }

  #match(distance: number, length: number, literals: number): number {
    if (distance > this.#filled || this.#filled + length > this.#output.length) return -1
    for (let i = 0; i < length; i++) {
      this.#output[this.#filled] = this.#output[this.#filled - distance]!
      this.#filled++
    }
    return this.#literals(literals) ? literals : -1
  }
}

/** Decodes the variable-length integers of SQLite records, and gives the length of a value by its serial type. */

/** Up to eight bytes, seven bits each. @returns null past the end, for nine bytes, or for a value above 2^53 */
export function varint(bytes: Buffer, at: number): { readonly value: number; readonly next: number } | null {
  let value = 0
  for (let i = 0; i < 8; i++) {
    const byte = bytes[at + i]
    if (byte === undefined) return null
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) return Number.isSafeInteger(value) ? { value, next: at + i + 1 } : null
  }
  return null
}

export function varint64(
  bytes: Buffer,
  at: number,
): { readonly value: bigint; readonly next: number } | null {
  const small = varint(bytes, at)
  if (small) return { value: BigInt(small.value), next: small.next }
  let value = 0n
  for (let i = 0; i < 9; i++) {
    const byte = bytes[at + i]
    if (byte === undefined) return null
    if (i === 8) return { value: (value << 8n) | BigInt(byte), next: at + 9 }
    value = (value << 7n) | BigInt(byte & 0x7f)
    if (byte < 0x80) return { value, next: at + i + 1 }
  }
  return null
}

/** Length of a value by its serial type; null for invalid types. */
export function lengthOf(type: number): number | null {
  if (type >= 12) return Math.floor((type - 12) / 2)
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0][type] ?? null
}

/** Serial types of a record, from its header; null when the header is truncated. */
export function typesIn(bytes: Buffer, from: number, end: number): number[] | null {
  const types: number[] = []
  for (let next = from; next < end; ) {
    const type = varint(bytes, next)
    if (type === null) return null
    types.push(type.value)
    next = type.next
  }
  return types
}

/** Serial types of a row in a leaf; null when the header extends outside the page. */
export function typesOfCell(page: Buffer, at: number, usable: number): number[] | null {
  const length = varint(page, at)
  const rowid = length && varint64(page, length.next)
  return rowid && typesOfRecord(page, rowid.next, usable)
}

/** Serial types of the record at this offset; null when the header extends outside the page. */
export function typesOfRecord(page: Buffer, at: number, usable: number): number[] | null {
  const header = varint(page, at)
  if (!header || at + header.value > usable) return null
  return typesIn(page, header.next, at + header.value)
}

/**
 * How many bytes of a row of this length are in its own page.
 * @param most maximum of bytes in the page
 */
export function localBytes(usable: number, most: number, length: number): number {
  if (length <= most) return length
  const least = Math.floor(((usable - 12) * 32) / 255) - 23
  const fit = least + ((length - least) % (usable - 4))
  return fit <= most ? fit : least
}

/**
 * Parses protocol buffers without their schema: fields by number, and values at a path of field numbers.
 *
 * @see protobuf.dev, "Encoding"
 */
export interface ProtoField {
  readonly number: number
  /** A message, a text or bytes; or a number, as its bits. */
  readonly value: Buffer | bigint
  /** As it is written: 0 varint, 1 eight bytes, 2 bytes with their length, 5 four bytes. */
  readonly kind: 0 | 1 | 2 | 5
}

const MOST_FIELDS = 100_000

/** Fields in their order; null: the bytes are no message. */
export function fieldsOf(bytes: Buffer): readonly ProtoField[] | null {
  const fields: ProtoField[] = []
  for (let at = 0; at < bytes.length; ) {
    const tag = varint(bytes, at)
    if (tag === null || fields.length >= MOST_FIELDS) return null
    const [number, kind] = [Number(tag.value >> 3n), Number(tag.value & 7n)]
    if (number < 1 || number > MOST_NUMBER) return null
    at = tag.next
    if (kind === 0) {
      const value = varint(bytes, at)
      if (value === null) return null
      at = value.next
      fields.push({ number, kind, value: value.value })
    } else if (kind === 1 || kind === 5) {
      const width = kind === 1 ? 8 : 4
      if (at + width > bytes.length) return null
      const value = kind === 1 ? bytes.readBigUInt64LE(at) : BigInt(bytes.readUInt32LE(at))
      at += width
      fields.push({ number, kind, value })
    } else if (kind === 2) {
      const length = varint(bytes, at)
      if (length === null || length.value > BigInt(bytes.length - length.next)) return null
      at = length.next + Number(length.value)
      fields.push({ number, kind, value: bytes.subarray(length.next, at) })
    } else return null
  }
  return fields
}

const MOST_NUMBER = 2 ** 29 - 1
const MOST_VARINT_BYTES = 10

function varint(bytes: Buffer, at: number): { readonly value: bigint; readonly next: number } | null {
  let value = 0n
  for (let i = 0; i < MOST_VARINT_BYTES; i++) {
    const byte = bytes[at + i]
    if (byte === undefined) return null
    value |= BigInt(byte & 0x7f) << BigInt(7 * i)
    if (byte < 0x80) return { value: BigInt.asUintN(64, value), next: at + i + 1 }
  }
  return null
}

/** All byte values at this path: one field number per message on the way. */
export function bytesAt(message: Buffer, path: readonly number[]): readonly Buffer[] {
  let found: readonly Buffer[] = [message]
  for (const number of path)
    found = found.flatMap((one) =>
      (fieldsOf(one) ?? []).flatMap((field) =>
        field.number === number && Buffer.isBuffer(field.value) ? [field.value] : [],
      ),
    )
  return found
}

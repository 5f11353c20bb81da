/**
 * Byte strings: names and paths from the exhibit held as JavaScript strings whose char codes are the bytes (latin1).
 * Lossless, a third of a Buffer's memory, comparable with `<` in raw-byte order, usable as map keys. Never printed.
 */
export type ByteString = string

export function bytesOf(text: ByteString): Buffer {
  return Buffer.from(text, 'latin1')
}

export function byteString(bytes: Buffer | string): ByteString {
  return typeof bytes === 'string' ? Buffer.from(bytes, 'utf8').toString('latin1') : bytes.toString('latin1')
}

/** @param parent path below the root, empty for the root itself */
export function joinBytes(parent: ByteString, name: ByteString): ByteString {
  return parent === '' ? name : `${parent}/${name}`
}

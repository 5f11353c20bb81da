/** Unpacks a file that a person inserted into a document as an object: removes the wrapper of the Windows Packager. */

export interface PackagedFile {
  /** Name or path in the object, in bytes of the writer's code page. */
  readonly name: Buffer
  readonly content: Buffer
}

const NAME_BYTES = 1024

/**
 * @param native an `\x01Ole10Native` stream
 * @returns null when the stream contains something other than a packaged file
 * @see MS-OLEDS 2.3.6 (native data); Packager's format is undocumented: label, file name, path, content
 */
export function packagedFile(native: Buffer): PackagedFile | null {
  const reader = { at: 4 }
  const skip = (bytes: number) => {
    reader.at += bytes
    return reader.at <= native.length
  }
  const text = (): Buffer | null => {
    const end = native.indexOf(0, reader.at)
    if (end === -1 || end - reader.at > NAME_BYTES) return null
    const found = native.subarray(reader.at, end)
    reader.at = end + 1
    return found
  }
  const u32 = (): number => {
    if (!skip(4)) return -1
    return native.readUInt32LE(reader.at - 4)
  }
  if (!skip(2)) return null
  const label = text()
  const name = label && text()
  // Flags for a linked or an embedded file (2 and 3), each in 16 bits.
  if (!label || !name || !skip(4)) return null
  const pathBytes = u32()
  if (pathBytes < 0 || pathBytes > NAME_BYTES || !skip(pathBytes)) return null
  const length = u32()
  if (length < 0 || length > native.length - reader.at) return null
  return {
    name: label.length > 0 ? label : name,
    content: native.subarray(reader.at, reader.at + length),
  }
}

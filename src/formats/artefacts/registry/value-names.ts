/** Names in values of a registry: texts in UTF-16, a name before a shortcut, and lists of shell items. */

/** A text in UTF-16 up to its zero. */
export function wideText(bytes: Buffer): string {
  return bytes.toString('utf16le', 0, bytes.length & ~1).split('\0', 1)[0]!
}

/** A name in UTF-16, followed by a shortcut. */
export function wideName(bytes: Buffer): string | null {
  const name = wideText(bytes)
  return name === '' ? null : name
}

/**
 * The last name in a list of shell items: each extension block (0xBEEF0004) of version 3 or later ends with the long
 * name in UTF-16.
 * @see libfwsi, "Windows Shell Item format", 3.5
 */
export function lastShellName(bytes: Buffer): string | null {
  let last: string | null = null
  for (let at = 0; at + 2 <= bytes.length; ) {
    const size = bytes.readUInt16LE(at)
    if (size < 3 || at + size > bytes.length) break
    const item = bytes.subarray(at, at + size)
    const mark = item.indexOf(FILE_EXTENSION)
    // When the last item has no name, the function returns null: the name of a parent folder is not the opened file.
    last = null
    if (mark >= 4) {
      const block = item.subarray(mark - 4)
      const nameAt = nameOffset(block.readUInt16LE(2))
      const name = nameAt < block.length ? wideText(block.subarray(nameAt)) : ''
      if (name !== '') last = name
    }
    at += size
  }
  return last
}

const FILE_EXTENSION = Buffer.from('0400efbe', 'hex')

/** Offset of the long name in the block, by version. */
function nameOffset(version: number): number {
  return version >= 9 ? 46 : version >= 8 ? 42 : version >= 7 ? 38 : 20
}

/** Names of NTFS are any 16-bit units; as bytes they are WTF-8: UTF-8 with lone surrogates as three bytes each. */

const LONE_SURROGATE = /\p{Surrogate}/u

/** @param bytes UTF-16, little-endian, in [from, end) */
export function wtf8(bytes: Buffer, from = 0, end = bytes.length): Buffer {
  const text = bytes.toString('utf16le', from, end)
  return LONE_SURROGATE.test(text) ? withSurrogates(text) : Buffer.from(text, 'utf8')
}

function withSurrogates(text: string): Buffer {
  const parts: Buffer[] = []
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    parts.push(
      code >= 0xd800 && code <= 0xdfff
        ? Buffer.from([0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)])
        : Buffer.from(character, 'utf8'),
    )
  }
  return Buffer.concat(parts)
}

/**
 * A name as one component of a path. A path cannot contain `/` in a name (NTFS can store it, no Windows writes it):
 * U+FF0F replaces it.
 * @param bytes UTF-16, little-endian, in [from, end)
 */
export function componentOf(bytes: Buffer, from = 0, end = bytes.length): Buffer {
  const name = wtf8(bytes, from, end)
  if (!name.includes(0x2f)) return name
  return Buffer.from(name.toString('latin1').replaceAll('/', '\xef\xbc\x8f'), 'latin1')
}

/**
 * Checks whether a JSON text may be parsed: 60 MB of brackets are valid JSON but take gigabytes as values. The check
 * reads the raw bytes before parsing, in one pass and without memory.
 */

/** No message of ours nests deeper than ten. */
const MOST_DEPTH = 24
/** An array or object of a message has at least so many bytes of text, on average; as a value it takes about 60. */
const BYTES_A_CONTAINER = 8
const CONTAINERS_ALWAYS = 1024

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** @param bytes UTF-8; the parser rejects invalid JSON */
export function isModestJson(bytes: Buffer): boolean {
  const most = CONTAINERS_ALWAYS + bytes.length / BYTES_A_CONTAINER
  let depth = 0
  let containers = 0
  for (let at = 0; at < bytes.length; at++) {
    // `[` and `{`, `]` and `}` differ in one bit.
    const byte = bytes[at]!
    if (byte === QUOTE) at = endOfText(bytes, at + 1)
    else if ((byte & 0xdf) === 0x5b) {
      if (++depth > MOST_DEPTH || ++containers > most) return false
    } else if ((byte & 0xdf) === 0x5d) depth--
  }
  return true
}

/** Where the text that begins at `from` ends: at its second quote. */
function endOfText(bytes: Buffer, from: number): number {
  let at = from
  for (; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (byte === QUOTE) break
    if (byte === BACKSLASH) at++
  }
  return at
}

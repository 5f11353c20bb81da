/** Decompresses the RTF of Outlook messages (LZFu). @see MS-OXRTFCP 2.2 and 3.1 */

const DICTIONARY_BYTES = 4096
const FIRST_WORDS =
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx'
const PACKED = 0x75465a4c
const NOT_PACKED = 0x414c454d
const HEADER_BYTES = 16
/** A reference of two bytes expands to at most 17 bytes. */
const MOST_RATIO = 18

/** @returns null when the bytes are not compressed RTF; the available part when they are truncated */
export function unpackedRtf(bytes: Buffer): Buffer | null {
  if (bytes.length < HEADER_BYTES) return null
  const type = bytes.readUInt32LE(8)
  if (type === NOT_PACKED) return bytes.subarray(HEADER_BYTES)
  if (type !== PACKED) return null
  const out = Buffer.alloc(Math.min(bytes.readUInt32LE(4), bytes.length * MOST_RATIO))
  const dictionary = Buffer.alloc(DICTIONARY_BYTES)
  let write = dictionary.write(FIRST_WORDS, 'latin1')
  let filled = 0
  const put = (byte: number) => {
    if (filled < out.length) out[filled++] = byte
    dictionary[write] = byte
    write = (write + 1) % DICTIONARY_BYTES
  }
  for (let at = HEADER_BYTES; at < bytes.length && filled < out.length; ) {
    const control = bytes[at++]!
    for (let bit = 0; bit < 8 && at < bytes.length; bit++) {
      if (!(control & (1 << bit))) {
        put(bytes[at++]!)
        continue
      }
      if (at + 2 > bytes.length) return out.subarray(0, filled)
      const reference = bytes.readUInt16BE(at)
      at += 2
      const from = reference >> 4
      if (from === write) return out.subarray(0, filled)
      for (let i = 0; i < (reference & 15) + 2; i++) put(dictionary[(from + i) % DICTIONARY_BYTES]!)
    }
  }
  return out.subarray(0, filled)
}

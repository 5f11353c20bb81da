/** How many layers a Photoshop file has: what is decoded is the picture that they make together. @see Adobe, "Photoshop File Formats": file header, layer and mask information */

const HEADER_BYTES = 26

/** @returns 0 for a flat picture, or where the file breaks off before it says */
export function layersOf(bytes: Buffer): number {
  if (bytes.length < HEADER_BYTES) return 0
  // Large documents (PSB) have lengths of eight bytes; of so many layers the lower four are enough.
  const width = bytes.readUInt16BE(4) === 2 ? 8 : 4
  // Colours of a palette and the resources come before, each with its length.
  let at = HEADER_BYTES
  for (let i = 0; i < 2 && at + 4 <= bytes.length; i++) at += 4 + bytes.readUInt32BE(at)
  // Of the section, then of the list of layers in it.
  if (at + 2 * width + 2 > bytes.length) return 0
  const [section, list] = [at + width - 4, at + 2 * width - 4].map((place) => bytes.readUInt32BE(place))
  return section! > 0 && list! > 0 ? Math.abs(bytes.readInt16BE(at + 2 * width)) : 0
}

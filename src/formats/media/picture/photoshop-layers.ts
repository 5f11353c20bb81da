/**
 * Counts the layers of a Photoshop file; the decoder returns their merged picture.
 * @see Adobe, "Photoshop File Formats": file header, layer and mask information
 */

const HEADER_BYTES = 26

/** @returns 0 for a flat picture, or when the file is truncated before the count */
export function layersOf(bytes: Buffer): number {
  if (bytes.length < HEADER_BYTES) return 0
  // Large documents (PSB) have lengths of eight bytes; for the layer section the lower four are enough.
  const width = bytes.readUInt16BE(4) === 2 ? 8 : 4
  // The palette and the resources come before, each with its length.
  let at = HEADER_BYTES
  for (let i = 0; i < 2 && at + 4 <= bytes.length; i++) at += 4 + bytes.readUInt32BE(at)
  // Length of the section, then of the layer list in it.
  if (at + 2 * width + 2 > bytes.length) return 0
  const [section, list] = [at + width - 4, at + 2 * width - 4].map((place) => bytes.readUInt32BE(place))
  return section! > 0 && list! > 0 ? Math.abs(bytes.readInt16BE(at + 2 * width)) : 0
}

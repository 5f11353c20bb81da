/** Huffman tables of JPEG (ISO 10918-1, Annex C), as a table over the next 16 bits. */

/** For each value of 16 bits: length of the code × 256 + its symbol; 0 where no code begins so. */
export type HuffmanTable = Uint16Array

/**
 * @param counts number of codes of each length, 1 to 16
 * @returns null where the counts allow no code (more codes than there is room for)
 */
export function huffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable | null {
  const table = new Uint16Array(1 << 16)
  let [at, symbol] = [0, 0]
  for (let length = 1; length <= 16; length++) {
    const span = 1 << (16 - length)
    for (let n = counts[length - 1] as number; n > 0; n--, at += span) {
      if (at + span > table.length || symbol >= symbols.length) return null
      table.fill(length * 256 + (symbols[symbol++] as number), at, at + span)
    }
  }
  return table
}

/**
 * The diffuser that Windows Vista and 7 run over a sector behind AES-CBC. It has no key of its own: it is arithmetic.
 *
 * @see Niels Ferguson, "AES-CBC + Elephant diffuser: A Disk Encryption Algorithm for Windows Vista", 2006
 */

const A_CYCLES = 5
const B_CYCLES = 3

/**
 * Undoes the diffuser and the sector key, in place.
 * @param sector    words of one sector, little-endian
 * @param sectorKey 8 words
 */
export function undiffuse(sector: Uint32Array, sectorKey: Uint32Array): void {
  const n = sector.length
  for (let cycle = 0; cycle < B_CYCLES; cycle++)
    for (let i = 0; i < n; i++)
      sector[i]! += sector[(i + 2) % n]! ^ turned(sector[(i + 5) % n]!, B_TURNS[i % 4]!)
  for (let cycle = 0; cycle < A_CYCLES; cycle++)
    for (let i = 0; i < n; i++)
      sector[i]! += sector[(i + n - 2) % n]! ^ turned(sector[(i + n - 5) % n]!, A_TURNS[i % 4]!)
  for (let i = 0; i < n; i++) sector[i]! ^= sectorKey[i % 8]!
}

const A_TURNS = [9, 0, 13, 0]
const B_TURNS = [0, 10, 0, 25]

function turned(word: number, bits: number): number {
  return bits === 0 ? word : (word << bits) | (word >>> (32 - bits))
}

/** The size of an encrypted database: whole pages of 1,024 bytes or a multiple (formats/sqlite/encrypted-pages.ts). */
export const PAGE_BYTES = 1024

export function hasPages(sizeBytes: bigint | number): boolean {
  const size = BigInt(sizeBytes)
  return size > 0n && size % BigInt(PAGE_BYTES) === 0n
}

/** Media type by content, never by name. */
export interface Identified {
  readonly mediaType: string
}

export const UNRECOGNISED = 'application/octet-stream'
export const EMPTY = 'inode/x-empty'

/** @param head the first 64 KiB, or all of a smaller content */
export async function identify(head: Buffer, sizeBytes: number | bigint): Promise<Identified> {
  if (Number(sizeBytes) === 0) return { mediaType: EMPTY }
  if (head.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return { mediaType: 'image/jpeg' }
  return { mediaType: UNRECOGNISED }
}

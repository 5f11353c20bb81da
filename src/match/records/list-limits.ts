/** Limits of lists: bytes read to detect the format, and the length of a line. */

/** Bytes of a file that detection reads. */
export const HEAD_BYTES = 64 * 1024

/** The longest line or record any text format accepts; anything longer is rejected with its place. */
export const LONGEST_LINE_BYTES = 1 << 20

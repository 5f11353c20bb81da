/** How much of a list is looked at to tell its format, and how long a line may be. */

/** How much of a file detection sees. */
export const HEAD_BYTES = 64 * 1024

/** The longest line or record any text format accepts; anything longer is rejected with its place. */
export const LONGEST_LINE_BYTES = 1 << 20

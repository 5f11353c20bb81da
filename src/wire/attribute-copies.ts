/**
 * Messages by which a process that walks or reads a mount asks the main process for an empty copy of a file with the same extended
 * attributes, over a socket of its own. The library takes only paths that are text, and some names are not.
 *
 * Request, little-endian: number of a descriptor of the asking process, u32; or {@link RELEASED} when the last copy is not needed any more.
 * Answer to a number: u8, 1 where a copy was made, else 0 · length u16 · UTF-8: path of the copy, or why there is none.
 */
export const REQUEST_BYTES = 4
export const RELEASED = 0xffff_ffff
export const ANSWER_HEAD_BYTES = 3

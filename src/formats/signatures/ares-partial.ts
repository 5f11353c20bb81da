/**
 * What Ares keeps behind a file that it has not received in full: 4,096 bytes of state, in which the whole file's SHA-1 stands. The file
 * itself is of whatever kind it begins as.
 *
 * @see Ares Galaxy 2.4.6, helper_download_disk.pas; Mobius, file_arestra.cc
 */
export const ARES_STATE_BYTES = 4096
export const ARES_STATE = Buffer.from('___ARESTRA__')

/** @param tail the last bytes of a content */
export function hasAresState(tail: Buffer, sizeBytes: number): boolean {
  const at = tail.length - ARES_STATE_BYTES
  return (
    at >= 0 &&
    sizeBytes > ARES_STATE_BYTES &&
    ARES_STATE.equals(tail.subarray(at, at + ARES_STATE.length)) &&
    // Version 1, 2 or 3.
    [0x5f, 0x32, 0x33].includes(tail[at + ARES_STATE.length]!)
  )
}

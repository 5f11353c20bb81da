/**
 * Recognises the state that Ares appends to a file it has not received completely: 4,096 bytes, with the SHA-1 of the
 * complete file. The first bytes of the file determine its media type as usual.
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

/**
 * Direct pipe: passes a content from one process to another over a pipe of their own.
 *
 * In pieces: length u32, little-endian, and as many bytes; in place of a length {@link WHOLE} after the last, or
 * {@link REFUSED} where the rest does not come. Neither end believes the other: who takes it bounds it, and hashes it.
 */
import { readSync, writeSync, writevSync } from 'node:fs'

const LENGTH_BYTES = 4
const WHOLE = 0xffff_ffff
const REFUSED = 0xffff_fffe

/** Blocks until the pipe has taken it. */
export function handPiece(fd: number, piece: Buffer): void {
  let at = writevSync(fd, [lengthOf(piece.length), piece]) - LENGTH_BYTES
  // A pipe takes the four bytes whole or not at all.
  for (; at < piece.length; ) at += writeSync(fd, piece, at, piece.length - at)
}

/** @param whole whether all of it went before */
export function endHanding(fd: number, whole: boolean): void {
  writeSync(fd, lengthOf(whole ? WHOLE : REFUSED))
}

/**
 * Blocks until the whole content is there.
 * @returns null where it was refused or has another length; no further content comes through the pipe then
 */
export function takeHanded(fd: number, sizeBytes: number): Buffer | null {
  const into = Buffer.allocUnsafeSlow(sizeBytes)
  const head = Buffer.alloc(LENGTH_BYTES)
  for (let at = 0; ; ) {
    if (!fill(fd, head)) return null
    const length = head.readUInt32LE(0)
    if (length === WHOLE && at === sizeBytes) return into
    // Also too long a length; REFUSED exceeds every size that a content may have.
    if (length > sizeBytes - at || !fill(fd, into.subarray(at, at + length))) return null
    at += length
  }
}

/** @returns false where the pipe ends before */
function fill(fd: number, into: Buffer): boolean {
  for (let at = 0; at < into.length; ) {
    const got = readSync(fd, into, at, into.length - at, null)
    if (got === 0) return false
    at += got
  }
  return true
}

function lengthOf(value: number): Buffer {
  const bytes = Buffer.alloc(LENGTH_BYTES)
  bytes.writeUInt32LE(value, 0)
  return bytes
}

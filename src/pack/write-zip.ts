/** A ZIP of unchanged files, without compression: common programs open it, and equal files give an equal ZIP. */
import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { Zip, ZipPassThrough } from 'fflate'

/** Limit of the format without its extension for large files. */
export const MOST_ZIP_BYTES = 0xffff_ffff - (1 << 20)

export interface ZipSource {
  readonly name: string
  /** A file, or the bytes themselves. */
  readonly from: { readonly file: string } | Buffer
}

const PIECE_BYTES = 1 << 20
/** The earliest time of the format: the custody log contains the time of packing. */
const NO_TIME = new Date(1980, 0, 1)

/** @param out must not exist @throws the error of reading or writing */
export function writeZip(out: string, sources: readonly ZipSource[]): void {
  const fd = openSync(out, 'wx')
  try {
    let failed: Error | null = null
    const zip = new Zip((error, piece) => {
      if (error) failed = error
      else writeSync(fd, piece)
    })
    for (const { name, from } of sources) {
      const entry = new ZipPassThrough(name)
      entry.mtime = NO_TIME
      zip.add(entry)
      for (const piece of Buffer.isBuffer(from) ? [from] : piecesOf(from.file)) entry.push(piece, false)
      entry.push(new Uint8Array(0), true)
    }
    zip.end()
    if (failed) throw failed
  } finally {
    closeSync(fd)
  }
}

function* piecesOf(file: string): Iterable<Uint8Array> {
  const fd = openSync(file, 'r')
  try {
    for (;;) {
      const piece = Buffer.alloc(PIECE_BYTES)
      const length = readSync(fd, piece)
      if (length === 0) return
      yield piece.subarray(0, length)
    }
  } finally {
    closeSync(fd)
  }
}

/** Digest of a file of this program or of the examiner, with one fixed buffer for any length. */
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'

// A stream makes memory anew for each piece, which is free again only when somebody collects: 60 MB of a ledger of a
// million entries.
const PIECE_BYTES = 1 << 20

/** @returns lower-case hex */
export async function fileDigest(path: string, algorithm: string): Promise<string> {
  const hash = createHash(algorithm)
  const piece = Buffer.allocUnsafeSlow(PIECE_BYTES)
  const file = await open(path, 'r')
  try {
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, piece.length, null)
      if (bytesRead === 0) return hash.digest('hex')
      hash.update(piece.subarray(0, bytesRead))
    }
  } finally {
    await file.close()
  }
}

export function fileSha256(path: string): Promise<string> {
  return fileDigest(path, 'sha256')
}

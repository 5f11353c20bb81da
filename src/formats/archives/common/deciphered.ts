/** Decrypts a content piece by piece, so that a backup of any size needs no memory. */
import { createDecipheriv } from 'node:crypto'
import { CodedError } from '../../bytes/coded-error.ts'
import type { Pieces } from './inflate.ts'

/** @throws CodedError behind the last whole block, when the padding is wrong */
export async function* deciphered(
  cipher: 'aes-256-cbc',
  { key, iv }: { readonly key: Buffer; readonly iv: Buffer },
  pieces: Pieces,
): AsyncGenerator<Buffer> {
  const decipher = createDecipheriv(cipher, key, iv)
  for await (const piece of pieces) {
    const plain = decipher.update(piece)
    if (plain.length > 0) yield plain
  }
  let last: Buffer
  try {
    last = decipher.final()
  } catch (cause) {
    throw new CodedError({ code: 'checksum-differs', params: {} }, { cause })
  }
  if (last.length > 0) yield last
}

/** The pieces without the first bytes. */
export async function* skipped(pieces: Pieces, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes
  for await (const piece of pieces) {
    if (left < piece.length) yield piece.subarray(left)
    left = Math.max(0, left - piece.length)
  }
}

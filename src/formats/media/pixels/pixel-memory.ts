/**
 * Memory of pixels. It is given back at once: the collector does it as well, but 36 MB a picture make it run for every picture. And
 * what a decoder of ours wrote into is kept for its next picture: each fresh page is a fault, of 36 MB as much as making the colours.
 */

/** Smaller ones are the collector's. */
const LARGE_BYTES = 1 << 19
/** RGB of 22 megapixels; larger ones are not kept. */
const KEPT_BYTES = 64 << 20

let kept: ArrayBuffer | null = null
/** Lent, and not given back yet. */
const lent = new WeakSet<ArrayBufferLike>()

/** For who writes every byte of it: an earlier picture may still lie there. */
export function pixelMemory(bytes: number): Uint8Array<ArrayBuffer> {
  if (bytes < LARGE_BYTES || bytes > KEPT_BYTES) return new Uint8Array(bytes)
  const buffer = kept !== null && kept.byteLength >= bytes ? kept : new ArrayBuffer(bytes)
  // A smaller one that is kept would only lie beside this one.
  kept = null
  lent.add(buffer)
  return new Uint8Array(buffer, 0, bytes)
}

/**
 * Nothing may read them afterwards. They have no length then, but for what is kept: to take that away and give it anew would look to the
 * collector like 36 MB more, and it would run. Parts of a larger buffer stay.
 */
export function release(pixels: Uint8Array): void {
  const { buffer } = pixels
  if (!(buffer instanceof ArrayBuffer)) return
  if (lent.delete(buffer)) kept = buffer
  else if (buffer !== kept && pixels.byteLength === buffer.byteLength && pixels.byteLength >= LARGE_BYTES)
    buffer.transfer(0)
}

/**
 * Manages memory of pixels. The memory is freed explicitly: the garbage collector would also free it, but 36 MB a
 * picture make it run for every picture. Memory written by our own decoder is kept for the next picture, because each
 * new page causes a fault. For 36 MB the faults cost as much as the colour conversion.
 */

/** Smaller buffers are left to the garbage collector. */
const LARGE_BYTES = 1 << 19
/** RGB of 22 megapixels; larger buffers are not kept. */
const KEPT_BYTES = 64 << 20

let kept: ArrayBuffer | null = null
/** Buffers in use, not yet released. */
const lent = new WeakSet<ArrayBufferLike>()

/** Only for a caller that writes every byte: the memory may still contain an earlier picture. */
export function pixelMemory(bytes: number): Uint8Array<ArrayBuffer> {
  if (bytes < LARGE_BYTES || bytes > KEPT_BYTES) return new Uint8Array(bytes)
  const buffer = kept !== null && kept.byteLength >= bytes ? kept : new ArrayBuffer(bytes)
  // A smaller kept buffer is dropped, so that only one exists.
  kept = null
  lent.add(buffer)
  return new Uint8Array(buffer, 0, bytes)
}

/**
 * No code may read the pixels afterwards. Their buffer then has length zero, except a kept one. Detaching and
 * attaching a kept buffer would count as 36 MB of new memory and trigger the garbage collector. Parts of a larger
 * buffer stay.
 */
export function release(pixels: Uint8Array): void {
  const { buffer } = pixels
  if (!(buffer instanceof ArrayBuffer)) return
  if (lent.delete(buffer)) kept = buffer
  else if (buffer !== kept && pixels.byteLength === buffer.byteLength && pixels.byteLength >= LARGE_BYTES)
    buffer.transfer(0)
}

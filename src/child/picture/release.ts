/** Gives the memory of pixels back at once. The collector does it as well, but 36 MB a picture make it run for every picture. */

/** Smaller ones are the collector's. */
const LARGE_BYTES = 1 << 20

/** Nothing may read them afterwards: they have no length then. Parts of a larger buffer stay. */
export function release(pixels: Uint8Array): void {
  const { buffer } = pixels
  const whole = pixels.byteLength === buffer.byteLength && buffer instanceof ArrayBuffer
  if (whole && pixels.byteLength >= LARGE_BYTES) buffer.transfer(0)
}

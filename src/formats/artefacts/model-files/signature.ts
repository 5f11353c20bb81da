/**
 * Recognises safetensors by the length and form of the header.
 *
 * @see huggingface/safetensors, README ("Format")
 */
import type { Sample } from '../../../media-types/sample.ts'

/** The library writes no longer header. @see huggingface/safetensors, MAX_HEADER_SIZE */
const MOST_HEAD_BYTES = 100_000_000

/** A length of eight bytes, then JSON of that length that contains tensors. */
export function signature({ head, sizeBytes }: Sample): string | null {
  if (head.length < 16 || head[8] !== 0x7b || head.readUInt32LE(4) !== 0) return null
  const length = head.readUInt32LE(0)
  if (length < 2 || length > MOST_HEAD_BYTES || length + 8 > sizeBytes) return null
  const text = head.toString('latin1', 8, Math.min(head.length, 8 + length))
  return /^\{\s*"/.test(text) && /"(__metadata__|dtype)"\s*:/.test(text) ? 'application/x-safetensors' : null
}

/** Recognises the report of an extraction by Cellebrite's programs by its namespace. */
import type { Sample } from '../../../media-types/sample.ts'

export function signature({ head }: Sample): string | null {
  if (head[0] !== 0x3c && head[0] !== 0xef) return null
  const text = head.toString('latin1', 0, 4096)
  return /<project[^>]{1,2000}xmlns="http:\/\/pa\.cellebrite\.com\/report\/2\.0"/.test(text)
    ? 'application/x-ufed-report+xml'
    : null
}

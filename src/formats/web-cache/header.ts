/** Headers of an answer as caches of browsers keep them. */

/** Of a header of HTTP; lines end with zero or a line end. */
export function headerOf(headers: string, name: string): string | null {
  return new RegExp(`(?:^|[\\0\\n])${name}:[ \\t]*([^\\0\\r\\n]*)`, 'i').exec(headers)?.[1] ?? null
}

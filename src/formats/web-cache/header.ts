/** Reads headers of a response in a browser cache. */

/** Value of an HTTP header; a zero or a line end separates the lines. */
export function headerOf(headers: string, name: string): string | null {
  return new RegExp(`(?:^|[\\0\\n])${name}:[ \\t]*([^\\0\\r\\n]*)`, 'i').exec(headers)?.[1] ?? null
}

/** The path in a `file:` URL; any other text stays unchanged. */
export function decodedFileUri(uri: string): string {
  try {
    return decodeURIComponent(uri.replace(/^file:\/\/(localhost)?/, ''))
  } catch {
    // A name that is not UTF-8 has other escapes.
    return uri
  }
}

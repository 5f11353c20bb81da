/** The path in a `file:` address; what is none stays as it is. */
export function decodedFileUri(uri: string): string {
  try {
    return decodeURIComponent(uri.replace(/^file:\/\/(localhost)?/, ''))
  } catch {
    // A name that is not UTF-8 is written with other escapes.
    return uri
  }
}

/** Recognises bookmarks of the Chromium family: a checksum, then the roots. */

/** @param text start of a text that has no other type */
export function textSignature(text: string): string | null {
  return BOOKMARKS.test(text.slice(0, 2048).trimStart()) ? 'application/x-chromium-bookmarks+json' : null
}

const BOOKMARKS = /^\{\s*"checksum": "[0-9a-f]{32}",[\s\S]{0,200}?"roots": \{\s*"bookmark_bar": \{/

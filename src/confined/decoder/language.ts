/**
 * The language of a text, by eld's n-grams: an attribute for people and for search, never a reason to skip anything.
 */

/** Enough characters to recognise a language at little cost. */
const SAMPLE_CHARS = 4000

export async function prepareLanguage(): Promise<(text: string) => string | null> {
  const { eld } = (await import('eld/small')) as {
    eld: { detect(text: string): { language: string; isReliable(): boolean } }
  }
  return (text) => {
    const found = eld.detect(text.slice(0, SAMPLE_CHARS))
    return found.language !== '' && found.isReliable() ? found.language : null
  }
}

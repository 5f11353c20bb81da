/** Extracts text of JSON and JSON Lines: messages of a chat export, else every string. */
import type { TextNote } from '../../contracts/text-note.ts'
import { chatText, TextCollector, TextDamaged, type TextExtractor } from '../documents/text-extractor.ts'
import { messagesInJson } from './chat.ts'
import { decodeText } from './decode-text.ts'

export const json: TextExtractor = {
  id: 'json',
  reads: (mediaType) =>
    [
      'application/json',
      'application/x-ndjson',

      'application/x-chromium-bookmarks+json',
      'application/x-generator+json',
    ].includes(mediaType),
  extract(bytes, limits) {
    const { text } = decodeText(bytes)
    const { value, warnings } = parsed(text)
    const sink = new TextCollector(limits)
    const messages = messagesInJson(value)
    if (messages.length === 0) {
      for (const string of strings(value)) if (!sink.add(`${string}\n`)) break
      return { text: sink.text(), warnings: [...warnings, ...sink.warnings()] }
    }
    sink.add(chatText(messages))
    return { text: sink.text(), messages, warnings: [...warnings, ...sink.warnings()] }
  },
}

function parsed(text: string): { value: unknown; warnings: TextNote[] } {
  try {
    return { value: JSON.parse(text), warnings: [] }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return byLines(text)
  }
}

/** One value for each line; a truncated export still gives the lines before the cut. */
function byLines(text: string): { value: unknown; warnings: TextNote[] } {
  const values: unknown[] = []
  let broken = 0
  for (const line of text.split('\n')) {
    const bare = line.trim().replace(/,$/, '')
    if (bare === '' || '[]{}'.includes(bare)) continue
    try {
      values.push(JSON.parse(bare))
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      broken++
    }
  }
  const noJson: TextNote[] = broken > 0 ? [{ code: 'lines-no-json', params: { lines: broken } }] : []
  if (values.length > 0) return { value: values, warnings: noJson }
  // Truncated or damaged JSON: its strings are still extracted as text.
  const found = [...text.matchAll(/"((?:[^"\\\n]|\\.)*)"/g)].map(([quoted]) => unquoted(quoted))
  if (found.length === 0) throw new TextDamaged({ code: 'no-json', params: {} })
  return { value: found, warnings: [{ code: 'json-damaged', params: {} }] }
}

function unquoted(quoted: string): string {
  try {
    return JSON.parse(quoted) as string
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return quoted.slice(1, -1)
  }
}

/**
 * Signal's settings store the key of the encrypted database under this name. The key is not text and is never stored.
 */
function isKey(name: string, value: unknown): boolean {
  return name === 'key' && typeof value === 'string' && /^[0-9a-f]{64}$/i.test(value)
}

/** Depth first, without names; no recursion, because the exhibit determines the depth. */
function* strings(value: unknown): IterableIterator<string> {
  const stack: unknown[] = [value]
  while (stack.length > 0) {
    const at = stack.pop()
    if (typeof at === 'string') yield at
    else if (typeof at === 'object' && at !== null)
      for (const [name, inner] of Object.entries(at).reverse()) if (!isKey(name, inner)) stack.push(inner)
  }
}

/** Extracts plain text of any kind and encoding; exported chats are recognised by their lines. */

import { TextCollector, type TextExtractor } from '../documents/text-extractor.ts'
import { messagesInLines } from './chat.ts'
import { decodeText } from './decode-text.ts'

/** Media types of programs whose content is also lines of text: subtitles, shortcuts. */
const LINES = new Set(['application/x-subrip', 'application/x-mswinurl'])

export const plain: TextExtractor = {
  id: 'plain',
  reads: (mediaType) => mediaType.startsWith('text/') || LINES.has(mediaType),
  extract(bytes, limits) {
    const sink = new TextCollector(limits)
    sink.add(decodeText(bytes).text.replace(/\r\n?/g, '\n'))
    const text = sink.text()
    const messages = messagesInLines(text)
    return { text, ...(messages.length > 0 ? { messages } : {}), warnings: sink.warnings() }
  },
}

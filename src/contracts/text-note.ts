/** Notes about the text of a content: parts that were not read, and facts that a reader needs. */
import type { CodedOf, CodeTable } from './coded.ts'

export const TEXT_NOTES = {
  // Parts that were not read: each makes the result `partly-examined`.
  'text-cut': { characters: 'number' },
  'terms-cut': { characters: 'number' },
  'conversations-privileged': { conversations: 'number' },
  'words-unread': { messages: 'number' },
  /** The messenger may have more deleted messages than the search covered. */
  'messages-not-searched': {},
  'tables-unreadable': { tables: 'number' },
  'messages-too-deep': { depth: 'number' },
  'messages-unreadable': { messages: 'number' },
  'compound-directory-damaged': {},
  'embedded-document-damaged': { text: 'text' },
  'pages-unreadable': { pages: 'number', of: 'number' },
  'replacement-text-unplaced': { pages: 'number', of: 'number' },
  'text-outside-file': { stretches: 'number' },
  'file-breaks-off': {},
  'lines-no-json': { lines: 'number' },
  /** Of a picture: found, and over the limit of lines or of their length. */
  'lines-unread': { lines: 'number' },
  'codes-at-limit': { codes: 'number' },
  'strips-unsearched': { strips: 'number' },
  /** Of a scan of more pages than are searched. */
  'pages-searched': { pages: 'number', of: 'number' },
  /** Of a scan of several pages, in ledgers before 2026-12; of an animation for information alone. */
  'first-page-searched': { of: 'number' },
  'json-damaged': {},
  /** Of a sound: milliseconds that were heard, of those that it states. */
  'sound-heard-in-part': { ms: 'number', of: 'number' },
  'sound-damaged': { packets: 'number' },
  /** Speech over the limit of a transcript. */
  'speech-left-out': { ms: 'number' },
  'unpacked-in-part': { what: 'text', limit: 'number' },
  'parts-damaged': { parts: 'number' },
  // Information only: no part of the text is missing.
  conversations: { program: 'text', conversations: 'number' },
  'strongest-conversation': { conversation: 'text', classifier: 'text', scorePer10k: 'number' },
  'signs-left-out': { signs: 'number' },
  /** Of a video: frames in which words and codes were sought. */
  'frames-searched': { frames: 'number' },
  'macros-not-run': {},
  'objects-apart': {},
  'objects-not-opened': { objects: 'number' },
  'write-ahead-log-not-read': {},
  'links-not-fetched': {},
  'references-not-followed': { references: 'number' },
} as const satisfies CodeTable

export type TextNoteCode = keyof typeof TEXT_NOTES

export type TextNote = CodedOf<typeof TEXT_NOTES>

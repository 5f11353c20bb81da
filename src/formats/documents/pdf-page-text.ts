/** The text of a page of a PDF from the items that pdf.js gives, with replacement text instead of the glyphs it replaces. */
import type { PDFPageProxy } from 'pdfjs-dist'
import type { Mark } from './pdf-replacement.ts'

type Item = Awaited<ReturnType<PDFPageProxy['getTextContent']>>['items'][number]

/** @returns null when the item starts no marked content */
export function tagOf(item: Item): string | null {
  return 'type' in item && item.type.startsWith('begin') ? ((item as { tag?: string }).tag ?? '') : null
}

/** Marked content without a number in the document structure: it may have replacement text in its properties. */
export function mayReplace(item: Item): boolean {
  return 'type' in item && item.type === 'beginMarkedContentProps' && !item.id
}

/**
 * The text of a page in order, with replacement text instead of the glyphs it replaces. The space before a span is
 * part of its first item and is kept.
 */
export function* textsOf(items: readonly Item[], marks: readonly Mark[] | null): Iterable<string> {
  let [begun, depth, replacedAt] = [0, 0, 0]
  let replacement: string | null = null
  for (const item of items) {
    if ('str' in item) {
      const isGap = item.str.trim() === ''
      if (replacement !== null && !isGap) {
        yield `${/^\s/.test(item.str) ? ' ' : ''}${replacement}`
        replacement = null
      } else if (replacedAt === 0 || replacement !== null) yield item.str
      if (item.hasEOL) yield '\n'
    } else if (tagOf(item) !== null) {
      depth++
      const own = marks?.[begun++]?.replacement ?? null
      if (own !== null && replacedAt === 0) [replacedAt, replacement] = [depth, own]
    } else {
      if (depth === replacedAt) {
        if (replacement !== null) yield replacement
        ;[replacedAt, replacement] = [0, null]
      }
      depth = Math.max(0, depth - 1)
    }
  }
}

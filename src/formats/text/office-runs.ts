/** Extracts the text between elements in a part of an office file, line by line. */

import type { TextCollector } from '../documents/text-extractor.ts'
import { readOfficeXml } from './office-names.ts'

export interface RunNames {
  readonly text: readonly string[]
  readonly line: readonly string[]
  readonly tab: readonly string[]
}

export function runs(xml: string, sink: TextCollector, names: RunNames): void {
  let inText = 0
  readOfficeXml(xml, {
    open(name, attributes) {
      if (names.text.includes(name)) inText++
      if (names.tab.includes(name)) sink.add('\t')
      if (/(^|:)(cNvPr|docPr)$/.test(name))
        for (const words of describedBy(attributes)) sink.add(`${words}\n`)
    },
    text: (text) => {
      if (inText > 0) sink.add(text)
    },
    close(name) {
      if (names.text.includes(name)) inText = Math.max(0, inText - 1)
      if (names.line.includes(name)) sink.add('\n')
    },
  })
}

/**
 * Description of a picture or shape, and the name of its source file, often with a path on another machine. The
 * program itself assigns names such as “Rectangle 3”.
 */
function describedBy({ name = '', descr = '', title = '' }: Readonly<Record<string, string>>): string[] {
  return [...new Set([/\.\w{2,4}$/.test(name) ? name : '', title, descr])].filter(
    (words) => words.trim() !== '',
  )
}

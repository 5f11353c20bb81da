/** A report as a parser sees it: its elements in order, and the text between them. */
import { Parser } from 'htmlparser2'

export interface ParsedElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  text: string
}

export function parseHtml(source: string): ParsedElement[] {
  const elements: ParsedElement[] = []
  const open: ParsedElement[] = []
  const parser = new Parser({
    onopentag(name, attributes) {
      const element = { name, attributes, text: '' }
      elements.push(element)
      open.push(element)
    },
    ontext(text) {
      for (const element of open) element.text += text
    },
    onclosetag() {
      open.pop()
    },
    oncomment(text) {
      throw new Error(`a comment in the report: ${text}`)
    },
  })
  parser.write(source)
  parser.end()
  return elements
}

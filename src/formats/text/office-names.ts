/**
 * Maps names of office XML to their usual prefixes (`w:t`, `text:p`) by namespace, for any prefix in the document. An
 * extractor that relies on the prefixes finds no text in documents of some generators.
 */
import { readXml, type XmlHandler } from './markup.ts'

export function readOfficeXml(xml: string, handler: XmlHandler): void {
  const usual = usualNames(xml)
  const named = usual && {
    ...handler,
    open: (name: string, attributes: Readonly<Record<string, string>>) =>
      handler.open?.(usual(name), attributes),
    close: (name: string) => handler.close?.(usual(name)),
  }
  readXml(xml, named ?? handler)
}

const USUAL: readonly (readonly [namespace: RegExp, prefix: string])[] = [
  [/\/wordprocessingml\/(2006\/)?main$/, 'w'],
  [/\/presentationml\/(2006\/)?main$/, 'p'],
  [/\/drawingml\/(2006\/)?main$/, 'a'],
  [/\/drawingml\/(2006\/)?chart$/, 'c'],
  [/\/spreadsheetml\/(2006\/)?main$/, ''],
  [/^http:\/\/purl\.org\/dc\/elements\/1\.1\/$/, 'dc'],
  [/\/metadata\/core-properties$/, 'cp'],
]
const OPENDOCUMENT = /^urn:oasis:names:tc:opendocument:xmlns:(office|text|table|script|meta):1\.0$/

const DECLARATION = /xmlns(?::([\w.-]+))?\s*=\s*["']([^"']{1,200})["']/g
/** The root element declares the namespaces. */
const HEAD_CHARS = 16_384

/** @returns null when the document already uses the usual names */
function usualNames(xml: string): ((name: string) => string) | null {
  const prefixes = new Map<string, string>()
  for (const [, prefix = '', namespace] of xml.slice(0, HEAD_CHARS).matchAll(DECLARATION)) {
    const usual = USUAL.find(([known]) => known.test(namespace!))?.[1] ?? OPENDOCUMENT.exec(namespace!)?.[1]
    if (usual !== undefined && usual !== prefix && !prefixes.has(prefix)) prefixes.set(prefix, usual)
  }
  if (prefixes.size === 0) return null
  return (name) => {
    const colon = name.indexOf(':')
    const usual = prefixes.get(colon === -1 ? '' : name.slice(0, colon))
    if (usual === undefined) return name
    return usual === '' ? name.slice(colon + 1) : `${usual}:${name.slice(colon + 1)}`
  }
}

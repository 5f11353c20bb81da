/**
 * An agency's terms over what a scan comes by: names, folders and texts. A find names the term's id and the kind of place,
 * never the term and never the words around it.
 */
import type { Attribute, EvidencePath } from '../contracts.ts'
import { componentsOf } from './spelling.ts'
import type { Term } from './term.ts'
import { termMatcher } from './term-matcher.ts'

export interface TermFinder {
  /** @param paths of one content: each find once, the name before folders */
  inPaths(paths: readonly EvidencePath[]): readonly Attribute[]
  inText(text: string): readonly Attribute[]
}

/** Longer texts are searched to here; the find list says so. */
const TEXT_CHARS = 4_000_000

/** @param asOf ISO-8601 date; terms that expired before it are left out */
export function termFinder(terms: readonly Term[], asOf: string): TermFinder {
  const matcher = termMatcher(terms, asOf)
  return {
    inPaths(paths) {
      const inNames = new Set<string>()
      const inFolders = new Set<string>()
      for (const { steps } of paths)
        steps.forEach((step, s) => {
          // A name that is not UTF-8 is searched for what of it is.
          const path = step.name.toString('utf8')
          const last = componentsOf(path).length - 1
          for (const { termId, component } of matcher.inPath(path))
            (s === steps.length - 1 && component === last ? inNames : inFolders).add(termId)
        })
      for (const termId of inNames) inFolders.delete(termId)
      return [...attributes('term-in-name', inNames), ...attributes('term-in-folder', inFolders)]
    },
    inText(text) {
      const found = new Set(matcher.inText(text.slice(0, TEXT_CHARS)).map(({ termId }) => termId))
      const cut = text.length > TEXT_CHARS
      return [
        ...attributes('term-in-text', found),
        ...(cut
          ? attributes('text-note', new Set([`terms were looked for in the first ${TEXT_CHARS} characters`]))
          : []),
      ]
    },
  }
}

function attributes(name: string, values: ReadonlySet<string>): Attribute[] {
  return [...values].sort().map((value) => ({ kind: 'attribute', name, value }))
}

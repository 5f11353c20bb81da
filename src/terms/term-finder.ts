/**
 * Searches names, folders and texts of a scan for an agency's terms, and applies its path model. A result contains the
 * term's id and the kind of place, never the term or the words around it.
 */
import { type Attribute, attribute } from '../contracts/attribute.ts'
import type { ModelUse } from '../contracts/case.ts'
import type { EvidencePath } from '../contracts/entry.ts'
import type { NameFinding, Score } from '../contracts/finding.ts'
import { pathModelUse, pathScore, termFindings, termsUse } from './agency-scores.ts'
import { type PathModel, pathScorer } from './path-classifier.ts'
import { componentsOf } from './spelling.ts'
import type { Term } from './term.ts'
import { termMatcher } from './term-matcher.ts'

export interface TermFinder {
  /** Findings of one entry's path, independent of its content: each id once, the name before folders. */
  inName(path: EvidencePath): readonly NameFinding[]
  inText(text: string): readonly (Attribute | Score)[]
  /** The models and terms in a plan. */
  readonly uses: readonly ModelUse[]
}

export interface AgencyWords {
  readonly terms: { readonly list: readonly Term[]; readonly asOf: string; readonly sha256: string } | null
  readonly paths: { readonly model: PathModel; readonly sha256: string } | null
}

/** Characters of a text that are searched; the find list reports a cut. */
const TEXT_CHARS = 4_000_000

export function termFinder({ terms, paths }: AgencyWords): TermFinder {
  const matcher = terms && termMatcher(terms.list, terms.asOf)
  const inComponent =
    matcher && remembering((text: string) => matcher.inText(text).map(({ termId }) => termId))
  const score = paths && pathScorer(paths.model)
  return {
    inName(path) {
      // A thumbnail or a frame has no name but the one that this program gives it, and the root of the exhibit has
      // none.
      if (isUnnamed(path)) return []
      // A name that is not UTF-8 is searched in its valid parts.
      const names = path.steps.map(({ name }) => name.toString('utf8'))
      const found: NameFinding[] = paths && score ? [pathScore(score(names.join('/')), paths.sha256)] : []
      if (!terms || !inComponent) return found
      const inNames = new Set<string>()
      const inFolders = new Set<string>()
      names.forEach((name, s) => {
        const components = componentsOf(name)
        components.forEach(({ text }, i) => {
          const into = s === names.length - 1 && i === components.length - 1 ? inNames : inFolders
          for (const termId of inComponent(text)) into.add(termId)
        })
      })
      for (const termId of inNames) inFolders.delete(termId)
      return [
        ...termFindings('term-in-name', inNames, terms.sha256),
        ...termFindings('term-in-folder', inFolders, terms.sha256),
        ...found,
      ]
    },
    inText(text) {
      if (!terms || !matcher) return []
      const found = new Set(matcher.inText(text.slice(0, TEXT_CHARS)).map(({ termId }) => termId))
      return [
        ...termFindings('term-in-text', found, terms.sha256),
        ...(text.length > TEXT_CHARS ? [attribute('terms-cut', { characters: TEXT_CHARS })] : []),
      ]
    },
    uses: [...(terms ? [termsUse(terms.sha256)] : []), ...(paths ? [pathModelUse(paths.sha256)] : [])],
  }
}

function isUnnamed({ steps }: EvidencePath): boolean {
  const { kind, name } = steps.at(-1)!
  return name.length === 0 || kind === 'thumbnail' || kind === 'frame'
}

const REMEMBERED = 4096

/** Folders are above many names, so their result is remembered. */
function remembering<T>(find: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    if (known.size >= REMEMBERED) known.clear()
    const found = find(text)
    known.set(text, found)
    return found
  }
}

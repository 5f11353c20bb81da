/**
 * `seized terms check`: counts the false hits of each term on benign paths.
 *
 * A list is only as good as its worst term: one that occurs in every tenth file name buries the others.
 */
import { THRESHOLDS } from '../classify/thresholds.ts'
import { type PathModel, pathScorer } from './path-classifier.ts'
import type { Term } from './term.ts'
import { termMatcher } from './term-matcher.ts'

export interface TermRate {
  readonly termId: string
  readonly pathHits: number
  readonly textHits: number
  readonly perMillionPaths: number | null
  readonly perMillionTexts: number | null
}

export interface TermCheck {
  readonly paths: number
  readonly texts: number
  /** Benign paths on which any term was found, as a share. */
  readonly pathShare: number | null
  readonly textShare: number | null
  /** Benign paths that the path model marks, as a share; null without a model. */
  readonly pathModelShare: number | null
  /** Every term, most often found first. */
  readonly terms: readonly TermRate[]
}

/** The best published classifier marks 0.2 % of benign paths (Pereira et al. 2020): a list should mark no more. */
export const ACCEPTED_PATH_SHARE = 0.002

export async function checkTerms(
  terms: readonly Term[],
  today: string,
  benign: {
    readonly paths?: Iterable<string> | AsyncIterable<string>
    readonly texts?: Iterable<string> | AsyncIterable<string>
  },
  pathModel: PathModel | null = null,
): Promise<TermCheck> {
  const matcher = termMatcher(terms, today)
  const score = pathModel && pathScorer(pathModel)
  let markedByModel = 0
  const inPaths = await tally(benign.paths ?? [], (path) => {
    if (score && score(path) >= THRESHOLDS.agencyPaths.path) markedByModel += 1
    return matcher.inPath(path)
  })
  const inTexts = await tally(benign.texts ?? [], (text) => matcher.inText(text))
  return {
    paths: inPaths.read,
    texts: inTexts.read,
    pathShare: share(inPaths.marked, inPaths.read),
    textShare: share(inTexts.marked, inTexts.read),
    pathModelShare: score && share(markedByModel, inPaths.read),
    terms: terms
      .map(({ id }) => {
        const pathHits = inPaths.hits.get(id) ?? 0
        const textHits = inTexts.hits.get(id) ?? 0
        return {
          termId: id,
          pathHits,
          textHits,
          perMillionPaths: perMillion(pathHits, inPaths.read),
          perMillionTexts: perMillion(textHits, inTexts.read),
        }
      })
      .sort((a, b) => b.pathHits + b.textHits - a.pathHits - a.textHits || (a.termId < b.termId ? -1 : 1)),
  }
}

async function tally(
  items: Iterable<string> | AsyncIterable<string>,
  find: (item: string) => readonly { readonly termId: string }[],
) {
  const hits = new Map<string, number>()
  let read = 0
  let marked = 0
  for await (const item of items) {
    const found = find(item)
    read += 1
    if (found.length > 0) marked += 1
    for (const { termId } of found) hits.set(termId, (hits.get(termId) ?? 0) + 1)
  }
  return { read, marked, hits }
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}

function perMillion(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 1e6)
}

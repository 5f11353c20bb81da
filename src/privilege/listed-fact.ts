/**
 * What stays of a content that a list names and a privilege list closes: its digests, the lists, how many places it has. The
 * words and pictures are closed, the fact is not: it counts in totals, on page one, in VICS and in the exit code.
 */
import { filePath } from '../base/evidence-path.ts'
import type { Entry, EvidencePath } from '../contracts/entry.ts'
import { FINDING_LISTS, type FindingLists } from '../contracts/finding.ts'
import type { EntryView } from '../contracts/view.ts'

const NO_FINDINGS = Object.fromEntries(
  Object.values(FINDING_LISTS).map((list) => [list, []]),
) as unknown as FindingLists

/** On a list of illegal material or of interest. */
export function isListed({ hits }: Pick<EntryView, 'hits'>): boolean {
  return hits.some(({ meaning }) => meaning !== 'known')
}

/**
 * The view of a closed content without names of closed places, text, records, metadata, scores and cells.
 * @param isHeld whether this place itself is in quarantine; the name of another place is no secret
 */
export function listedFact(view: EntryView, isHeld: boolean): EntryView {
  const { entry, content, hits, conflicts, ranked } = view
  const reasons = ranked.reasons.filter(({ code }) => code.startsWith('hit-'))
  const instead = closedPath(content?.digests.sha256 ?? '')
  return {
    ...view,
    ...NO_FINDINGS,
    entry: isHeld ? withoutName(entry, instead) : entry,
    copyOf: view.copyOf && instead,
    followsFrom: view.followsFrom && instead,
    hits,
    conflicts,
    leads: [],
    ranked: { priority: reasons.length === 0 ? null : ranked.priority, reasons },
    preview: null,
    records: [],
  }
}

/** The same for all places of a content: a number or a digest of the name could be tried out. */
function closedPath(sha256: string): EvidencePath {
  return filePath(Buffer.from(`(place closed as privileged, content ${closedDigest(sha256)})`))
}

/** What the words that stand for a closed place call its content by. */
export function closedDigest(sha256: string): string {
  return sha256.slice(0, 12)
}

/**
 * Whether the path is the words that stand for a closed place of this content. A file may bear that very name: then a
 * translation shows what the English shows.
 */
export function isClosedPath(path: EvidencePath, sha256: string): boolean {
  return path.bytes.equals(closedPath(sha256).bytes)
}

function withoutName(entry: Entry, path: EvidencePath): Entry {
  return { ...entry, path, linkTarget: null }
}

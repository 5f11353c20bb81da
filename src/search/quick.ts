/**
 * Whether an entry matches, from few columns: yes, no, or null where only its whole view can decide. The answer must
 * never differ from that of the slow way (conditions.ts).
 */

import { parseEvidencePath, printName, printPath } from '../base/evidence-path.ts'
import type { Finding } from '../contracts/finding.ts'
import { attributeText } from '../findings/attribute.ts'
import { IdSet } from '../ledger/format/id-set.ts'
import { NO_FINDING } from '../ledger/read/finding-facts.ts'
import type { Restriction } from '../ledger/read/restriction.ts'
import type { EntryFacts, SearchFacts, WantedDigests } from '../ledger/read/search-facts.ts'
import { extensionMismatch } from '../media-types/extensions.ts'
import { saysFolders } from '../terms/agency-scores.ts'
import { type Answer, every, negated } from './answer.ts'
import {
  type Answers,
  type Asked,
  type Beside,
  baseName,
  findingHolds,
  findingTexts,
  inTime,
  isAmong,
  namesOf,
  priorityHolds,
  scoreHolds,
  sizeHolds,
  standsIn,
  statusHolds,
} from './conditions.ts'
import { fits, typeFits } from './fits.ts'
import { foldWords } from './fold-words.ts'
import { kindsOf, type Leaf, leavesOf, speaksOfFindings, speaksOfWhatFollows } from './leaves.ts'
import { type Condition, isBeside, type Words } from './query.ts'
import { restrictionOf } from './restrict.ts'
import { Telling } from './telling.ts'

type FindingField = Extract<Leaf, { readonly kind: 'field' }>

/** Priority of contents that were ranked already, by their id. */
export type PriorityOf = (content: number) => number | null

export class QuickCheck {
  readonly #query: Condition
  readonly #priorityOf: PriorityOf | null
  readonly #asked: ReadonlyMap<Words, Asked>
  readonly #beside: Beside
  /** Contents with a finding or an attribute that matches the leaf. */
  readonly #told = new Map<Leaf, IdSet>()
  /** Entries whose name has such a finding. */
  readonly #toldByName = new Map<Leaf, IdSet>()
  readonly #found = new IdSet()
  readonly #foundByName = new IdSet()
  /** Those whose finding also holds at another place of the same entry. */
  readonly #foundByOwnName = new IdSet()
  /** Contents and entries with any finding, including attributes. */
  readonly #said = new IdSet()
  readonly #saidOfName = new IdSet()
  /** Contents with leads or of a listed series: their view has further attributes (score/first-generation.ts). */
  readonly #leading = new IdSet()

  /**
   * @param ranks whether {@link hasFinding} will be called: every finding is then read
   * @param priorityOf given where contents were ranked before: they are then not ranked again
   */
  constructor(
    query: Condition,
    { asked, beside }: Answers,
    facts: SearchFacts,
    ranks: boolean,
    priorityOf: PriorityOf | null = null,
  ) {
    this.#priorityOf = priorityOf
    this.#query = query
    this.#asked = asked
    this.#beside = beside
    const leaves = [...leavesOf(query)].filter(speaksOfFindings)
    const speaks = [...leavesOf(query)].filter((leaf) => !this.#isRanked(leaf)).map(kindsOf)
    // An attribute alone is no finding, so it does not rank an entry.
    const wanted = (kind: Finding['kind']) =>
      (ranks && kind !== 'attribute') || speaks.some((kinds) => kinds(kind))
    for (const leaf of leaves) {
      this.#told.set(leaf, new IdSet())
      this.#toldByName.set(leaf, new IdSet())
    }
    const telling = new Telling(leaves, (leaf, finding) => this.#tells(leaf, finding))
    for (const { content, facts: finding } of facts.findings(wanted)) {
      this.#said.add(content)
      if (finding.attributes.length === 0) this.#found.add(content)
      if (finding.leads.length > 0) this.#leading.add(content)
      for (const leaf of telling.by(finding)) this.#told.get(leaf)!.add(content)
    }
    if ([...leavesOf(query)].some(speaksOfWhatFollows))
      for (const content of facts.ofListedSeries()) this.#leading.add(content)
    for (const { entry, facts: finding } of facts.nameFindings()) {
      this.#saidOfName.add(entry)
      if (finding.attributes.length === 0) this.#foundByName.add(entry)
      if (finding.leads.some((lead) => !saysFolders({ kind: 'score', ...lead })))
        this.#foundByOwnName.add(entry)
      for (const leaf of leaves) if (this.#tells(leaf, finding)) this.#toldByName.get(leaf)!.add(entry)
    }
  }

  /** Digests that the query needs of each entry. */
  get wantedDigests(): WantedDigests {
    if ([...leavesOf(this.#query)].some((leaf) => leaf.kind === 'field' && leaf.field === 'digest'))
      return 'all'
    if ([...leavesOf(this.#query)].some(({ kind }) => isBeside(kind))) return 'sha256'
    return [...this.#asked.values()].some(({ contents }) => contents.size > 0) ? 'sha256' : 'none'
  }

  /** Every entry that may match passes it. */
  restriction(facts: SearchFacts): Restriction {
    return restrictionOf(this.#query, {
      asked: this.#asked,
      by: (leaf) => ({ contents: this.#told.get(leaf)!, entries: this.#toldByName.get(leaf)! }),
      leading: this.#leading,
      mediaTypes: () => facts.mediaTypes(),
    })
  }

  of(entry: EntryFacts): Answer {
    return this.#of(this.#query, entry)
  }

  /** Whether there is any finding except attributes. */
  hasFinding({ id, content, follows }: EntryFacts): boolean {
    return (
      (content !== null && this.#found.has(content.id)) ||
      (follows ? this.#foundByOwnName : this.#foundByName).has(id)
    )
  }

  #of(condition: Condition, entry: EntryFacts): Answer {
    switch (condition.kind) {
      case 'and':
        return every(condition.of, (one) => this.#of(one, entry))
      case 'or':
        return negated(every(condition.of, (one) => negated(this.#of(one, entry))))
      case 'not':
        return negated(this.#of(condition.of, entry))
      case 'time':
        return inTime(entry.modifiedNs, condition.from, condition.before)
      case 'field':
        return this.#field(condition, entry)
      case 'words':
        return this.#words(condition, entry)
      case 'range':
        return this.#range(condition, entry)
      case 'status':
        return statusHolds(condition.status, parseEvidencePath(entry.path), this.#beside)
      case 'decided':
      case 'tag':
      case 'person':
      case 'direction':
        return isAmong(condition, sha256Of(entry), this.#beside)
    }
  }

  #range(leaf: Extract<Leaf, { readonly kind: 'range' }>, entry: EntryFacts): Answer {
    const { kind, sizeBytes } = entry
    if (leaf.field === 'score') return this.#finding(leaf, entry)
    if (this.#isRanked(leaf))
      return entry.content !== null && priorityHolds(this.#priorityOf!(entry.content.id), leaf.range)
    if (leaf.field === 'priority') return this.#says(entry) ? null : priorityHolds(null, leaf.range)
    // Larger numbers are not exact here, and unsigned sizes are stored as signed ones.
    return sizeBytes >= 0 && Number.isSafeInteger(sizeBytes) ? sizeHolds(kind, sizeBytes, leaf.range) : null
  }

  #isRanked(leaf: Leaf): boolean {
    return this.#priorityOf !== null && leaf.kind === 'range' && leaf.field === 'priority'
  }

  /** Whether the content or the name has a finding that may give a priority. */
  #says({ id, path, content }: EntryFacts): boolean {
    if (this.#saidOfName.has(id)) return true
    if (content === null) return false
    const name = parseEvidencePath(path).steps.at(-1)!.name
    return this.#said.has(content.id) || extensionMismatch(name, content.mediaType) !== null
  }

  #words(words: Words, entry: EntryFacts): Answer {
    const asked = this.#asked.get(words)!
    if (asked.contents.size > 0 && asked.contents.has(sha256Of(entry))) return true
    if (words.textOnly) return false
    return standsInNames(entry, words, asked) || this.#finding(words, entry)
  }

  #field(field: FindingField, entry: EntryFacts): Answer {
    const { value } = field
    switch (field.field) {
      case 'name':
        return fits(printName(baseName(parseEvidencePath(entry.path))), value)
      case 'path':
        return fits(printPath(parseEvidencePath(entry.path)), value)
      case 'type':
        return typeFits(entry.content?.mediaType ?? '', value)
      case 'digest': {
        const wanted = value.toLowerCase()
        return entry.content?.digests.some((digest) => digest?.toString('hex') === wanted) ?? false
      }
      default:
        return this.#finding(field, entry)
    }
  }

  #finding(leaf: Leaf, { id, path, content, follows }: EntryFacts): Answer {
    // Findings from folder names belong to the recorded place only.
    if (this.#toldByName.get(leaf)!.has(id)) return follows ? null : true
    if (content === null) return false
    if (this.#told.get(leaf)!.has(content.id)) return true
    if (!speaksOfWhatFollows(leaf)) return false
    if (this.#leading.has(content.id)) return null
    const name = parseEvidencePath(path).steps.at(-1)!.name
    const mismatch = extensionMismatch(name, content.mediaType)
    return mismatch !== null && this.#tells(leaf, { ...NO_FINDING, attributes: [mismatch] })
  }

  #tells(leaf: Leaf, finding: Parameters<typeof findingTexts>[0]): boolean {
    if (leaf.kind === 'field') return findingHolds(leaf.field, leaf.value, finding)
    if (leaf.kind === 'range') return leaf.field === 'score' && scoreHolds(leaf.range, finding)
    if (leaf.kind !== 'words') return false
    const asked = this.#asked.get(leaf)!
    for (const attribute of finding.attributes) {
      const text = attributeText(attribute)
      if (mayStandIn(text, asked) && standsIn(text, leaf, asked)) return true
    }
    for (const text of findingTexts(finding)) if (standsIn(text, leaf, asked)) return true
    return false
  }
}

/** In hex; `''` where there is no content or the digest was not requested. */
export function sha256Of({ content }: EntryFacts): string {
  return content?.digests[0]?.toString('hex') ?? ''
}

function standsInNames({ path }: EntryFacts, words: Words, asked: Asked): boolean {
  // The bytes between the names (a zero, a kind, a colon) add no false match: every candidate is checked exactly
  // below.
  if (!mayStandIn(path.toString('utf8'), asked)) return false
  return standsIn(namesOf(parseEvidencePath(path)), words, asked)
}

/** False when the text does not contain the letters of the word. */
function mayStandIn(text: string, { forms }: Asked): boolean {
  const folded = foldWords(text)
  return forms.every((any) => [...any].some((form) => folded.includes(form)))
}

/** Contents that a person chose for a hand-over: by the category that persons decided on, by a query, or by a tag. */
import { UsageError } from '../base/errors.ts'
import type { LedgerReader } from '../contracts/ledger-reader.ts'
import { decisionsOf, outcomeOf } from '../ledger/custody/decisions.ts'
import { tagsOf } from '../ledger/custody/tags.ts'
import { openForReading } from '../ledger/format/open-readonly.ts'
import { SearchFacts } from '../ledger/read/search-facts.ts'
import { matchingContents } from '../search/matching-contents.ts'
import { parseQuery } from '../search/query.ts'
import { openTextIndex } from '../search/text-index.ts'
import { hiddenContents } from './hidden-contents.ts'

export interface ChosenBy {
  readonly categories: readonly string[]
  readonly scale: string | null
  readonly query: string | null
  readonly tag: string | null
}

export interface ChosenContents {
  /** Lower-case hex, sorted. */
  readonly sha256s: readonly string[]
  /** Number of chosen contents in quarantine: they are left out. */
  readonly quarantined: number
}

/** @throws UsageError when nothing or more than one thing chooses, or the query cannot be read */
export function chosenContents(ledger: LedgerReader, by: ChosenBy): ChosenContents {
  const { categories, scale, query, tag } = by
  if ([categories.length > 0, query !== null, tag !== null].filter(Boolean).length !== 1)
    throw new UsageError(
      'Choose the contents by --category (with --scale), by --query or by --tag, and by one of them.',
    )
  if (categories.length > 0 && scale === null) throw new UsageError('--category needs its --scale.')
  const file = openForReading(ledger.path)
  try {
    const hidden = hiddenContents(ledger, file)
    const isChosen = choiceOf(ledger, by)
    const rows = file.db
      .prepare<[], [number, Buffer]>('SELECT id, sha256 FROM content WHERE size > 0 ORDER BY sha256')
      .raw()
    const sha256s: string[] = []
    let quarantined = 0
    for (const [id, digest] of rows.iterate()) {
      const sha256 = digest.toString('hex')
      if (!isChosen(id, sha256)) continue
      if (hidden?.has(id)) quarantined++
      else sha256s.push(sha256)
    }
    return { sha256s, quarantined }
  } finally {
    file.close()
  }
}

type IsChosen = (id: number, sha256: string) => boolean

/** Contents on which persons agree, or one person decided, or it was settled. */
function byCategory(ledger: LedgerReader, categories: readonly string[], scale: string): IsChosen {
  const made = decisionsOf(ledger.custody())
  return (_, sha256) => {
    const outcome = outcomeOf(made.get(sha256) ?? [], scale)
    return 'category' in outcome && categories.includes(outcome.category)
  }
}

function choiceOf(ledger: LedgerReader, { categories, scale, query, tag }: ChosenBy): IsChosen {
  if (query !== null) return byQuery(ledger, query)
  return tag === null ? byCategory(ledger, categories, scale!) : byTag(ledger, tag)
}

function byTag(ledger: LedgerReader, tag: string): IsChosen {
  const tagged = tagsOf(ledger.custody()).with(tag)
  return (_, sha256) => tagged.has(sha256)
}

function byQuery(ledger: LedgerReader, query: string): IsChosen {
  const facts = new SearchFacts(ledger.path, ledger.plan)
  const index = openTextIndex(ledger)
  try {
    const found = matchingContents(facts, index, parseQuery(query))
    return (id) => found.has(id)
  } finally {
    index?.close()
    facts.close()
  }
}

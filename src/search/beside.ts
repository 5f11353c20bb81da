/**
 * Facts for a search from outside the entries: decisions and tags of the custody log, persons and directions of
 * records, and the listed files that are not live.
 */
import type { Recovered } from '../contracts/entry.ts'
import type { EntryViews, LedgerReader } from '../contracts/ledger-reader.ts'
import type { ContentRecord } from '../contracts/view.ts'
import { decisionsOf, type RecordedDecision, standing } from '../ledger/custody/decisions.ts'
import { type Tags, tagsOf } from '../ledger/custody/tags.ts'
import type { SearchFacts } from '../ledger/read/search-facts.ts'
import type { Beside } from './conditions.ts'
import { fits, isAny } from './fits.ts'
import type { BesideField } from './query.ts'

export function besideOf(from: LedgerReader | SearchFacts): Beside {
  let decisions: ReadonlyMap<string, readonly RecordedDecision[]> | null = null
  let tags: Tags | null = null
  let persons: ReadonlyMap<string, readonly string[]> | null = null
  let directions: ReadonlyMap<string, readonly string[]> | null = null
  let recovered: ReadonlyMap<string, Recovered> | null = null
  const sets = new Map<string, ReadonlySet<string>>()
  const contentsIn = (field: BesideField, value: string): Iterable<string> => {
    if (field === 'tag') {
      tags ??= tagsOf(from.custody())
      return tags.such((tag) => isAny(value) || fits(tag, value))
    }
    if (field === 'person') {
      persons ??= 'recordSays' in from ? from.recordSays('person') : ofRecords(from, (one) => one.person)
      return such(persons, (all) => all.some((person) => isAny(value) || fits(person, value)))
    }
    if (field === 'direction') {
      directions ??=
        'recordSays' in from ? from.recordSays('direction') : ofRecords(from, (one) => one.direction)
      return such(directions, (all) => all.some((direction) => isAny(value) || direction === value))
    }
    decisions ??= decisionsOf(from.custody())
    return such(decisions, (made) => standing(made).some((one) => isMeant(one, value)))
  }
  return {
    among(field, value) {
      const key = `${field}:${value}`
      const known = sets.get(key)
      if (known) return known
      const set = new Set(contentsIn(field, value))
      sets.set(key, set)
      return set
    },
    recovered() {
      recovered ??= from.recovered()
      return recovered
    },
  }
}

function isMeant({ scale, category, operator }: RecordedDecision, value: string): boolean {
  const wanted = value.toLowerCase()
  return (
    wanted === 'any' ||
    [scale, category ?? '', `${scale}:${category}`].some((one) => one.toLowerCase() === wanted) ||
    fits(operator, value)
  )
}

/** Keys of the values that are meant. */
function such<T>(all: ReadonlyMap<string, T>, isOne: (value: T) => boolean): readonly string[] {
  return [...all].flatMap(([sha256, value]) => (isOne(value) ? [sha256] : []))
}

/** The slow way: what the records of each content say, by its SHA-256. */
function ofRecords(
  ledger: EntryViews,
  saidBy: (record: ContentRecord) => string | null,
): ReadonlyMap<string, readonly string[]> {
  const said = new Map<string, readonly string[]>()
  for (const { content, records } of ledger.entries())
    if (content !== null && !said.has(content.digests.sha256))
      said.set(
        content.digests.sha256,
        records.map(saidBy).filter((one) => one !== null),
      )
  return said
}

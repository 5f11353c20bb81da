/** Which entries a query may match, as a restriction that SQL can decide (ledger/read/restriction.ts). */
import { IdSet } from '../ledger/format/id-set.ts'
import { ALL, type Restriction } from '../ledger/read/restriction.ts'
import type { Asked } from './conditions.ts'
import { foldWords } from './fold-words.ts'
import { type Leaf, speaksOfFindings, speaksOfWhatFollows } from './leaves.ts'
import type { Condition, Words } from './query.ts'

/** What is known before the entries are read. */
export interface Told {
  readonly asked: ReadonlyMap<Words, Asked>
  /** Contents and entries with a finding that matches the leaf. */
  readonly by: (leaf: Leaf) => { readonly contents: IdSet; readonly entries: IdSet }
  /** Contents whose view has further attributes. */
  readonly leading: IdSet
  /** Media types of all contents. */
  readonly mediaTypes: () => readonly string[]
}

export function restrictionOf(query: Condition, told: Told): Restriction {
  switch (query.kind) {
    case 'and':
      return { kind: 'every', of: query.of.map((one) => restrictionOf(one, told)) }
    case 'or':
      return { kind: 'some', of: query.of.map((one) => restrictionOf(one, told)) }
    case 'words':
      return ofWords(query, told)
    case 'field':
      if (query.field === 'name') return ofName(query.value)
      break
    case 'not':
      return ALL
  }
  if (!speaksOfFindings(query)) return ALL
  if (speaksOfWhatFollows(query) && !isOfAnotherAttribute(query)) return ALL
  const { contents, entries } = told.by(query)
  return { kind: 'found', found: { contents: [contents, told.leading], entries, digests: [] } }
}

const UNUSUAL = 'wrong-extension'

/** `attr:"camera-model: X"`: before the colon of an unusual extension stands its own code alone. */
function isOfAnotherAttribute(leaf: Leaf): boolean {
  if (leaf.kind !== 'field' || leaf.field !== 'attr' || /[*?]/.test(leaf.value)) return false
  const wanted = foldWords(leaf.value)
  const colon = wanted.indexOf(': ')
  return colon !== -1 && !UNUSUAL.endsWith(wanted.slice(0, colon))
}

function ofWords(words: Words, told: Told): Restriction {
  const asked = told.asked.get(words)!
  const digests = asked.contents.keys()
  if (words.textOnly) return { kind: 'found', found: { contents: [], entries: new IdSet(), digests } }
  // The words of an unusual extension are its own text, the media type, and the extension, which is part of the name.
  const elsewhere = [UNUSUAL, ...told.mediaTypes()].map(foldWords)
  const sure = asked.forms.filter((any) =>
    [...any].every((form) => !elsewhere.some((text) => text.includes(form))),
  )
  const [longest] = sure.toSorted((a, b) => shortest(b) - shortest(a))
  if (longest === undefined) return ALL
  const { contents, entries } = told.by(words)
  return {
    kind: 'some',
    of: [
      { kind: 'path', texts: [...longest].filter((form) => PLAIN.test(form)) },
      { kind: 'found', found: { contents: [contents, told.leading], entries, digests } },
    ],
  }
}

/** Others stand only in names with other bytes than ASCII, which always pass. */
const PLAIN = /^[a-z0-9]+$/

function shortest(forms: ReadonlySet<string>): number {
  return Math.min(...[...forms].map(({ length }) => length))
}

/** Signs with a meaning of their own in a pattern. */
const PATTERN = /[[\](){}|\\!+@]/

function ofName(value: string): Restriction {
  if (PATTERN.test(value)) return ALL
  const runs = foldWords(value).match(/[a-z0-9]+/g)
  return runs === null ? ALL : { kind: 'name', texts: [runs.join('%')] }
}

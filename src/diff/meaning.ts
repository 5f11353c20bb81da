/** One sentence on equal and different parts of both ledgers, which tells how to read the differences below. */
import { NOT_USED } from '../contracts/ledger.ts'
import type { EntryTotals, MediumFacts } from '../contracts/ledger-reader.ts'
import { type Difference, NOWHERE } from './difference.ts'
import { ABSENT, type PlanChange } from './plan-changes.ts'

/** @param planned differences in plan and program @param differs whether there are other differences */
export function meaningOf(
  old: MediumFacts & EntryTotals,
  made: MediumFacts & EntryTotals,
  planned: readonly PlanChange[],
  differs: boolean,
): Difference {
  const has = (part: RegExp) => planned.some(({ key }) => part.test(key))
  const other = {
    lists: has(LISTS),
    models: has(MODELS),
    // A rematch decodes nothing: a part that one run did not use is no other version.
    program: planned.some(
      ({ key, old: before, new: now }) =>
        PROGRAM.test(key) && ![before, now].some((value) => value === NOT_USED || value === ABSENT),
    ),
    options: planned.some(({ key }) => ![LISTS, MODELS, PROGRAM].some((part) => part.test(key))),
  }
  const params = {
    image: sameImage(old, made),
    ...other,
    asked: planned.length === 0 ? 'same' : 'other',
    // Plan and program are equal, so no setting explains the differences.
    unexplained: differs && planned.length === 0,
  }
  return { ...NOWHERE, section: 'totals', what: 'means', said: { code: 'diff-means', params } }
}

const LISTS = /^hashSets\./
const MODELS = /^(?:models|rules)\./
const PROGRAM = /^program\./

/** Compares the digests of the whole medium where both exist; otherwise names, sizes and contents of the entries. */
function sameImage(
  old: MediumFacts & EntryTotals,
  made: MediumFacts & EntryTotals,
): 'image' | 'contents' | 'other' {
  const of = (ledger: MediumFacts) =>
    new Map(ledger.imageHashes().map(({ algorithm, hex, origin }) => [`${origin} ${algorithm}`, hex]))
  const [before, after] = [of(old), of(made)]
  const both = [...before].filter(([name]) => name.startsWith('computed') && after.has(name))
  if (both.length > 0) return both.every(([name, hex]) => after.get(name) === hex) ? 'image' : 'other'
  return old.inventoryDigest() === made.inventoryDigest() ? 'contents' : 'other'
}

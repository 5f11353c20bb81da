/** Search without words in text, over a ledger of many entries: what it costs to look at each of them. */

import { join } from 'node:path'
import { openLedger } from '../src/ledger/read/read.ts'
import { SearchFacts } from '../src/ledger/read/search-facts.ts'
import { parseQuery } from '../src/search/query.ts'
import { search } from '../src/search/search.ts'
import { makeNamesLedger } from './names-ledger.ts'

const QUERIES = ['img_4711', 'name:*76.jpg type:image', 'attr:"camera: Example 3"', 'boat from:2026-01-01']

/** @returns seconds for the first page of each query, with the views of that page */
export function nameSearchSeconds(folder: string, entries: number): Record<string, number> {
  const path = join(folder, 'names.sqlite')
  makeNamesLedger(path, entries)
  const ledger = openLedger(path)
  const facts = new SearchFacts(path, ledger.plan)
  try {
    return Object.fromEntries(
      QUERIES.map((query) => {
        const start = performance.now()
        const answer = search({ facts, hides: null }, null, parseQuery(query), { from: 0, count: 20 })
        const shown = [...answer.results()].length
        const seconds = Math.round(performance.now() - start) / 1000
        return [`${query} (${answer.hits} found, ${shown} shown)`, seconds]
      }),
    )
  } finally {
    facts.close()
    ledger.close()
  }
}

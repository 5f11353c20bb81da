/** Findings for a search: read row by row from their tables, without the entries that they belong to. */
import { FINDING_LISTS, type Finding, type FindingLists, type Lead } from '../../contracts/finding.ts'
import type { FindingKind, FindingRow } from '../../findings/finding-kind.ts'
import { BY_KIND, FINDINGS, NO_FINDINGS } from '../../findings/index.ts'
import { statedReference } from '../../findings/stated-reference.ts'
import { leadsOf } from '../../score/leads.ts'
import type { Db } from '../format/database.ts'

/** One finding, in the lists of a view; a score appears as a lead. */
export type FindingFacts = FindingLists & { readonly leads: readonly Lead[] }

export const NO_FINDING: FindingFacts = { ...NO_FINDINGS, leads: [] }

interface Facts {
  readonly kind: Finding['kind']
  readonly sql: string
  readonly facts: (row: FindingRow) => FindingFacts
}

function factsOf(kind: FindingKind<Finding>, table: string): Facts {
  const where = kind.kind === 'score' ? ` WHERE ${kind.shown}` : ''
  return {
    kind: kind.kind,
    sql: `SELECT * FROM ${table}${where}`,
    facts: (row) => {
      const read = kind.fromRow(row)
      // A search does not ask whether the content is on this exhibit.
      const finding = (read.kind === 'attribute' && statedReference(read, false)) || read
      return finding.kind === 'score'
        ? { ...NO_FINDING, leads: leadsOf([finding]) }
        : { ...NO_FINDING, [FINDING_LISTS[finding.kind]]: [finding] }
    },
  }
}

const OF_CONTENTS = FINDINGS.filter(({ searchText }) => searchText !== null).map((kind) =>
  factsOf(kind, kind.table),
)

/** Number of texts of attributes that are remembered: most are of few cameras, programs and languages. */
const KEPT_TEXTS = 10_000

/** @returns rows of equal attributes with the same object, where few differ */
export function* findingsOfContents(
  db: Db,
  wanted: (kind: Finding['kind']) => boolean,
): IterableIterator<{ readonly content: number; readonly facts: FindingFacts }> {
  for (const { kind, sql, facts } of OF_CONTENTS.filter((one) => wanted(one.kind)))
    if (kind === 'attribute') yield* attributesOfContents(db, facts)
    else
      for (const row of db.prepare<[], FindingRow>(sql).safeIntegers().iterate())
        yield { content: Number(row.content), facts: facts(row) }
}

function* attributesOfContents(
  db: Db,
  facts: Facts['facts'],
): IterableIterator<{ readonly content: number; readonly facts: FindingFacts }> {
  const kept = new Map<string, FindingFacts>()
  const rows = db
    .prepare<[], [content: number, code: string, params: string]>(
      'SELECT content, code, params FROM attribute',
    )
    .raw()
  for (const [content, code, params] of rows.iterate()) {
    const key = `${code}\0${params}`
    const read = kept.get(key) ?? facts({ code, params })
    if (kept.size === KEPT_TEXTS) kept.clear()
    kept.set(key, read)
    yield { content, facts: read }
  }
}

export const OF_NAMES = [
  factsOf(kindOfName(BY_KIND.score), 'entry_score'),
  factsOf(kindOfName(BY_KIND.attribute), 'entry_attribute'),
]

function kindOfName(kind: { readonly kind: Finding['kind'] }): FindingKind<Finding> {
  return FINDINGS.find((one) => one.kind === kind.kind)!
}

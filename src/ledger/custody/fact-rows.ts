/** Facts of custody events as rows of their tables, and back. An event has at most one; its columns are named as its fields. */
import type { CustodyFact } from '../../contracts/custody.ts'
import type { Db } from '../format/database.ts'
import { type Table, table, type Value } from '../format/tables.ts'

/** Columns after `number`, which is the number of the event. */
const TABLES: Readonly<Record<CustodyFact['kind'], Table>> = {
  session: table('session', 'session text, act text, pass text?, scale text?'),
  decision: table(
    'decision',
    'sha256 blob, scale text, act text, category text?, note text, pass text?, session text?',
  ),
  reveal: table(
    'reveal',
    'sha256 blob, act text, reason text, treatment text?, part text?, asked int?, shown_ms int?, session text?',
  ),
  statement: table('statement', 'text text'),
  signature: table('signature', 'statement int, algorithm text, signer text, certificate blob?, value blob'),
  'time-stamp': table('time_stamp', 'statement int, request blob?, response blob'),
}

/** Tables of sidecar version 2. */
export const FACT_TABLES: readonly Table[] = Object.values(TABLES)

export interface FactRow {
  readonly table: Table
  readonly values: readonly Value[]
}

export function rowOfFact(fact: CustodyFact): FactRow {
  const of = TABLES[fact.kind]
  const fields = fact as unknown as Readonly<Record<string, Value>>
  return {
    table: of,
    values: of.columns.map(({ name }) => {
      const value = fields[fieldOf(name)]!
      if (name === 'sha256') return Buffer.from(value as string, 'hex')
      return typeof value === 'string' ? value.toWellFormed() : value
    }),
  }
}

/** Facts by the number of their event. @param version of the sidecar @param from number of the first event to read */
export function factsOf(db: Db, version: number, from = 0): ReadonlyMap<number, CustodyFact> {
  const facts = new Map<number, CustodyFact>()
  if (version < 2) return facts
  for (const [kind, { name }] of Object.entries(TABLES))
    for (const row of db.prepare(`SELECT * FROM ${name} WHERE number >= ?`).all(from) as (Record<
      string,
      Value
    > & {
      number: number
    })[])
      facts.set(row.number, factOf(kind, row))
  return facts
}

function factOf(kind: string, { number: _, ...row }: Record<string, Value>): CustodyFact {
  const fields = Object.entries(row).map(([name, value]) => [
    fieldOf(name),
    name === 'sha256' ? (value as Buffer).toString('hex') : value,
  ])
  return { kind, ...Object.fromEntries(fields) } as CustodyFact
}

/** The fields of a fact as text for people, shown with the event's own detail. */
export function factDetail(fact: CustodyFact | null): Readonly<Record<string, string>> {
  const said = Object.entries(fact ?? {}).filter(
    ([name, value]) => name !== 'kind' && value !== null && !Buffer.isBuffer(value),
  )
  return Object.fromEntries(said.map(([name, value]) => [name, String(value)]))
}

function fieldOf(column: string): string {
  return column.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
}

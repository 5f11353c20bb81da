/** One event of the custody log as it is stored, and the link of the chain that covers it. */
import { createHash } from 'node:crypto'
import { CanonicalEncoder } from '../format/encode.ts'
import type { FactRow } from './fact-rows.ts'

const CUSTODY_DOMAIN = 'seized custody event 1'
/** Domain of the head of an event that has a fact. */
const FACT_DOMAIN = 'seized custody event 2'

export interface CustodyRow {
  readonly number: number
  readonly prev: Buffer
  readonly head: Buffer
  readonly utc: string
  readonly account: string
  readonly operator: string | null
  readonly event: string
  readonly detail: string
}

/** Head of one event: covers everything in its row, its fact and, by `prev`, all events before it. */
export function custodyHead(row: Omit<CustodyRow, 'head'>, fact: FactRow | null): Buffer {
  const encoder = new CanonicalEncoder()
  encoder.text(fact ? FACT_DOMAIN : CUSTODY_DOMAIN)
  encoder.int(row.number)
  encoder.blob(row.prev)
  encoder.text(row.utc)
  encoder.text(row.account)
  encoder.value('text', row.operator)
  encoder.text(row.event)
  encoder.text(row.detail)
  if (fact) {
    encoder.text(fact.table.name)
    fact.table.columns.forEach(({ type }, i) => {
      encoder.value(type, fact.values[i]!)
    })
  }
  return createHash('sha256').update(encoder.bytes).digest()
}

/** Verifies the custody sidecar: its schema, its links, and that it begins at a head of the same ledger. */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { parseStoredJson } from '../../base/stored-json.ts'
import type { Db } from '../format/database.ts'
import type { ProblemSink } from '../format/problems.ts'
import type { Value } from '../format/tables.ts'
import { verifyReferences, verifyStructure } from '../format/verify-file.ts'
import { CUSTODY_APPLICATION_ID, CUSTODY_VERSION, custodyPath, hasSidecar, openSidecar } from './custody.ts'
import { type CustodyRow, custodyHead } from './custody-head.ts'
import { FACT_TABLES, type FactRow } from './fact-rows.ts'

export interface CustodyVerified {
  /** The log contains the event that records sealing, with the SHA-256 of the file. */
  readonly saysSealed: boolean
  readonly heads: readonly string[]
  readonly last: string
}

/** @param ledgerHeads heads of the ledger's chain; null when they could not be read. @returns null when there is no sidecar */
export function verifyCustody(
  ledgerPath: string,
  ledgerHeads: ReadonlySet<string> | null,
  problems: ProblemSink,
): CustodyVerified | null {
  const path = custodyPath(ledgerPath)
  if (!hasSidecar(path)) return null
  const found: string[] = []
  let saysSealed = false
  const custody = new Prefixed(problems)
  const db = openSidecar(path)
  try {
    const version = db.pragma('user_version', { simple: true }) as number
    if (db.pragma('application_id', { simple: true }) !== CUSTODY_APPLICATION_ID)
      custody.add('the file does not name itself a custody log')
    if (version < 1 || version > CUSTODY_VERSION) {
      custody.add(`its format version is none of 1 to ${CUSTODY_VERSION}`)
      return null
    }
    verifyStructure(db, custody)
    verifyReferences(db, custody)
    const facts = factRows(db, version, custody)
    let prev: Buffer | null = null
    let number = 0
    for (const row of db.prepare('SELECT * FROM custody ORDER BY number').iterate() as Iterable<CustodyRow>) {
      number += 1
      if (row.number !== number) custody.add(`event ${number} is missing`)
      number = row.number
      if (prev ? !row.prev.equals(prev) : ledgerHeads?.has(row.prev.toString('hex')) === false)
        custody.add(
          prev ? `event ${number} does not follow the event before it` : 'it belongs to another ledger',
        )
      if (!custodyHead(row, facts.get(number) ?? null).equals(row.head))
        custody.add(`event ${number} was changed`)
      if (row.event === 'sealed') saysSealed = verifyLedgerSha256(ledgerPath, row, problems) || saysSealed
      prev = row.head
      found.push(row.head.toString('hex'))
    }
  } finally {
    db.close()
  }
  if (found.length === 0) custody.add('it holds no event')
  return { saysSealed, heads: found, last: found.at(-1) ?? '' }
}

/** Facts by the number of their event. */
function factRows(db: Db, version: number, problems: ProblemSink): ReadonlyMap<number, FactRow> {
  const facts = new Map<number, FactRow>()
  if (version < 2) return facts
  for (const table of FACT_TABLES) {
    const columns = ['number', ...table.columns.map(({ name }) => name)].join(', ')
    const rows = db.prepare(`SELECT ${columns} FROM ${table.name}`).raw().all() as [number, ...Value[]][]
    for (const [number, ...values] of rows) {
      if (facts.has(number)) problems.add(`event ${number} has two facts`)
      facts.set(number, { table, values })
    }
  }
  return facts
}

/**
 * The event that records sealing contains the SHA-256 of the whole sealed file. @returns whether the event contains
 * one
 */
function verifyLedgerSha256(ledgerPath: string, row: CustodyRow, problems: ProblemSink): boolean {
  const { ledgerSha256 } = parseStoredJson(row.detail) as Record<string, string>
  if (ledgerSha256 !== undefined && ledgerSha256 !== sha256(ledgerPath))
    problems.add(
      'the file is not the one that was sealed: its SHA-256 differs from the one in the custody log',
    )
  return ledgerSha256 !== undefined
}

function sha256(path: string): string {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(1 << 20)
  const file = openSync(path, 'r')
  try {
    for (let n = readSync(file, buffer); n > 0; n = readSync(file, buffer)) hash.update(buffer.subarray(0, n))
  } finally {
    closeSync(file)
  }
  return hash.digest('hex')
}

/** Adds to each problem that it concerns the custody log. */
class Prefixed implements ProblemSink {
  readonly #problems: ProblemSink

  constructor(problems: ProblemSink) {
    this.#problems = problems
  }

  add(problem: string): void {
    this.#problems.add(`custody log: ${problem}`)
  }
}

/**
 * One ledger of all exhibits of a case, for a review: each content once, each place below the name of its exhibit. It is
 * no evidence, and no report is made from it.
 */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { storedJson } from '../base/stored-json.ts'
import type { Priority } from '../contracts/finding.ts'
import { FINDINGS } from '../findings/index.ts'
import { type Db, schemaSql } from '../ledger/format/database.ts'
import { openForReading } from '../ledger/format/open-readonly.ts'
import { prioritiesOf } from '../ledger/read/priorities.ts'
import { hiddenContents } from '../review/hidden-contents.ts'
import { JoinedContents } from './joined-contents.ts'
import { JoinedPlaces } from './joined-places.ts'
import { JoinedRows } from './joined-rows.ts'

export interface JoinedLedger {
  readonly path: string
  /** By id of the content: its strongest priority on any exhibit, by the plan and the facts of that exhibit. */
  readonly priorities: ReadonlyMap<number, Priority>
  /** First id of the entries of each exhibit, ascending. */
  readonly exhibits: readonly { readonly exhibit: string; readonly firstEntry: number }[]
  remove(): void
}

/** The exhibit that an entry of the joined ledger belongs to. */
export function exhibitOf({ exhibits }: Pick<JoinedLedger, 'exhibits'>, entry: number): string {
  return exhibits.findLast(({ firstEntry }) => firstEntry <= entry)?.exhibit ?? ''
}

export type SourceLedger = Parameters<typeof hiddenContents>[0]

type Joined = Pick<JoinedLedger, 'priorities' | 'exhibits'>

const TRIGGER = /^CREATE TRIGGER .*$/gm

/** @param ledgers verified, one of each exhibit, in the order of the case */
export function joinLedgers(caseNumber: string, ledgers: readonly SourceLedger[]): JoinedLedger {
  const folder = mkdtempSync(join(tmpdir(), 'seized-joined-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    return { ...joinInto(join(folder, 'joined.sqlite'), caseNumber, ledgers), remove }
  } catch (error) {
    remove()
    throw error
  }
}

/** @param path of the file that is made */
export function joinInto(
  path: string,
  caseNumber: string,
  ledgers: readonly SourceLedger[],
): Omit<JoinedLedger, 'remove'> {
  const db = new Database(path)
  try {
    db.pragma('synchronous = OFF')
    db.pragma('foreign_keys = OFF')
    // Nothing of a content in quarantine stays in a free page.
    db.pragma('secure_delete = ON')
    const schema = schemaSql()
    db.exec(schema.replace(TRIGGER, ''))
    const joined = db.transaction(() => joinAll(db, caseNumber, ledgers))()
    // The schema of a ledger is checked word for word when it is opened.
    db.exec([...schema.matchAll(TRIGGER)].map(([trigger]) => trigger).join('\n'))
    return { path, ...joined }
  } finally {
    db.close()
  }
}

function joinAll(db: Db, caseNumber: string, ledgers: readonly SourceLedger[]): Joined {
  const rows = new JoinedRows(db)
  putFrame(rows, caseNumber, ledgers)
  const [contents, places] = [new JoinedContents(rows), new JoinedPlaces(rows)]
  const priorities = new Map<number, Priority>()
  const exhibits: { exhibit: string; firstEntry: number }[] = []
  const hidden = new Set<number>()
  for (const ledger of ledgers) {
    const file = openForReading(ledger.path)
    try {
      const { exhibitId } = ledger.case
      const ids = contents.add(file.db)
      exhibits.push({ exhibit: exhibitId, firstEntry: places.next })
      places.add(file.db, exhibitId, ids)
      for (const id of hiddenContents(ledger, file) ?? []) hidden.add(ids.get(id)!)
      for (const { content, priority } of prioritiesOf(file.db, ledger.plan)) {
        const id = ids.get(content)!
        if (priority < (priorities.get(id) ?? Number.POSITIVE_INFINITY)) priorities.set(id, priority)
      }
    } finally {
      file.close()
    }
  }
  hide(db, hidden)
  return { priorities, exhibits }
}

/** A content that one exhibit holds in quarantine is shown from no exhibit. */
function hide(db: Db, hidden: ReadonlySet<number>): void {
  const tables = [...FINDINGS.map(({ table }) => table), 'sign', 'preview', 'reading']
  const statements = tables.map((table) => db.prepare(`DELETE FROM ${table} WHERE content = ?`))
  for (const id of hidden) for (const statement of statements) statement.run(id)
}

/** What a ledger must hold to be opened; sealed where all of them are. */
function putFrame(rows: JoinedRows, caseNumber: string, ledgers: readonly SourceLedger[]): void {
  const first = ledgers[0]!
  const exhibitId = ledgers.map((ledger) => ledger.case.exhibitId).join(', ')
  const said = {
    case: { ...first.case, caseId: caseNumber, exhibitId },
    exhibit: first.exhibit,
    plan: first.plan,
    tool: first.tool,
  }
  for (const [key, value] of Object.entries(said)) rows.put('meta', [key, storedJson(value)])
  const hash = createHash('sha256')
  for (const { chainHead } of ledgers) hash.update(chainHead, 'hex')
  const head = hash.digest()
  const utc = new Date().toISOString()
  rows.db.prepare('INSERT INTO batch VALUES (1, ?, ?, ?, ?, 0)').run(Buffer.alloc(32), head, utc, 'joined')
  if (ledgers.every(({ seal }) => seal !== null)) {
    const summary = storedJson({ summary: first.seal!.summary, reasons: [] })
    rows.put('seal', [1, utc, head, head, head, summary])
  }
}

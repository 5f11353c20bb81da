/** Ledgers and custody logs changed after the seal: every change is reported, and no report is printed from one. */
import { chmodSync, copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { seeded } from '../../../fixtures/pictures.ts'
import { hashsetArgs, makePlanted } from '../exhibits/planted.ts'
import { Checks } from '../model/observation.ts'
import { type Bench, type Scenario, scanArgs } from '../model/scenario.ts'

/**
 * A paused run has no SHA-256 in its custody log: the chain alone shows a changed row.
 * @param args arguments of a scan, with an empty string in place of the ledger
 */
async function ofPaused(bench: Bench, args: readonly string[], named: Checks): Promise<void> {
  for (let ms = 600; ms < 60_000; ms *= 1.25) {
    const ledger = bench.at(`paused-${Math.round(ms)}.sqlite`)
    const of = args.map((arg) => (arg === '' ? ledger : arg))
    await bench.killedAfter(ms, ...of, '--phases', 'inventory,known', '--workers', '1')
    if (!existsSync(ledger) || !isPausedWithHits(ledger)) continue
    named.equal(bench.seized('verify', ledger).code, 0, 'a ledger whose run was stopped')
    inDatabase(ledger, `UPDATE hit SET meaning = 'known' WHERE rowid = (SELECT max(rowid) FROM hit)`)
    named.equal(bench.seized('verify', ledger).code, 4, 'one hit changed in a ledger whose run was stopped')
    return
  }
  throw new Error('no run could be stopped between its first hit and its seal')
}

function isPausedWithHits(ledger: string): boolean {
  const database = new Database(ledger)
  try {
    const count = (table: string) => database.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number
    return count('seal') === 0 && count('hit') > 0
  } finally {
    database.close()
  }
}

type Change = (ledger: string, random: () => number) => void

export const tampered: Scenario = {
  id: 'tampered',
  title: 'ledgers and custody logs changed after the seal',
  speaksOf: ['tampering-named', 'no-report-of-damage'],
  weight: { quick: 6, full: 25 },
  async run(bench) {
    const made = makePlanted(bench.folder, bench.seed + 2, 64)
    const sealed = bench.at('sealed.sqlite')
    bench.scan(made.exhibit, sealed, ...hashsetArgs(made), '--phases', 'inventory,known')
    const named = new Checks(
      'tampering-named',
      `each change made to a sealed ledger or its custody log, then seized verify`,
      'exit code 4',
    )
    const refused = new Checks(
      'no-report-of-damage',
      'seized report, search and summary of the changed ledger',
      'exit code 4 and no report',
    )
    named.equal(bench.seized('verify', sealed).code, 0, 'the unchanged ledger')
    const random = seeded(bench.seed)
    const flips = bench.of(4, 100)
    const all: [string, Change][] = [
      ...Object.entries(CHANGES),
      ...Array.from({ length: flips }, (_, i): [string, Change] => [`flipped byte ${i}`, flip]),
    ]
    let turn = 0
    for (const [what, change] of all) {
      const copy = copyOf(bench, sealed, turn)
      change(copy, random)
      // Only a previously seen head reveals a clean cut of the end (FORMAT.md).
      const heads = what === TAIL ? [] : HEADS(bench, turn)
      named.equal(bench.seized('verify', copy, ...heads).code, 4, what)
      if (turn % 3 === 0) {
        const out = bench.at(`report-${turn}.html`)
        for (const verb of [
          ['report', copy, '--format', 'html', '--out', out],
          ['summary', copy],
          ['search', copy, 'item', '--operator', 'validation run'],
        ])
          refused.equal(
            bench.seized(...verb, ...HEADS(bench, turn)).code,
            4,
            `${verb[0]} of a ledger with ${what}`,
          )
      }
      turn++
    }
    await ofPaused(bench, [...scanArgs(made.exhibit, ''), ...hashsetArgs(made)], named)
    return [named.observation, refused.observation]
  },
}

/** A separate journal of heads, so that one copy is not compared with the heads of another. */
const HEADS = (bench: Bench, turn: number) => ['--heads', bench.at(`heads-${turn}.jsonl`)]

const custodyOf = (ledger: string) => `${ledger}.custody.sqlite`

function copyOf(bench: Bench, sealed: string, turn: number): string {
  const copy = bench.at(`copy-${turn}.sqlite`)
  copyFileSync(sealed, copy)
  copyFileSync(custodyOf(sealed), custodyOf(copy))
  chmodSync(copy, 0o644)
  chmodSync(custodyOf(copy), 0o644)
  return copy
}

const sql =
  (text: string): Change =>
  (ledger) =>
    inDatabase(ledger, text)
const custodySql =
  (text: string): Change =>
  (ledger) =>
    inDatabase(custodyOf(ledger), text)

function inDatabase(file: string, text: string): void {
  const database = new Database(file)
  database.pragma('foreign_keys = off')
  // Drops the triggers that forbid changes in a ledger and restores them, as a forger would.
  const triggers = database
    .prepare<[], { name: string; sql: string }>(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`)
    .all()
  for (const { name } of triggers) database.exec(`DROP TRIGGER "${name}"`)
  database.exec(text)
  for (const { sql } of triggers) database.exec(sql)
  database.close()
}

const TAIL = 'the last event of its custody log gone'

const CHANGES: Readonly<Record<string, Change>> = {
  'its hits deleted': sql('DELETE FROM hit'),
  'one hit of another meaning': sql(
    `UPDATE hit SET meaning = 'known' WHERE rowid = (SELECT min(rowid) FROM hit)`,
  ),
  'one digest changed': sql(
    'UPDATE content SET sha256 = zeroblob(32) WHERE id = (SELECT max(id) FROM content)',
  ),
  'one entry gone': sql('DELETE FROM entry WHERE rowid = (SELECT max(rowid) FROM entry)'),
  'one result of a stage changed': sql(
    `UPDATE examination SET result = 'not-applicable' WHERE rowid = (SELECT max(rowid) FROM examination)`,
  ),
  'the examiner renamed': sql(`UPDATE meta SET value = replace(value, 'validation run', 'somebody else')`),
  'its seal deleted': sql('DELETE FROM seal'),
  'a table more': sql('CREATE TABLE more (a)'),
  'a view more': sql('CREATE VIEW more AS SELECT * FROM hit'),
  'its custody log gone': (ledger) => rmSync(custodyOf(ledger)),
  [TAIL]: custodySql('DELETE FROM custody WHERE number = (SELECT max(number) FROM custody)'),
  'the account of an event changed': custodySql(`UPDATE custody SET account = 'nobody'`),
  'a cut file': (ledger) => writeFileSync(ledger, readFileSync(ledger).subarray(0, -4096)),
}

/** An offset behind the header's page, where every byte counts. */
const flip: Change = (ledger, random) => {
  const bytes = readFileSync(ledger)
  const at = 100 + Math.floor(random() * (bytes.length - 100))
  bytes[at] = bytes[at]! ^ (1 << Math.floor(random() * 8))
  writeFileSync(ledger, bytes)
}

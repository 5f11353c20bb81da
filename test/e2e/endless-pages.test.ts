/** Files of SQLite that somebody made to keep a reader busy for ever: a verb ends with a sentence. */
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { appendCustody, custodyPath } from '../../src/ledger/custody/custody.ts'
import { fanOut, rootOf } from '../ledger/crafted-pages.ts'
import { behindTriggers } from '../ledger/tamper.ts'
import { sealedLedger } from '../ledger/temporary.ts'
import { BIN, temporaryFolder } from './seized.ts'

/** What never ends is ended after this long; what ends takes seconds. */
const FOR_EVER_MS = 240_000

function ended(...args: readonly string[]) {
  const home = temporaryFolder()
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
    encoding: 'utf8',
    timeout: FOR_EVER_MS,
    killSignal: 'SIGKILL',
    env: { ...process.env, HOME: home, XDG_STATE_HOME: home },
  })
  return { status, signal, said: stdout + stderr }
}

function writable(): string {
  const folder = temporaryFolder()
  const path = join(folder, 'case.sqlite')
  copyFileSync(sealedLedger(20, folder), path)
  chmodSync(path, 0o644)
  return path
}

const BUSY = /was made to keep a reader busy: page \d+ is used twice; nothing more is asked of this file/

describe('pages that are used again and again', { timeout: 6 * FOR_EVER_MS }, () => {
  it.each(['entry', 'finding'])('of a table of a ledger are exit 4: %s', (table) => {
    const path = writable()
    const name = table === 'finding' ? 'signal' : table
    fanOut(path, rootOf(path, name))
    for (const verb of [
      ['verify'],
      ['report', '--format', 'csv', '--out', `${path}.csv`, '--despite-damage'],
    ]) {
      const [word, ...more] = verb as [string, ...string[]]
      const { status, signal, said } = ended(word, path, ...more)
      expect([word, status, signal]).toEqual([word, 4, null])
      expect(said).toMatch(BUSY)
    }
  })

  it('of what SQLite reads when it opens a file are exit 4, before the schema is compared', () => {
    const path = writable()
    behindTriggers(path, (db) => db.exec('ANALYZE'))
    fanOut(path, rootOf(path, 'sqlite_stat1'))
    const { status, signal, said } = ended('verify', path)
    expect([status, signal]).toEqual([4, null])
    expect(said).toMatch(BUSY)
  })

  it('of a custody log are exit 4', () => {
    const path = writable()
    appendCustody(path, { event: 'reported', operator: null, account: 'tester', detail: {} })
    fanOut(custodyPath(path), rootOf(custodyPath(path), 'custody'))
    const { status, signal, said } = ended('verify', path)
    expect([status, signal]).toEqual([4, null])
    expect(said).toMatch(BUSY)
  })

  it('of a ledger that is gone on with are exit 4', () => {
    const path = writable()
    // As a crash between the seal and its end leaves it.
    const db = new Database(path)
    db.pragma('journal_mode = WAL')
    db.close()
    fanOut(path, rootOf(path, 'entry'))
    const { status, signal, said } = ended('resume', path, '--allow-writable-mount')
    expect([status, signal]).toEqual([4, null])
    expect(said).toMatch(BUSY)
  })

  it.each([
    ['its rows', 'FILE', 0],
    ['its rows, in one that is too large to be checked first', 'FILE', 1024 ** 3 + 4096],
    ['what SQLite reads when it opens a file', 'sqlite_stat1', 0],
  ])('of a hash list are a sentence: %s', (_, table, bytes) => {
    const list = join(temporaryFolder(), 'list.db')
    const db = new Database(list)
    db.exec(`CREATE TABLE FILE (sha256 TEXT, sha1 TEXT, md5 TEXT); CREATE INDEX by_md5 ON FILE (md5);
      CREATE TABLE VERSION (version TEXT); INSERT INTO VERSION VALUES ('1'); ANALYZE`)
    db.close()
    fanOut(list, rootOf(list, table))
    if (bytes > 0) truncateSync(list, bytes)
    const { status, signal, said } = ended('hashset', 'info', `known:${list}`)
    expect([status, signal]).toEqual([2, null])
    expect(said).toMatch(/The SQLite list .* is damaged/)
  })
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openLedger } from '../../src/ledger/read/read.ts'
import { snapshotOf } from '../../src/ledger/read/snapshot.ts'
import { sealedLedger, temporaryFolder } from './temporary.ts'

/**
 * Writes as a run does, and folds its log into the file and begins it anew every few milliseconds. Each transaction takes one from a
 * row and gives it to another: the sum is zero in every state that the file ever had.
 */
const WRITER = `
const db = new (require('better-sqlite3'))(process.argv[1])
db.pragma('locking_mode = EXCLUSIVE'); db.pragma('journal_mode = WAL'); db.pragma('synchronous = OFF')
db.pragma('wal_autocheckpoint = 40')
db.exec('CREATE TABLE a (k INTEGER PRIMARY KEY, n INTEGER, fill TEXT)')
const put = db.prepare('INSERT INTO a VALUES (?, 0, ?)')
db.transaction(() => { for (let k = 0; k < 3000; k++) put.run(k, 'x'.repeat(2000)) })()
const add = db.prepare('UPDATE a SET n = n + ? WHERE k = ?')
const wait = new Int32Array(new SharedArrayBuffer(4))
process.stdout.write('ready')
for (let i = 1; ; i++) {
  db.transaction(() => { add.run(i, (i * 7919) % 3000); add.run(-i, (i * 104729 + 1) % 3000) })()
  Atomics.wait(wait, 0, 0, 1)
}`

describe('a snapshot of a ledger', () => {
  it('is a state that it had, however often its log is folded in meanwhile', async () => {
    const path = join(temporaryFolder(), 'written.sqlite')
    const writer = spawn(process.execPath, ['-e', WRITER, path], {
      cwd: resolve(import.meta.dirname, '../..'),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void writer.kill('SIGKILL'))
    await once(writer.stdout, 'data')
    const logs = new Set<string>()
    const states = new Set<number>()
    for (let i = 0; i < 60; i++) {
      logs.add(readFileSync(`${path}-wal`).subarray(0, 32).toString('hex'))
      const snapshot = snapshotOf(path)!
      const db = new Database(snapshot.path, { readonly: true })
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
      expect(db.prepare('SELECT count(*) AS rows, sum(n) AS sum FROM a').get()).toEqual({
        rows: 3000,
        sum: 0,
      })
      states.add(db.prepare('SELECT max(n) FROM a').pluck().get() as number)
      db.close()
      snapshot.remove()
      expect(existsSync(snapshot.path)).toBe(false)
    }
    // Else nothing was tried.
    expect([logs.size > 10, states.size > 10]).toEqual([true, true])
  })

  it('does not exist for a ledger without a writer', () => {
    const path = sealedLedger()
    expect(snapshotOf(path)).toBe(null)
    expect(openLedger(path).seal).not.toBe(null)
    expect(snapshotOf(join(temporaryFolder(), 'none.sqlite'))).toBe(null)
  })
})

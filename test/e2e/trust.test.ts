/** No output from a ledger that does not verify, and no older state taken for the newest one (issue 12, A1 to A3). */
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { custodyPath, readCustody } from '../../src/ledger/custody/custody.ts'
import { schemaSql } from '../../src/ledger/format/database.ts'
import { newLedger, sealedWithLog } from '../ledger/temporary.ts'
import { seized, temporaryFolder } from './seized.ts'

/** Takes rows away as somebody with an SQLite program does: triggers dropped, and made again word for word. */
function deleteHits(ledger: string): void {
  const db = new Database(ledger)
  const triggers = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all() as {
    name: string
    sql: string
  }[]
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`)
  db.exec('DELETE FROM hit')
  for (const { sql } of triggers) db.exec(sql)
  db.close()
}

const READING = (ledger: string, folder: string): Readonly<Record<string, readonly string[]>> => ({
  report: ['report', ledger, '--format', 'html'],
  search: ['search', ledger, 'name:one.jpg'],
  summary: ['summary', ledger],
  decide: [
    ...['decide', ledger, '--entry', 'copies/one.jpg', '--scale', 'vics-us'],
    ...['--category', '2', '--operator', 'A. Example'],
  ],
  release: ['release', ledger, '--item', 'copies/one.jpg', '--reason', 'a test', '--operator', 'A. Example'],
  rematch: [
    ...['rematch', ledger, '--ledger', join(folder, 'new.sqlite')],
    ...['--hashset', `illegal:${join(folder, 'list.txt')}`],
  ],
})

describe('A1: no output is made from a ledger that does not verify', () => {
  it('every verb that reads refuses a ledger of which hits were deleted, with exit 4 and words', async () => {
    const folder = temporaryFolder()
    const ledger = sealedWithLog(folder)
    writeFileSync(join(folder, 'list.txt'), `md5\n${'0'.repeat(32)}\n`)
    expect(seized(['report', ledger, '--format', 'html']).stdout).toContain('SEALED')
    deleteHits(ledger)
    for (const [verb, args] of Object.entries(READING(ledger, folder))) {
      const { status, stdout, stderr } = seized(args)
      expect([verb, status, stdout], stderr).toEqual([verb, 4, ''])
      expect(stderr).toContain('does not verify, so nothing is made of it')
    }
    expect(existsSync(join(folder, 'new.sqlite'))).toBe(false)
  })

  it('with --despite-damage every page, line and row says DAMAGED', async () => {
    const ledger = sealedWithLog()
    deleteHits(ledger)
    const made = (...args: string[]) => {
      const { status, stdout, stderr } = seized([...args, '--despite-damage'])
      expect(stderr).toContain('DAMAGED  transaction')
      return [status, stdout] as const
    }
    const [status, html] = made('report', ledger, '--format', 'html')
    expect(status).toBe(0)
    expect(html).toContain('<p class="banner">DAMAGED: the ledger does not verify')
    expect(html).toContain('DAMAGED · DOES NOT VERIFY')
    expect(html).toContain('content: "DAMAGED: the ledger does not verify"')
    expect(html).not.toContain('SEALED')
    const rows = made('report', ledger, '--format', 'jsonl')[1].trim().split('\n')
    expect(new Set(rows.map((row) => JSON.parse(row).ledger))).toEqual(new Set(['DAMAGED']))
    const [head, ...csv] = made('report', ledger, '--format', 'csv')[1].trim().split('\r\n')
    expect(head).toContain('"ledger","newestHead"')
    expect(csv.filter((row) => !row.includes('"DAMAGED"'))).toEqual([])
    const lines = made('search', ledger, 'name:*.jpg')[1].trim().split('\n')
    expect(lines.length).toBeGreaterThan(3)
    expect(lines.filter((line) => !line.startsWith('DAMAGED LEDGER'))).toEqual([])
    const found = made('search', ledger, 'name:*.jpg', '--format', 'jsonl')[1].trim().split('\n')
    expect(new Set(found.map((row) => JSON.parse(row).ledger))).toEqual(new Set(['DAMAGED']))
    expect(readCustody(ledger).at(-1)!.detail).toMatchObject({
      despiteDamage: expect.stringMatching(/^\d+$/),
    })
  })

  it('remembers what verified, and asks again when a byte, the custody log or the size is another', async () => {
    const folder = temporaryFolder()
    const ledger = sealedWithLog(folder)
    const env = { XDG_STATE_HOME: join(folder, 'state') }
    const summary = () => seized(['summary', ledger, '--heads', join(folder, 'heads.jsonl')], env)
    const how = (args: readonly string[]) => seized([...args, '--heads', join(folder, 'heads.jsonl')], env)
    expect(how(['report', ledger, '--format', 'csv']).status).toBe(0)
    const remembered = join(folder, 'state', 'seized', 'verified.json')
    expect(JSON.parse(readFileSync(remembered, 'utf8'))).toHaveLength(1)
    expect(summary()).toMatchObject({ status: 13, stderr: expect.stringContaining('unchanged since') })
    const custody = readFileSync(custodyPath(ledger))
    const damaged = Buffer.from(custody)
    damaged[damaged.indexOf('ledgerSha256') + 16]! ^= 1
    writeFileSync(custodyPath(ledger), damaged)
    expect(summary()).toMatchObject({ status: 4, stderr: expect.stringContaining('custody log') })
    writeFileSync(custodyPath(ledger), custody)
    expect(summary().status).toBe(13)
    deleteHits(ledger)
    expect(summary().status).toBe(4)
  })

  it('knows a verified ledger again under another name, and finds a changed byte under the times and size of before', () => {
    const folder = temporaryFolder()
    const ledger = sealedWithLog(folder)
    const env = { XDG_STATE_HOME: join(folder, 'state') }
    const say = (verb: string, path: string, ...more: string[]) =>
      seized([verb, path, ...more, '--heads', join(folder, 'heads.jsonl')], env)
    expect(say('report', ledger, '--format', 'csv').status).toBe(0)
    const copy = join(folder, 'copy.sqlite')
    copyFileSync(ledger, copy)
    copyFileSync(custodyPath(ledger), custodyPath(copy))
    expect(say('report', copy, '--format', 'csv')).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(/copy\.sqlite: verified on \d{4}-.*unchanged since \(SHA-256\)/),
    })
    // Each in turn: a byte of a page, its times and its size as they were.
    const { atime, mtime } = statSync(copy)
    const bytes = readFileSync(copy)
    chmodSync(copy, 0o644)
    for (const at of [200, Math.floor(bytes.length / 2), bytes.length - 40]) {
      const changed = Buffer.from(bytes)
      changed[at]! ^= 1
      writeFileSync(copy, changed)
      utimesSync(copy, atime, mtime)
      for (const verb of ['summary', 'verify', 'search'] as const)
        expect([verb, at, say(verb, copy, ...(verb === 'search' ? ['name:*'] : [])).status]).toEqual([
          verb,
          at,
          4,
        ])
      expect([at, say('report', copy, '--format', 'csv').status]).toEqual([at, 4])
    }
    writeFileSync(copy, bytes)
    expect(say('summary', copy).status).toBe(13)
  })

  it('sums and searches of another account rely on the SHA-256 of the seal, and say so', () => {
    const folder = temporaryFolder()
    const ledger = sealedWithLog(folder)
    const env = { XDG_STATE_HOME: join(folder, 'of another account') }
    for (const args of [
      ['summary', ledger],
      ['search', ledger, 'name:one.jpg'],
    ])
      expect(seized([...args, '--heads', join(folder, 'heads.jsonl')], env).stderr).toContain(
        'as it was sealed (SHA-256 in its custody log, which is verified now). Its rows are not read again',
      )
  })

  it('the working page relies on it too, and says so on its first lines until the rows are read; the court’s edition reads them', () => {
    const folder = temporaryFolder()
    const ledger = sealedWithLog(folder)
    const env = { XDG_STATE_HOME: join(folder, 'state') }
    const report = (...how: string[]) =>
      seized(['report', ledger, '--format', 'html', ...how, '--heads', join(folder, 'heads.jsonl')], env)
    const [asSealed, verified] = ['byte for byte as it was sealed', 'and verified before this report']
    const remembered = join(folder, 'state', 'seized', 'verified.json')
    const first = report()
    expect(first.stdout).toContain(asSealed)
    expect(first.stdout).not.toContain(verified)
    expect(first.stderr).toContain('Its rows are not read again')
    expect(existsSync(remembered)).toBe(false)
    expect(report('--edition', 'court').stderr).not.toContain('as it was sealed')
    expect(existsSync(remembered)).toBe(true)
    const later = report().stdout
    expect(later).toContain(verified)
    expect(later).not.toContain(asSealed)
  })

  it('takes a ledger that it sealed itself for sums and searches as it is, and verifies it whole for a report', () => {
    const folder = temporaryFolder()
    const exhibit = join(folder, 'exhibit')
    mkdirSync(exhibit)
    const text = 'a neutral text\n'
    writeFileSync(join(exhibit, 'one.txt'), text)
    const list = join(folder, 'list.txt')
    writeFileSync(list, `${createHash('sha256').update(text).digest('hex')}\n`)
    const ledger = join(folder, 'case.sqlite')
    const env = { XDG_STATE_HOME: join(folder, 'state') }
    const heads = ['--heads', join(folder, 'heads.jsonl')]
    const who = ['--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--ledger', ledger]
    const how = ['--phases', 'inventory,known', '--allow-writable-mount', '--progress', 'none']
    expect(
      seized(['scan', exhibit, ...who, ...how, ...heads, '--hashset', `illegal:${list}`], env).status,
    ).toBe(10)
    const remembered = () =>
      JSON.parse(readFileSync(join(folder, 'state', 'seized', 'verified.json'), 'utf8')).map(
        ({ how }: { how: string }) => how,
      )
    expect(seized(['summary', ledger, ...heads], env).status).toBe(10)
    expect(seized(['search', ledger, 'name:one.txt', ...heads], env).stdout).toContain('one.txt')
    // Neither read a row again, so neither remembers it as verified.
    expect(existsSync(join(folder, 'state', 'seized', 'verified.json'))).toBe(false)
    expect(seized(['report', ledger, '--format', 'jsonl', ...heads], env).status).toBe(0)
    expect(remembered()).toEqual(['verified'])
    // A copy with another byte is verified whole, by sums too.
    deleteHits(ledger)
    expect(seized(['summary', ledger, ...heads], env).status).toBe(4)
  })

  it('a ledger that is not sealed is verified too', () => {
    const session = newLedger()
    session.recordEvent('started', { a: 'b' })
    session.close()
    const whole = seized(['report', session.path, '--format', 'jsonl'])
    expect(whole.status, whole.stderr).toBe(0)
    const db = new Database(session.path)
    const triggers = [...schemaSql().matchAll(/CREATE TRIGGER (\w+)/g)].map(([, name]) => name!)
    const made = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all() as {
      name: string
      sql: string
    }[]
    expect(triggers.length).toBeGreaterThan(0)
    for (const { name } of made) db.exec(`DROP TRIGGER ${name}`)
    db.exec(`UPDATE event SET account = 'somebody else'`)
    for (const { sql } of made) db.exec(sql)
    db.close()
    expect(seized(['report', session.path, '--format', 'jsonl']).status).toBe(4)
  })
})

describe('A2: an older state is found by the journal of heads', () => {
  it('a custody log that was put back to an older copy is exit 4, and without a journal that is said', async () => {
    const folder = temporaryFolder()
    const ledger = sealedWithLog(folder)
    const heads = join(folder, 'heads.jsonl')
    copyFileSync(custodyPath(ledger), join(folder, 'older'))
    expect(seized(['search', ledger, 'name:one.jpg', '--heads', heads]).status).toBe(0)
    const verify = (...args: string[]) => seized(['verify', ledger, ...args])
    expect(verify('--heads', heads).status).toBe(0)
    copyFileSync(join(folder, 'older'), custodyPath(ledger))
    const older = verify('--heads', heads)
    expect([older.status, older.stdout]).toEqual([
      4,
      expect.stringContaining('this is an older state, or what followed was removed or rewritten'),
    ])
    const report = seized(['report', ledger, '--format', 'csv', '--heads', heads])
    expect([report.status, report.stdout]).toEqual([4, ''])
    copyFileSync(join(folder, 'older'), custodyPath(ledger))
    const alone = verify('--heads', join(folder, 'none.jsonl'))
    expect(alone.status).toBe(0)
    expect(alone.stdout).toContain('NOTE     There is no journal of heads at')
  })

  it('a tail that was cut off, seal and custody log with it, is exit 4', async () => {
    const folder = temporaryFolder()
    const env = { XDG_STATE_HOME: join(folder, 'state') }
    const session = newLedger(undefined, folder)
    session.recordEvent('started', { a: 'b' })
    session.close()
    copyFileSync(session.path, join(folder, 'cut.sqlite'))
    const { resumeLedger } = await import('../../src/ledger/write/session.ts')
    const again = resumeLedger(session.path)
    again.recordEvent('resumed', { a: 'b' })
    again.close()
    // It keeps the head where it is asked to: verify writes nothing otherwise.
    expect(seized(['verify', session.path, '--note'], env).status).toBe(0)
    rmSync(custodyPath(session.path), { force: true })
    copyFileSync(join(folder, 'cut.sqlite'), session.path)
    const cut = seized(['verify', session.path], env)
    expect([cut.status, cut.stdout]).toEqual([4, expect.stringContaining('seen here on')])
  })
})

describe('A3: the custody head is printed by every verb that adds an event, and stands in every output', () => {
  it('report, search, verify, decide and rematch print it', async () => {
    const folder = temporaryFolder()
    const ledger = sealedWithLog(folder)
    writeFileSync(join(folder, 'list.txt'), `md5\n${'0'.repeat(32)}\n`)
    const { release: _, summary: __, ...adding } = READING(ledger, folder)
    for (const [verb, args] of Object.entries({ ...adding, verify: ['verify', ledger, '--note'] })) {
      const { stdout, stderr } = seized(args)
      const head = readCustody(ledger).at(-1)!.head
      expect(stderr.trim().split('\n').at(-1), `${verb} ${stdout}`).toBe(`custody head     ${head}`)
    }
  })

  it('every line of JSONL and every row of a search has the newest head, and the summary has it', async () => {
    const ledger = sealedWithLog()
    const head = () => readCustody(ledger).at(-1)!.head
    const before = head()
    const rows = seized(['report', ledger, '--format', 'jsonl']).stdout.trim().split('\n')
    expect(new Set(rows.map((row) => JSON.parse(row).newestHead))).toEqual(new Set([before]))
    const found = seized(['search', ledger, 'name:*.jpg', '--format', 'jsonl']).stdout.trim().split('\n')
    expect(new Set(found.map((row) => JSON.parse(row).newestHead))).toEqual(new Set([head()]))
    expect(seized(['search', ledger, 'name:*.jpg']).stdout).toContain(`Newest head of the record: ${head()}`)
    expect(JSON.parse(seized(['summary', ledger, '--json']).stdout).custodyHead).toBe(head())
  })
})

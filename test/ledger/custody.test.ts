import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { beforeAll, describe, expect, it } from 'vitest'
import type { CustodyFact, DecisionFact } from '../../src/contracts/custody.ts'
import {
  appendAllCustody,
  appendCustody,
  CustodyUnavailable,
  custodyPath,
  readCustody,
} from '../../src/ledger/custody/custody.ts'
import { decisionsOf, recordDecisions, standing } from '../../src/ledger/custody/decisions.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { behindTriggers, copyOf } from './tamper.ts'
import { sealedLedger, temporaryFolderForFile, verifyAlone } from './temporary.ts'

const APPEND = fileURLToPath(new URL('../../dist/fixtures/ledgers/append.js', import.meta.url))
const EVENT = { event: 'reported', operator: 'A. Example', account: 'tester', detail: { format: 'html' } }

const folder = temporaryFolderForFile()
let sealed: string
beforeAll(() => {
  sealed = sealedLedger(50, folder)
})

describe('the custody log', () => {
  it('begins at the ledger’s head, and leaves the sealed ledger as it is', () => {
    const path = copyOf(sealed, 'begins')
    chmodSync(path, 0o444)
    const before = readFileSync(path)
    const { head } = appendCustody(path, EVENT)
    appendCustody(path, { ...EVENT, operator: null })
    expect(readFileSync(path).equals(before)).toBe(true)
    const ledger = openLedger(path)
    expect(ledger.custody()).toMatchObject([
      { ...EVENT, head },
      { ...EVENT, operator: null },
    ])
    expect(ledger.newestHead()).toBe(ledger.custody().at(-1)!.head)
    expect(ledger.newestHead()).not.toBe(ledger.chainHead)
    ledger.close()
    expect(verifyAlone(path, { head })).toMatchObject({ ok: true, newestHead: readCustody(path)[1]!.head })
  })

  it('takes a file of no bytes, which a kill leaves behind, for no log, and begins it', () => {
    const path = copyOf(sealed, 'no-bytes')
    writeFileSync(custodyPath(path), '')
    expect(readCustody(path)).toEqual([])
    expect(verifyAlone(path)).toMatchObject({ ok: true })
    const { head } = appendCustody(path, EVENT)
    expect(verifyAlone(path, { head })).toMatchObject({ ok: true })
    expect(readCustody(path)).toHaveLength(1)
  })

  it('keeps the newest head at the ledger’s own when there is no log', () => {
    const ledger = openLedger(sealed)
    expect(ledger.newestHead()).toBe(ledger.chainHead)
    expect(ledger.custody()).toEqual([])
    ledger.close()
    expect(existsSync(custodyPath(sealed))).toBe(false)
  })

  it('takes events of two processes at once without losing one', async () => {
    const path = copyOf(sealed, 'two')
    const writers = ['one', 'two'].map((name) => spawn(process.execPath, [APPEND, path, name, '8']))
    await Promise.all(writers.map((writer) => once(writer, 'exit')))
    const events = readCustody(path)
    expect(events.length).toBe(16)
    for (const name of ['one', 'two'])
      expect(events.filter((event) => event.operator === name).map((event) => event.detail.number)).toEqual([
        '0',
        '1',
        '2',
        '3',
        '4',
        '5',
        '6',
        '7',
      ])
    expect(verifyAlone(path).problems).toEqual([])
  })

  it('refuses changes, and verify finds those that got past the triggers', () => {
    const changes = [
      "UPDATE custody SET detail = '{}' WHERE number = 1",
      'DELETE FROM custody WHERE number = 2',
      'DELETE FROM custody WHERE number = 1',
      "INSERT INTO custody SELECT number + 1, prev, x'00', utc, account, operator, event, detail FROM custody WHERE number = 3",
      "UPDATE custody SET operator = 'B' WHERE number = 3",
    ]
    for (const [i, change] of changes.entries()) {
      const path = copyOf(sealed, `custody-${i}`)
      for (let k = 0; k < 3; k++) appendCustody(path, EVENT)
      const db = new Database(custodyPath(path))
      if (!change.startsWith('INSERT')) expect(() => db.exec(change)).toThrow(/append-only/)
      const triggers = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all() as {
        name: string
        sql: string
      }[]
      for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`)
      db.exec(change)
      for (const { sql } of triggers) db.exec(sql)
      db.close()
      expect([change, verifyAlone(path).ok]).toEqual([change, false])
    }
  })

  it('does not pass for that of another ledger', () => {
    const path = copyOf(sealed, 'foreign')
    const other = sealedLedger(7)
    appendCustody(other, EVENT)
    copyFileSync(custodyPath(other), custodyPath(path))
    expect(verifyAlone(path).problems).toEqual(['custody log: it belongs to another ledger'])
  })

  it('knows the file that was sealed by its SHA-256, every byte of it', () => {
    const path = copyOf(sealed, 'digest')
    appendCustody(path, { ...EVENT, event: 'sealed', detail: { ledgerSha256: '00'.repeat(32) } })
    expect(verifyAlone(path).problems).toEqual([
      'the file is not the one that was sealed: its SHA-256 differs from the one in the custody log',
    ])
  })

  const DECISION: DecisionFact = {
    kind: 'decision',
    sha256: 'ab'.repeat(32),
    scale: 'vics-us',
    act: 'decided',
    category: '2',
    note: '',
    pass: 'first',
    session: null,
  }

  it('keeps the last decision of each person on each scale, and replaces none of another person', () => {
    const path = copyOf(sealed, 'decisions')
    const by = (operator: string) => ({ operator, account: 'tester' })
    recordDecisions(path, [{ ...DECISION, category: '1' }], by('A. Example'))
    recordDecisions(path, [{ ...DECISION, note: 'second look' }], by('A. Example'))
    recordDecisions(path, [{ ...DECISION, category: '3', pass: 'peer' }], by('B. Example'))
    recordDecisions(path, [{ ...DECISION, scale: 'uk' }], by('B. Example'))
    recordDecisions(path, [{ ...DECISION, act: 'withdrawn', category: null, scale: 'uk' }], by('B. Example'))
    recordDecisions(path, [{ ...DECISION, act: 'adjudicated', pass: 'adjudicate' }], by('C. Example'))
    const made = decisionsOf(readCustody(path)).get(DECISION.sha256)!
    expect(made.map((one) => one.category)).toEqual(['1', '2', '3', '2', null, '2'])
    expect(
      standing(made).map(({ operator, scale, category, act }) => [operator, scale, category, act]),
    ).toEqual([
      ['A. Example', 'vics-us', '2', 'decided'],
      ['B. Example', 'vics-us', '3', 'decided'],
      ['C. Example', 'vics-us', '2', 'adjudicated'],
    ])
    expect(verifyAlone(path).problems).toEqual([])
  })

  it('takes five hundred events in one transaction with one link each, or none of them', () => {
    const path = copyOf(sealed, 'many')
    const decisions = Array.from({ length: 500 }, (_, i) => ({
      ...DECISION,
      sha256: i.toString(16).padStart(64, '0'),
    }))
    const events = recordDecisions(path, decisions, { operator: 'A. Example', account: 'tester' })
    expect(new Set(events.map(({ head }) => head)).size).toBe(500)
    expect(readCustody(path)).toEqual(events)
    expect(verifyAlone(path)).toMatchObject({ ok: true, newestHead: events.at(-1)!.head })
    const bad = [
      { ...EVENT, fact: DECISION },
      { ...EVENT, fact: { ...DECISION, sha256: 'ab' } },
    ]
    expect(() => appendAllCustody(path, bad)).toThrow(CustodyUnavailable)
    expect(readCustody(path).length).toBe(500)
  })

  /** One event of every kind of fact, the later ones about the statement. */
  function everyFact(path: string): void {
    const { sha256 } = DECISION
    const facts: CustodyFact[] = [
      { kind: 'session', session: 's1', act: 'opened', pass: 'second', scale: 'vics-us' },
      { ...DECISION, session: 's1' },
      {
        kind: 'reveal',
        sha256,
        act: 'asked',
        reason: 'doubt',
        treatment: 'grey',
        part: null,
        asked: null,
        shownMs: null,
        session: 's1',
      },
      {
        kind: 'reveal',
        sha256,
        act: 'shown',
        reason: 'doubt',
        treatment: 'grey',
        part: '12',
        asked: 3,
        shownMs: 1200,
        session: 's1',
      },
      { kind: 'statement', text: 'a statement' },
      {
        kind: 'signature',
        statement: 5,
        algorithm: 'ed25519',
        signer: 'A. Example',
        certificate: Buffer.from('c'),
        value: Buffer.from('v'),
      },
      { kind: 'time-stamp', statement: 5, request: null, response: Buffer.from('r') },
    ]
    appendAllCustody(
      path,
      facts.map((fact) => ({ ...EVENT, event: fact.kind, detail: {}, fact })),
    )
    expect(readCustody(path).map(({ fact }) => fact)).toEqual(facts)
  }

  it('gives back facts of every kind, and finds each that was changed, removed or moved', () => {
    const whole = copyOf(sealed, 'facts')
    everyFact(whole)
    expect(verifyAlone(whole).problems).toEqual([])
    const changes = [
      "UPDATE decision SET category = '3'",
      'DELETE FROM decision',
      'UPDATE reveal SET shown_ms = 1 WHERE number = 4',
      'UPDATE reveal SET number = 7 WHERE number = 4',
      "UPDATE statement SET text = 'another statement'",
      "UPDATE signature SET value = x'00'",
      'UPDATE signature SET certificate = NULL',
      "UPDATE time_stamp SET response = x'00'",
      "UPDATE session SET act = 'closed'",
      'INSERT INTO session SELECT 2, session, act, pass, scale FROM session',
      'INSERT INTO decision SELECT 1, sha256, scale, act, category, note, pass, session FROM decision',
    ]
    for (const [i, change] of changes.entries()) {
      const path = copyOf(sealed, `fact-${i}`)
      copyFileSync(custodyPath(whole), custodyPath(path))
      behindTriggers(custodyPath(path), (db) => db.exec(change))
      expect([change, verifyAlone(path).ok]).toEqual([change, false])
    }
  })

  it('goes on with a log of version 1, whose events stay as they are', () => {
    const path = copyOf(sealed, 'version-1')
    const { head } = appendCustody(path, {
      ...EVENT,
      event: 'decided',
      detail: { sha256: 'cd', category: '1', scale: 's', note: '' },
    })
    behindTriggers(custodyPath(path), (db) => {
      for (const table of ['time_stamp', 'signature', 'statement', 'reveal', 'decision', 'session'])
        db.exec(`DROP TABLE ${table}`)
      db.pragma('user_version = 1')
    })
    expect(verifyAlone(path, { head })).toMatchObject({ problems: [], ok: true })
    expect(decisionsOf(readCustody(path)).get('cd')).toMatchObject([{ act: 'decided', category: '1' }])
    recordDecisions(path, [DECISION], { operator: 'A. Example', account: 'tester' })
    expect(verifyAlone(path, { head })).toMatchObject({ problems: [], ok: true })
    expect(readCustody(path).map(({ event }) => event)).toEqual(['decided', 'decided'])
  })
})

/** Two hundred forged or damaged ledgers, custody logs, statements, signatures and responses: each is named. */
import { createPrivateKey, generateKeyPairSync, sign as signBytes, X509Certificate } from 'node:crypto'
import { chmodSync, copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeAll, describe, expect, it } from 'vitest'
import { statedFactsOf } from '../../src/cli/services/vouching.ts'
import type { CustodyEvent, CustodyFact } from '../../src/contracts/custody.ts'
import { appendCustody, custodyPath, readCustody } from '../../src/ledger/custody/custody.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { verifyAgain, verifyLedger } from '../../src/ledger/verify/verify.ts'
import { readCertificates } from '../../src/sign/certificates.ts'
import { checkCustodyVouchers } from '../../src/sign/check-custody.ts'
import { signWithCertificate, signWithKey, type Trusted } from '../../src/sign/signatures.ts'
import { type StatedFacts, statementText } from '../../src/sign/statement.ts'
import { timeStampRequest } from '../../src/sign/time-stamp.ts'
import { sealedWithLog, temporaryFolderForFile } from '../ledger/temporary.ts'
import { answer, HAS_OPENSSL, issue, makeAuthority } from './authority.ts'

describe.skipIf(!HAS_OPENSSL)('of two hundred that were forged or damaged verify names', () => {
  const folder = temporaryFolderForFile()
  const at = (name: string) => join(folder, name)
  let ledger: string
  let facts: StatedFacts
  let events: readonly CustodyEvent[]
  let trusted: Trusted

  beforeAll(async () => {
    makeAuthority(folder)
    issue(folder, 'examiner')
    issue(folder, 'tsa', { usage: 'timeStamping' })
    ledger = sealedWithLog(folder)
    const reader = openLedger(ledger)
    facts = await statedFactsOf(reader)
    const text = statementText(reader, facts.ledgerSha256, reader.newestHead(), [], new Date())
    reader.close()
    const log = (event: string, fact: CustodyFact) =>
      appendCustody(ledger, { event, operator: 'A. Example', account: 'tester', detail: {}, fact }).number
    const statement = log('seal-stated', { kind: 'statement', text })
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    log('signed', signWithKey(text, statement, 'A. Example', privateKey))
    const key = createPrivateKey(readFileSync(at('examiner.key')))
    const certificate = new X509Certificate(readFileSync(at('examiner.pem')))
    log(
      'signed',
      await signWithCertificate(text, statement, certificate, [], new Date(), (bytes) =>
        signBytes('sha256', bytes, key),
      ),
    )
    const request = timeStampRequest(Buffer.from(text))
    writeFileSync(at('one.tsq'), request)
    answer(folder, 'one.tsq', 'one.tsr')
    log('time-stamped', { kind: 'time-stamp', statement, request, response: readFileSync(at('one.tsr')) })
    events = readCustody(ledger)
    trusted = { keys: [publicKey], certificates: readCertificates(at('ca.pem')) }
  })

  const stated = () => events.flatMap(({ fact }) => (fact?.kind === 'statement' ? [fact.text] : []))[0]!

  /** As somebody would who can recompute every head of the log. */
  const problemsWith = (
    change: (fact: CustodyFact, number: number) => CustodyFact | null,
  ): readonly string[] => {
    const forged = events.flatMap((event) => {
      const fact = event.fact && change(event.fact, event.number)
      return event.fact !== null && fact === null ? [] : [{ ...event, fact }]
    })
    return checkCustodyVouchers(forged, facts, trusted).problems
  }

  it('nothing in what was not changed', () => {
    expect(problemsWith((fact) => fact)).toEqual([])
    expect(verifyLedger(ledger).problems).toEqual([])
  })

  it('40 ledgers with one changed byte each', () => {
    const copy = at('damaged.sqlite')
    const size = statSync(ledger).size
    copyFileSync(custodyPath(ledger), custodyPath(copy))
    const unnamed = Array.from({ length: 40 }, (_, i) => Math.floor(((i + 0.5) * size) / 40)).filter(
      (offset) => {
        const bytes = readFileSync(ledger)
        bytes[offset]! ^= 0x10
        writeFileSync(copy, bytes)
        return verifyLedger(copy).ok
      },
    )
    expect(unnamed).toEqual([])
  }, 120_000)

  it('40 custody logs in which one value of one row was changed, with the triggers put back', () => {
    const copy = at('changed.sqlite')
    copyFileSync(ledger, copy)
    const original = new Database(custodyPath(ledger), { readonly: true })
    const tables = ['custody', 'statement', 'signature', 'time_stamp']
    const changes = tables.flatMap((table) =>
      (original.prepare(`SELECT * FROM ${table}`).all() as Record<string, unknown>[]).flatMap((row) =>
        Object.entries(row)
          .filter(([column, value]) => column !== 'number' && value !== null)
          .map(([column, value]) => ({ table, number: row.number as number, column, value })),
      ),
    )
    original.close()
    expect(changes.length).toBeGreaterThanOrEqual(40)
    const unnamed = changes.slice(-40).filter(({ table, number, column, value }) => {
      copyFileSync(custodyPath(ledger), custodyPath(copy))
      chmodSync(custodyPath(copy), 0o644)
      const db = new Database(custodyPath(copy))
      const triggers = db.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all() as {
        name: string
        sql: string
      }[]
      for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`)
      db.pragma('ignore_check_constraints = ON')
      db.pragma('foreign_keys = OFF')
      db.prepare(`UPDATE ${table} SET ${column} = ? WHERE number = ?`).run(changed(value), number)
      for (const { sql } of triggers) db.exec(sql)
      db.close()
      return verifyAgain(copy).problems.length === 0
    })
    expect(unnamed).toEqual([])
  }, 120_000)

  it('40 statements: every field changed, taken out or the text altered, under signatures of the true one', () => {
    const text = stated()
    const fields = Object.keys(JSON.parse(text))
    const rewritten = (change: (stated: Record<string, unknown>, field: string) => void) =>
      fields.map((field) => {
        const stated = JSON.parse(text)
        change(stated, field)
        return `${JSON.stringify(stated, null, 2)}\n`
      })
    const forgeries = [
      ...rewritten((stated, field) => {
        stated[field] = `${String(stated[field])}0`
      }),
      ...rewritten((stated, field) => {
        delete stated[field]
      }),
      ...Array.from(
        { length: 40 - 2 * fields.length },
        (_, i) => `${text.slice(0, i * 20)} ${text.slice(i * 20)}`,
      ),
    ]
    expect(forgeries.filter((one) => one !== text)).toHaveLength(40)
    for (const forged of forgeries) {
      const problems = problemsWith((fact) => (fact.kind === 'statement' ? { ...fact, text: forged } : fact))
      expect([forged, problems.length]).toEqual([
        forged,
        3 + problems.filter((one) => one.startsWith('seal statement')).length,
      ])
    }
  })

  it('40 signatures: changed in one bit, of another statement, by another key, or of another certificate', () => {
    const another = generateKeyPairSync('ed25519').privateKey
    const text = stated()
    const forgeries: ((fact: CustodyFact, number: number) => CustodyFact | null)[] = [
      ...flips(16, (fact) => fact.kind === 'signature' && fact.certificate === null),
      ...flips(16, (fact) => fact.kind === 'signature' && fact.certificate !== null, 200),
      (fact) => (fact.kind === 'signature' ? { ...fact, statement: fact.statement - 1 } : fact),
      (fact) => (fact.kind === 'signature' ? { ...fact, statement: 999 } : fact),
      (fact) => (fact.kind === 'signature' ? { ...fact, algorithm: 'none' } : fact),
      (fact) => (fact.kind === 'signature' && !fact.certificate ? { ...fact, signer: 'A. Example' } : fact),
      (fact) =>
        fact.kind === 'signature' && !fact.certificate
          ? signWithKey(text, fact.statement, 'A. Example', another)
          : fact,
      (fact) =>
        fact.kind === 'signature' && fact.certificate
          ? { ...fact, certificate: readCertificates(at('tsa.pem'))[0]!.raw }
          : fact,
      (fact) => (fact.kind === 'statement' ? null : fact),
      (fact) => (fact.kind === 'signature' ? { ...fact, value: Buffer.alloc(0) } : fact),
    ]
    expect(forgeries).toHaveLength(40)
    expect(forgeries.flatMap((change, i) => (problemsWith(change).length === 0 ? [i] : []))).toEqual([])
  })

  it('40 responses: changed in one bit, cut short, refused, or for another request', () => {
    const other = timeStampRequest(Buffer.from('another'))
    const isStamp = (fact: CustodyFact) => fact.kind === 'time-stamp'
    const forgeries: ((fact: CustodyFact, number: number) => CustodyFact | null)[] = [
      ...flips(30, isStamp, 260),
      ...[1, 9, 100, 500, 1000].map(
        (cut) => (fact: CustodyFact) =>
          fact.kind === 'time-stamp' ? { ...fact, response: fact.response.subarray(0, -cut) } : fact,
      ),
      (fact) => (fact.kind === 'time-stamp' ? { ...fact, request: other } : fact),
      (fact) =>
        fact.kind === 'time-stamp' ? { ...fact, response: Buffer.from('30053003020102', 'hex') } : fact,
      (fact) =>
        fact.kind === 'time-stamp'
          ? { ...fact, response: Buffer.concat([fact.response, Buffer.from([0])]) }
          : fact,
      (fact) => (fact.kind === 'time-stamp' ? { ...fact, response: fact.request! } : fact),
      (fact) => (fact.kind === 'time-stamp' ? { ...fact, statement: 1 } : fact),
    ]
    expect(forgeries).toHaveLength(40)
    expect(forgeries.flatMap((change, i) => (problemsWith(change).length === 0 ? [i] : []))).toEqual([])
  })
})

/** Bits spread over the last `within` bytes: signature values and signed attributes stand at the end of a CMS. */
function flips(count: number, wanted: (fact: CustodyFact) => boolean, within = 64) {
  return Array.from({ length: count }, (_, i) => (fact: CustodyFact): CustodyFact => {
    if (!wanted(fact)) return fact
    const flipped = (bytes: Buffer) => {
      const copy = Buffer.from(bytes)
      copy[copy.length - 1 - Math.floor((i * Math.min(within, copy.length)) / count)]! ^= 1 << (i % 8)
      return copy
    }
    if (fact.kind === 'signature') return { ...fact, value: flipped(fact.value) }
    if (fact.kind === 'time-stamp') return { ...fact, response: flipped(fact.response) }
    return fact
  })
}

function changed(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return Buffer.concat([value.subarray(0, -1), Buffer.from([value.at(-1)! ^ 1])])
  return typeof value === 'number' ? value + 1 : `${String(value)} `
}

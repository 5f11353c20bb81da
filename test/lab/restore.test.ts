/** What waits on hosts when the database comes back from a dump: it is booked to what it names, or not at all. */
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { hasPostgres, Postgres } from '../../fixtures/postgres.ts'
import { seized, start, temporaryFolder } from '../e2e/seized.ts'
import { ended, heldScan, hostOf, initLab, statusOf, until, work } from './hosts.ts'
import { makeLab, makeManifest } from './made.ts'

let postgres: Postgres
const reason = ['--reason', 'drill of the page']

describe.skipIf(!hasPostgres)('a laboratory whose database comes back from a dump', () => {
  beforeAll(async () => {
    postgres = await Postgres.make()
  })
  afterAll(() => postgres.end())
  beforeEach(() => {
    postgres.sql('DROP SCHEMA IF EXISTS lab CASCADE')
  })

  it('26 D22 A1, A2: a result that waited is booked to no exhibit, whenever it is delivered, and its host goes on', async () => {
    const lab = makeLab(temporaryFolder(), { 'EX-0040': 20, 'SLOW-6': 20 })
    const owner = initLab(lab, postgres.url())
    const lab_ = (config: string, ...words: string[]) => seized(['lab', ...words, '--config', config])
    const one = hostOf(lab, postgres.url(), 'scan1', { leaseSeconds: 600 })
    const two = hostOf(lab, postgres.url(), 'scan2', { leaseSeconds: 600 })
    const dump = join(lab.folder, 'lab.dump')
    expect(lab_(owner, 'backup', dump).status).toBe(0)
    const before = postgres.sql('SELECT id FROM lab.about').rows[0]!

    // Examined since the dump, and the database was away when it ended.
    lab_(
      one,
      'submit',
      makeManifest(lab, ['EX-0040'], (m) => Object.assign(m, { case: 'R3' })),
    )
    const first = start(work(one))
    let said = ''
    first.stdout.on('data', (text) => (said += text))
    const slow = await heldScan(lab, 'scan1')
    await postgres.kill()
    slow.goOn()
    await until('the result is kept', () => said.includes('"kept"'))
    first.kill('SIGTERM')
    await ended(first)
    const pending = join(lab.folder, 'scan1/ledgers/pending')
    const [name] = readdirSync(pending) as [string]
    const kept = join(lab.folder, 'kept.json')
    copyFileSync(join(pending, name), kept)

    await postgres.start()
    postgres.sql('DROP SCHEMA lab CASCADE')
    postgres.restore(dump)
    const next = makeManifest(lab, ['SLOW-6'], (m) => Object.assign(m, { case: 'R4' }))
    // Nothing is begun before its owner said that it is a copy.
    expect(lab_(two, 'submit', next)).toMatchObject({
      status: 75,
      stderr: expect.stringContaining('was restored or moved'),
    })
    expect(lab_(two, 'restored', ...reason).status).toBe(2)
    expect(lab_(owner, 'restored', ...reason)).toMatchObject({ status: 0, stderr: '' })
    expect(postgres.sql('SELECT id FROM lab.about').rows[0]).not.toBe(before)

    // Too early: there is no exhibit of that number yet.
    const early = seized(work(one, '--once'))
    expect([early.status, early.stderr]).toEqual([0, ''])
    expect(early.stdout).toContain('"aside"')
    expect(readdirSync(pending)).toEqual([])
    const aside = join(lab.folder, 'scan1/ledgers/aside')
    expect(readdirSync(aside)).toEqual([name, `${name}.reason.txt`])
    expect(readFileSync(join(aside, `${name}.reason.txt`), 'utf8')).toContain('begun no such attempt')
    expect(statusOf(one).asides).toMatchObject([{ host: 'scan1', case: 'R3', exhibit: 'EX-0040' }])
    expect(lab_(one, 'status').stdout).toContain(
      'ALARM: scan1 brought a result that was not booked (it is of another laboratory, or of this one before its database was restored',
    )

    // Numbers go on from the dump: another exhibit of another case has the same ones and is being examined.
    expect(lab_(two, 'submit', next).status).toBe(0)
    const second = start(work(two))
    onTestFinished(() => void second.kill('SIGKILL'))
    const other = await heldScan(lab, 'scan2')
    const { fence } = JSON.parse(JSON.parse(readFileSync(kept, 'utf8')).signed)
    expect(postgres.sql('SELECT fence FROM lab.attempt').rows).toEqual([fence])
    const now = postgres.sql('SELECT id FROM lab.about').rows[0]!
    // Even where the copy had the same id, as a snapshot of the disk has: nothing here is that attempt.
    for (const id of [now, before]) {
      postgres.sql(`UPDATE lab.about SET id = '${id}'`)
      copyFileSync(kept, join(pending, name))
      const late = seized(work(one, '--once'))
      expect([late.status, late.stdout]).toEqual([0, expect.stringContaining('begun no such attempt')])
      expect(statusOf(one).exhibits).toMatchObject([{ case: 'R4', exhibit: 'SLOW-6', state: 'claimed' }])
    }
    expect(postgres.sql('SELECT count(*) FROM lab.outcome').rows).toEqual(['0'])
    postgres.sql(`UPDATE lab.about SET id = '${now}'`)
    other.goOn()
    await until('it is finished', () => statusOf(two).exhibits[0].state === 'finished')
    second.kill('SIGTERM')
    await ended(second)
    const [exhibit] = statusOf(two).exhibits
    const summary = JSON.parse(seized(['summary', exhibit.ledgerPath, '--json']).stdout)
    expect(summary).toMatchObject({ case: 'R4', exhibit: 'SLOW-6', evidenceDigest: exhibit.evidenceDigest })

    // The ledger of before stays in the collection as it was, and the exhibit that it is of is ordered again: nothing is scanned anew.
    const statement = JSON.parse(JSON.parse(readFileSync(kept, 'utf8')).signed)
    lab_(
      one,
      'submit',
      makeManifest(lab, ['EX-0040'], (m) => Object.assign(m, { case: 'R3' })),
    )
    seized(work(one, '--once'))
    const again = statusOf(one).exhibits.find((it: { case: string }) => it.case === 'R3')
    expect(again).toMatchObject({ state: 'finished', evidenceDigest: statement.evidence })
    const { ledgerPath } = JSON.parse(readFileSync(kept, 'utf8'))
    expect([existsSync(ledgerPath), ledgerPath !== again.ledgerPath]).toEqual([true, true])
    expect(createHash('sha256').update(readFileSync(ledgerPath)).digest('hex')).toBe(statement.ledger)
    expect(lab_(one, 'verify').stdout).not.toContain('PROBLEM')

    const [{ id }] = statusOf(one).asides
    expect(lab_(one, 'settle', id, ...reason).status).toBe(0)
    expect(lab_(one, 'status').stdout).not.toContain(`settle ${id} `)
    expect(
      postgres.sql("SELECT count(*) FROM lab.audit WHERE what IN ('restored', 'set-aside', 'settled')").rows,
    ).not.toEqual(['0'])
  })
})

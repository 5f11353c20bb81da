/** What the database itself lets a host do: book what it holds and nothing else, under its own name and key. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { hasPostgres, Postgres } from '../../fixtures/postgres.ts'
import { readHostConfig } from '../../src/lab/manifest/host-config.ts'
import { readManifest } from '../../src/lab/manifest/manifest.ts'
import { type Claimed, claim } from '../../src/lab/queue/claim.ts'
import { order, takeBack, withdrawKey } from '../../src/lab/queue/control.ts'
import { Database } from '../../src/lab/queue/database.ts'
import {
  fingerprintOfKey,
  finish,
  type Result,
  type Statement,
  signedText,
} from '../../src/lab/queue/finish.ts'
import { linksOf } from '../../src/lab/queue/links.ts'
import { submitManifest } from '../../src/lab/queue/submit.ts'
import { publicPem } from '../../src/lab/work/host-keys.ts'
import { temporaryFolder } from '../e2e/seized.ts'
import { initLab } from './hosts.ts'
import { makeLab, makeManifest } from './made.ts'

let postgres: Postgres
const HEX = (digit: string) => digit.repeat(64)

async function connected(user: string): Promise<Database> {
  const none = { caFile: null, certFile: null, keyFile: null, passwordFile: null }
  const database = await Database.of({ database: postgres.url(user), ...none })
  onTestFinished(() => database.close())
  return database
}

/** What a machine says of itself. */
function present(
  database: Database,
  host: string,
  publicKey: string | null = null,
  machine = 'm',
  worker = host,
) {
  const about = { cores: 1, memoryGB: 8, program: 'p', state: 'ready', freeBytes: 1 }
  return database.rows('SELECT lab.present($1, $2, $3, $4, $5)', [
    host,
    machine,
    worker,
    JSON.stringify(about),
    publicKey,
  ])
}

async function claimed(database: Database): Promise<Claimed> {
  const one = await claim(database, { memoryGB: 8, leaseMs: 60_000, graceMs: 0 })
  if (one === null) throw new Error('nothing waits')
  return one
}

function statementOf(one: Claimed, host: string): Statement {
  const said = { evidence: HEX('a'), analysis: HEX('b'), head: HEX('c') }
  const named = { case: one.caseId, exhibit: one.exhibit }
  const { lab, attempt, fence, orderDigest } = one
  return {
    ...{ statement: 2, lab, ...named, order: orderDigest, attempt, fence, host, exitCode: 10, ...said },
    ...{
      ledger: HEX('d'),
      counts: { hits: 1 },
      image: null,
      incomplete: [],
      message: null,
      own: { ...named, ...said },
    },
  }
}

function resultOf(statement: object, key: KeyObject | null = null, seen: Result['seen'] = []): Result {
  const signed = signedText(statement as Statement)
  return {
    signed,
    signature: key && sign(null, Buffer.from(signed), key).toString('base64'),
    key: key && fingerprintOfKey(publicPem(key)),
    ...{ ledgerPath: '/nowhere.sqlite', linksBasis: null, seen },
  }
}

describe.skipIf(!hasPostgres)('what a host may do in the laboratory’s database', () => {
  beforeAll(async () => {
    postgres = await Postgres.make()
  })
  afterAll(() => postgres.end())
  beforeEach(async () => {
    postgres.sql('DROP SCHEMA IF EXISTS lab CASCADE')
    const lab = makeLab(temporaryFolder(), { A: 1, B: 1 })
    initLab(lab, postgres.url())
    const desk = await connected('scan3')
    await submitManifest(desk, readManifest(makeManifest(lab, ['A', 'B'])), readHostConfig(lab.config))
  })

  const stateOf = (exhibit: string) =>
    postgres.sql(`SELECT state FROM lab.exhibit WHERE name = '${exhibit}'`).rows[0]

  it('26 D22 A1: books a result where laboratory, case, exhibit, order, attempt, host and ledger all agree, and nowhere else', async () => {
    const scan1 = await connected('scan1')
    await present(scan1, 'scan1')
    const [one, other] = [await claimed(scan1), await claimed(scan1)]
    const right = statementOf(one, 'scan1')
    const { own } = right
    const wrong: Readonly<Record<string, object>> = {
      laboratory: { lab: '00000000-0000-4000-8000-000000000000' },
      case: { case: '2026-115' },
      exhibit: { exhibit: 'B' },
      'exhibit and ledger': { exhibit: 'B', own: { ...own, exhibit: 'B' } },
      order: { order: HEX('0') },
      'attempt of another exhibit': { attempt: other.attempt },
      'attempt that is none': { attempt: '1' },
      host: { host: 'scan2' },
      'case of the ledger': { own: { ...own, case: '2026-115' } },
      'exhibit of the ledger': { own: { ...own, exhibit: 'B' } },
      'evidence digest of the ledger': { own: { ...own, evidence: HEX('0') } },
      'analysis digest of the ledger': { own: { ...own, analysis: HEX('0') } },
      'head of the ledger': { own: { ...own, head: HEX('0') } },
      'a digest that is missing': { ledger: null },
      'exit code': { exitCode: 1 },
      'nothing of the ledger': { own: null },
    }
    for (const [what, change] of Object.entries(wrong))
      expect([what, await finish(scan1, resultOf({ ...right, ...change }))]).toEqual([
        what,
        { ends: 'aside', why: expect.stringMatching(/./) },
      ])
    expect(postgres.sql('SELECT count(*) FROM lab.outcome').rows).toEqual(['0'])
    expect(postgres.sql('SELECT count(*) FROM lab.aside').rows).toEqual([String(Object.keys(wrong).length)])
    expect([stateOf('A'), stateOf('B')]).toEqual(['claimed', 'claimed'])
    expect(await finish(scan1, resultOf(right))).toEqual({ ends: 'finished' })
    // The answer was lost on the way, and it comes again; or another one of the same attempt comes.
    expect(await finish(scan1, resultOf(right))).toEqual({ ends: 'finished' })
    expect(await finish(scan1, resultOf({ ...right, counts: {} }))).toMatchObject({ ends: 'aside' })
    expect([stateOf('A'), stateOf('B')]).toEqual(['finished', 'claimed'])
  })

  it('26 D22 A1: a booked result is taken back: kept, no longer counted, not among the links', async () => {
    const scan1 = await connected('scan1')
    await present(scan1, 'scan1')
    const seen = [{ key: Buffer.alloc(32, 1), entries: 1, meaning: 'illegal' }]
    for (const one of [await claimed(scan1), await claimed(scan1)])
      await finish(scan1, resultOf(statementOf(one, 'scan1'), null, seen))
    expect(await linksOf(scan1, null)).toHaveLength(1)
    await expect(takeBack(scan1, '2026-114/B', ' ')).rejects.toThrow('needs a reason')
    await takeBack(scan1, '2026-114/B', 'the wrong disk was in the dock')
    expect([stateOf('A'), stateOf('B')]).toEqual(['finished', 'needs-person'])
    expect(await linksOf(scan1, null)).toEqual([])
    await expect(takeBack(scan1, '2026-114/B', 'again')).rejects.toThrow('it has no result to take back')
    await order(scan1, '2026-114/B', { kind: 'retry' }, 'the right one is there')
    await finish(scan1, resultOf(statementOf(await claimed(scan1), 'scan1'), null, seen))
    expect(stateOf('B')).toBe('finished')
    expect(await linksOf(scan1, null)).toHaveLength(1)
    expect(
      postgres.sql("SELECT who, detail::jsonb->>'reason' FROM lab.audit WHERE what = 'taken-back'").rows,
    ).toEqual(['scan1|the wrong disk was in the dock'])
    expect(postgres.sql('SELECT count(*) FROM lab.outcome').rows).toEqual(['3'])
  })

  it('26 D22 A4: a key has its time: handed over by the one before, or enrolled after a person withdrew that', async () => {
    const [one, two, stolen] = [1, 2, 3].map(() => generateKeyPairSync('ed25519').privateKey) as [
      KeyObject,
      KeyObject,
      KeyObject,
    ]
    const scan1 = await connected('scan1')
    await present(scan1, 'scan1', publicPem(one))
    const first = await claimed(scan1)
    await expect(present(scan1, 'scan1', publicPem(stolen))).rejects.toMatchObject({ code: 'LB005' })
    await expect(present(scan1, 'scan1', null)).rejects.toMatchObject({ code: 'LB005' })
    // Signed before the rotation and delivered after it.
    const result = resultOf(statementOf(first, 'scan1'), one)
    const handover = (from: KeyObject, to: KeyObject) =>
      JSON.stringify({
        host: 'scan1',
        from: fingerprintOfKey(publicPem(from)),
        to: fingerprintOfKey(publicPem(to)),
      })
    const rotate = (from: KeyObject, to: KeyObject) =>
      scan1.rows('SELECT lab.rotate_key($1, $2, $3, $4)', [
        ...[
          publicPem(to),
          handover(from, to),
          sign(null, Buffer.from(handover(from, to)), from).toString('base64'),
          'yearly',
        ],
      ])
    await expect(rotate(stolen, two)).rejects.toMatchObject({ code: 'LB010' })
    await rotate(one, two)
    await present(scan1, 'scan1', publicPem(two))
    expect(await finish(scan1, resultOf(statementOf(first, 'scan1')))).toMatchObject({
      ends: 'aside',
      why: expect.stringContaining('not signed'),
    })
    expect(await finish(scan1, resultOf(statementOf(first, 'scan1'), stolen))).toMatchObject({
      ends: 'aside',
    })
    expect(await finish(scan1, result)).toEqual({ ends: 'finished' })
    // An attempt that was begun after the old key's time is not signed by it.
    const second = await claimed(scan1)
    expect(await finish(scan1, resultOf(statementOf(second, 'scan1'), one))).toMatchObject({
      why: expect.stringContaining('no key that its host had then'),
    })
    const desk = await connected('scan3')
    await withdrawKey(desk, 'scan1', 'the disk was stolen')
    expect(await finish(scan1, resultOf(statementOf(second, 'scan1'), two))).toMatchObject({ ends: 'aside' })
    await expect(present(scan1, 'scan1', publicPem(two))).rejects.toMatchObject({ code: 'LB005' })
    const third = generateKeyPairSync('ed25519').privateKey
    await present(scan1, 'scan1', publicPem(third))
    expect(await finish(scan1, resultOf(statementOf(second, 'scan1'), third))).toEqual({ ends: 'finished' })
    expect(postgres.sql("SELECT what FROM lab.audit WHERE what LIKE 'key%' ORDER BY n").rows).toEqual([
      ...['key-enrolled', 'key-rotated', 'key-withdrawn', 'key-enrolled'],
    ])
  })

  it('26 D22 A5: a host is its login; a second machine or process of one name is refused', async () => {
    const [scan1, copy, scan2] = [
      await connected('scan1'),
      await connected('scan1'),
      await connected('scan2'),
    ]
    await expect(present(scan2, 'scan1')).rejects.toMatchObject({ code: 'LB002' })
    await present(scan1, 'scan1', null, 'machine-1', 'process-1')
    await expect(present(copy, 'scan1', null, 'machine-2', 'process-2')).rejects.toMatchObject({
      code: 'LB003',
    })
    // The same machine, cloned whole: two processes at once. It comes in when the first has gone.
    await expect(present(copy, 'scan1', null, 'machine-1', 'process-2')).rejects.toThrow(
      'another process is at work',
    )
    // A connection of its own that the server has not given up yet does not shut a process out.
    await present(copy, 'scan1', null, 'machine-1', 'process-1')
    await scan1.close()
    await copy.close()
    const next = await connected('scan1')
    for (let tries = 0; ; tries++)
      try {
        await present(next, 'scan1', null, 'machine-1', 'process-2')
        break
      } catch (error) {
        if (tries > 100) throw error
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    expect(postgres.sql("SELECT lab.new_machine('scan1', 'its board was replaced')", 'scan3').status).toBe(0)
    await present(next, 'scan1', null, 'machine-2', 'process-2')
  })

  it('26 D22 A5: a host changes only attempts that it holds, and sets nothing finished by hand', async () => {
    const [scan1, scan2] = [await connected('scan1'), await connected('scan2')]
    await present(scan1, 'scan1')
    await present(scan2, 'scan2')
    const one = await claimed(scan1)
    const before = postgres.sql('SELECT * FROM lab.attempt').rows
    expect((await scan2.rows('SELECT lab.renew($1, NULL) AS one', [one.attempt]))[0]).toEqual({ one: null })
    expect((await scan2.rows("SELECT lab.set_state($1, 'collecting') AS one", [one.attempt]))[0]).toEqual({
      one: false,
    })
    await scan2.rows("SELECT lab.give_back($1, 'failed', 'x', 'x')", [one.attempt])
    await scan2.rows("SELECT lab.refuse($1, 'x')", [one.attempt])
    expect(await finish(scan2, resultOf(statementOf(one, 'scan2')))).toMatchObject({
      ends: 'aside',
      why: expect.stringContaining('held by scan1'),
    })
    await expect(
      scan2.rows('SELECT lab.add_seen($1, $2, $3, $4)', [one.attempt, [], [], []]),
    ).rejects.toMatchObject({ code: 'LB010' })
    expect(postgres.sql('SELECT * FROM lab.attempt').rows).toEqual(before)
    for (const ends of ['finished', 'cancelled', 'waiting'])
      await expect(
        scan1.rows("SELECT lab.give_back($1, $2, 'x', 'x')", [one.attempt, ends]),
      ).rejects.toMatchObject({ code: 'LB010' })
    await expect(scan1.rows("SELECT lab.set_state($1, 'finished')", [one.attempt])).rejects.toMatchObject({
      code: 'LB010',
    })
    const refused = [
      ...['exhibit', 'attempt', 'host', 'host_key', 'outcome', 'aside', 'audit', 'about', 'seen'].flatMap(
        (table) => [`DELETE FROM lab.${table}`, `INSERT INTO lab.${table} DEFAULT VALUES`],
      ),
      "UPDATE lab.exhibit SET state = 'finished'",
      "UPDATE lab.attempt SET state = 'finished'",
      "UPDATE lab.host SET public_key = 'x'",
      "UPDATE lab.host_key SET public_key = 'x'",
      "SELECT lab.note('finished', '{}')",
      "SELECT lab.put_aside('scan2', 'x', 'x')",
      "SELECT lab.take_name('scan2', 'x', 'x')",
      "SELECT lab.show_key('scan2', 'x')",
      "SELECT lab.restored('x')",
      "SELECT lab.withdraw_key('scan2', 'x')",
      "SELECT lab.take_back('1', 'x')",
      "SELECT nextval('lab.fence')",
    ]
    postgres.sql('REVOKE seized_submit FROM scan1')
    for (const sql of refused)
      expect([sql, postgres.sql(sql, 'scan1').error]).toEqual([
        sql,
        expect.stringContaining('permission denied'),
      ])
    postgres.sql('GRANT seized_submit TO scan1')
  })
})

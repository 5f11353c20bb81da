/** A laboratory of seized 0.2: fixtures/lab/lab-0.2.sql is what pg_dump of PostgreSQL 15 made of one that version 0.2.0 set up and worked in. */
import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { hasPostgres, Postgres } from '../../fixtures/postgres.ts'
import { seized, temporaryFolder } from '../e2e/seized.ts'
import { hostOf, initLab, ownerOf, statusOf, work } from './hosts.ts'
import { makeLab, makeManifest } from './made.ts'

const OLD = readFileSync(resolve(import.meta.dirname, '../../fixtures/lab/lab-0.2.sql'), 'utf8')

it.skipIf(!hasPostgres)('26 D22: a laboratory of version 0.2 is taken further, with its record', async () => {
  const postgres = await Postgres.make()
  onTestFinished(() => postgres.end())
  for (const role of ['seized_submit', 'seized_worker', 'seized_reader']) postgres.sql(`CREATE ROLE ${role}`)
  expect(postgres.sql(OLD)).toMatchObject({ status: 0, error: '' })
  const head = postgres.sql('SELECT head FROM lab.audit ORDER BY n DESC LIMIT 1').rows
  const lab = makeLab(temporaryFolder(), { C: 1 })
  const owner = ownerOf(lab, postgres.url())
  const signingKey = join(lab.folder, 'host.key')
  writeFileSync(
    signingKey,
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }),
  )
  const one = hostOf(lab, postgres.url(), 'scan1', { signingKey })
  postgres.sql('CREATE ROLE scan1 LOGIN IN ROLE seized_worker, seized_submit')
  // Not before its owner says so.
  expect(seized(work(one, '--once'))).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('no laboratory of this version'),
  })
  expect(seized(['lab', 'init', '--config', owner])).toMatchObject({
    status: 0,
    stdout: 'Made: schema lab of version 3 from version 1\n',
  })
  expect(seized(['lab', 'init', '--config', owner]).stdout).toBe('Nothing to do.\n')
  expect(postgres.sql('SELECT prev FROM lab.audit ORDER BY n DESC LIMIT 1').rows).toEqual(head)
  expect(statusOf(one).exhibits).toMatchObject([
    { exhibit: 'A', state: 'finished', exitCode: 10 },
    { exhibit: 'B', state: 'waiting', attempts: 0 },
  ])
  // What version 1 granted to a role is taken from it.
  for (const sql of [
    "UPDATE lab.exhibit SET state = 'finished'",
    'INSERT INTO lab.outcome (fence) VALUES (9)',
    "SELECT lab.note('a', 'b')",
  ])
    expect([sql, postgres.sql(sql, 'scan1').error]).toEqual([
      sql,
      expect.stringContaining('permission denied'),
    ])
  // A result that a worker of 0.2 kept names no attempt: aside, and the exhibit is ordered again.
  const pending = join(lab.folder, 'scan1/ledgers/pending')
  mkdirSync(pending, { recursive: true })
  writeFileSync(
    join(pending, '2.json'),
    '{"fence":"2","id":"2","caseId":"2026-114","exhibit":"B","result":{"seen":[]}}',
  )
  initLab(lab, postgres.url())
  postgres.sql("UPDATE lab.exhibit SET held = true WHERE name = 'B'")
  seized(['lab', 'submit', makeManifest(lab, ['C']), '--config', one])
  // Its key has a history from now on: another one is not taken for it.
  expect(seized(work(one, '--once')).stderr).toContain(
    'the signing key of scan1 is not the one that the laboratory knows',
  )
  postgres.sql('UPDATE lab.host_key SET until = now(), withdrawn = true')
  const run = seized(work(one, '--once'))
  expect([run.status, run.stderr]).toEqual([0, ''])
  expect(readdirSync(pending)).toEqual([])
  expect(statusOf(one)).toMatchObject({
    asides: [{ host: 'scan1', why: expect.stringContaining('none of this version') }],
    exhibits: [{ exhibit: 'A' }, { exhibit: 'B' }, { exhibit: 'C', state: 'finished' }],
  })
  // Of the record of before only the ledger is not here; audit, statement and signature hold.
  const verified = seized(['lab', 'verify', '--config', one])
  const problems = verified.stdout.split('\n').filter((line) => line.startsWith('PROBLEM'))
  expect(problems, verified.stdout + verified.stderr).toEqual([
    expect.stringMatching(/2026-114\/A, attempt 1: .*\.sqlite is not there$/),
  ])
})

/** What a database says when it cannot serve: a host that has finished keeps the result as a file, goes on, and delivers it afterwards. */
import { type ChildProcess, spawn } from 'node:child_process'
import { chownSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { hasPostgres, Postgres } from '../../fixtures/postgres.ts'
import { Database, DatabaseAway } from '../../src/lab/queue/database.ts'
import { stateClassOf } from '../../src/lab/queue/sql-states.ts'
import { seized, start, temporaryFolder } from '../e2e/seized.ts'
import { Authority } from './authority.ts'
import { ended, heldScan, hostOf, initLab, statusOf, until, work } from './hosts.ts'
import { makeLab, makeManifest } from './made.ts'

const isRoot = process.getuid?.() === 0
const MIB = 1 << 20
const folder = join(tmpdir(), 'seized-authority-')

let postgres: Postgres
let authority: Authority
let another: Authority

describe.skipIf(!hasPostgres)('a database that cannot serve', () => {
  beforeAll(async () => {
    ;[authority, another] = [new Authority(mkdtempSync(folder)), new Authority(mkdtempSync(folder))]
    for (const one of [authority, another]) one.issue('server', 'subjectAltName=IP:127.0.0.1\n')
    postgres = await Postgres.make(
      [
        'ssl=on',
        "ssl_cert_file='server.pem'",
        "ssl_key_file='server.key'",
        'autovacuum=off',
        'client_connection_check_interval=500',
      ],
      {
        files: ['server.pem', 'server.key'].map((name) => authority.file(name)),
        ...(isRoot ? { diskBytes: 2 * MIB } : {}),
      },
    )
  })
  afterAll(async () => {
    await postgres.end()
    for (const one of [authority, another]) rmSync(dirname(one.file('x')), { recursive: true })
  })

  const put = (from: Authority) => {
    for (const name of ['server.pem', 'server.key']) {
      const to = join(postgres.data, name)
      copyFileSync(from.file(name), to)
      if (isRoot) chownSync(to, 65_534, 65_534)
    }
    postgres.sql('SELECT pg_reload_conf()')
  }
  const CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'scan1'"
  const cut = () => postgres.sql(CUT)
  let session: ChildProcess
  let over: Promise<void>
  let access = ''

  /** Each: how it comes to it, how it ends, and what the host says meanwhile. */
  const conditions: Readonly<Record<string, { begin(): void; end(): void | Promise<void>; says: RegExp }>> = {
    ...(isRoot && {
      'its disk is full (53100)': {
        begin: () => {
          postgres.sql(`CREATE TABLESPACE small LOCATION '${postgres.disk}'`)
          postgres.sql('ALTER TABLE lab.outcome SET (fillfactor = 10)')
          postgres.sql('ALTER TABLE lab.outcome SET TABLESPACE small')
          postgres.sql('CREATE TABLE lab.filler (a text) TABLESPACE small')
          const full = postgres.sql(
            "INSERT INTO lab.filler SELECT repeat('x', 1000) FROM generate_series(1, 5000)",
          )
          expect(full.error).toContain('No space left on device')
        },
        end: () => {
          postgres.sql('DROP TABLE lab.filler')
          // The disk goes with the server that has it.
          postgres.sql('ALTER TABLE lab.outcome SET TABLESPACE pg_default')
        },
        says: /disk or memory is full.*No space left/,
      },
    }),
    'too many are connected (53300)': {
      begin: () => {
        postgres.sql('ALTER ROLE scan1 CONNECTION LIMIT 0')
        cut()
      },
      end: () => void postgres.sql('ALTER ROLE scan1 CONNECTION LIMIT -1'),
      says: /too many connections/,
    },
    'it takes no changes (25006)': {
      begin: () => {
        postgres.sql('ALTER ROLE scan1 SET default_transaction_read_only = on')
        cut()
      },
      end: () => {
        postgres.sql('ALTER ROLE scan1 RESET default_transaction_read_only')
        cut()
      },
      says: /takes no changes.*read-only/,
    },
    'the check of TLS fails': {
      begin: () => {
        put(another)
        cut()
      },
      end: () => put(authority),
      says: /check of TLS failed/,
    },
    'it lets this login in no more (28000)': {
      begin: () => {
        const file = join(postgres.data, 'pg_hba.conf')
        access = readFileSync(file, 'utf8')
        writeFileSync(file, `host all scan1 all reject\n${access}`)
        postgres.sql('SELECT pg_reload_conf()')
        cut()
      },
      end: () => {
        writeFileSync(join(postgres.data, 'pg_hba.conf'), access)
        postgres.sql('SELECT pg_reload_conf()')
      },
      says: /rejects connection/,
    },
    'a right was taken from it (42501)': {
      begin: () => void postgres.sql('REVOKE EXECUTE ON FUNCTION lab.finish FROM seized_worker'),
      end: () => void postgres.sql('GRANT EXECUTE ON FUNCTION lab.finish TO seized_worker'),
      says: /permission denied for function finish/,
    },
    'the laboratory is not there, in the middle of a restore (3F000)': {
      begin: () => void postgres.sql('ALTER SCHEMA lab RENAME TO elsewhere'),
      end: () => void postgres.sql('ALTER SCHEMA elsewhere RENAME TO lab'),
      says: /schema .{1,3}lab.{1,3} does not exist/,
    },
    'it is told to stop, and lets nobody in (57P03)': {
      begin: () => {
        const words = ['-h', postgres.folder, '-p', String(postgres.port), '-U', 'lab', '-d', 'lab']
        // One session holds the end up, and cuts the host off once nobody is let in any more.
        session = spawn('psql', words, {
          env: { ...process.env, PGAPPNAME: 'the last session' },
          stdio: ['pipe', 'ignore', 'ignore'],
        })
        const isThere = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'the last session'"
        for (let tries = 0; tries < 600 && postgres.sql(isThere).rows.length === 0; tries++);
        over = postgres.endSlowly()
        for (let tries = 0; tries < 600 && postgres.sql('SELECT 1').status === 0; tries++);
        session.stdin!.write(`${CUT};\n`)
      },
      end: async () => {
        session.kill('SIGKILL')
        await over
        await postgres.start()
      },
      says: /shutting down/,
    },
  }

  it('26 D22 A3: a finished result waits as a file while the database cannot take it, and no scan is made again', async () => {
    const names = Object.keys(conditions)
    const lab = makeLab(temporaryFolder(), Object.fromEntries(names.map((_, i) => [`E${i}`, 5])))
    initLab(lab, postgres.url())
    const config = hostOf(lab, postgres.url(), 'scan1', {
      leaseSeconds: 600,
      caFile: authority.file('ca.pem'),
    })
    // Whoever submits is not who is refused.
    const desk = hostOf(lab, postgres.url(), 'scan2')
    const worker = start(work(config))
    onTestFinished(() => void worker.kill('SIGKILL'))
    let said = ''
    worker.stdout.on('data', (text) => (said += text))
    for (const [i, name] of names.entries()) {
      const { begin, end, says } = conditions[name]!
      const from = said.length
      expect(seized(['lab', 'submit', makeManifest(lab, [`E${i}`]), '--config', desk]).stderr).toBe('')
      const scan = await heldScan(lab, 'scan1')
      begin()
      // The host has heard of it before its scan ends.
      await until(
        `${name}: it is cut off`,
        () => name.includes('42501') || said.slice(from).includes('"cut-off"') || name.includes('53100'),
      )
      scan.goOn()
      await until(`${name}: the result is kept (${said.slice(from)})`, () =>
        said.slice(from).includes('"kept"'),
      )
      expect([name, said.slice(from)]).toEqual([name, expect.stringMatching(says)])
      await end()
      await until(`${name}: it is delivered`, () => said.slice(from).includes('"finished"'))
      expect([name, said.slice(from).match(/"claimed"/g)?.length]).toEqual([name, 1])
      expect(said).not.toContain('"aside"')
      expect(worker.exitCode).toBe(null)
    }
    worker.kill('SIGTERM')
    expect(await ended(worker)).toBe(130)
    expect(
      statusOf(desk).exhibits.map(({ state, attempts }: { state: string; attempts: number }) => [
        state,
        attempts,
      ]),
    ).toEqual(names.map(() => ['finished', 1]))
  })

  it.each([
    ['08006', 'away'],
    ['25006', 'away'],
    ['25P03', 'away'],
    ['40001', 'away'],
    ['40P01', 'away'],
    ['53000', 'away'],
    ['53100', 'away'],
    ['53200', 'away'],
    ['53300', 'away'],
    ['55P03', 'away'],
    ['57014', 'away'],
    ['57P01', 'away'],
    ['57P02', 'away'],
    ['57P03', 'away'],
    ['58030', 'away'],
    ['F0000', 'away'],
    ['XX000', 'away'],
    ['XX001', 'away'],
    ['LB001', 'away'],
    ['LB004', 'away'],
    ['28000', 'closed'],
    ['28P01', 'closed'],
    ['3D000', 'closed'],
    ['3F000', 'closed'],
    ['42501', 'closed'],
    ['42883', 'closed'],
    ['42P01', 'closed'],
    ['LB002', 'closed'],
    ['LB003', 'closed'],
    ['LB005', 'closed'],
    ['LB010', 'order'],
    ['22P02', 'refused'],
    ['23503', 'refused'],
    ['23505', 'refused'],
    ['P0001', 'refused'],
  ])('takes %s, as the server says it, for %s', async (code, meaning) => {
    const database = await Database.of({
      ...{ database: postgres.url(), caFile: null, certFile: null, keyFile: null, passwordFile: null },
    })
    onTestFinished(() => database.close())
    const said = await database
      .rows(`DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '${code}', MESSAGE = 'made'; END $$`)
      .catch((error: Error) => error)
    expect(said instanceof DatabaseAway).toBe(meaning === 'away')
    expect(stateClassOf(said instanceof DatabaseAway ? said.cause : said)?.meaning).toBe(meaning)
  })
})

import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { appendFileSync, chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hasPostgres, Postgres } from '../../fixtures/postgres.ts'
import { seized, start, temporaryFolder } from '../e2e/seized.ts'
import { ended, heldScan, hostOf, initLab, statusOf, timed, until, work } from './hosts.ts'
import { type MadeLab, makeLab, makeManifest } from './made.ts'

let postgres: Postgres

/** SIGTERM waits for a process that stands still. */
function isAskedToEnd(pid: number): boolean {
  const pending = /^ShdPnd:\s*([0-9a-f]+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0'
  return (BigInt(`0x${pending}`) & (1n << 14n)) !== 0n
}

describe.skipIf(!hasPostgres)('orders and the record of a laboratory on PostgreSQL', () => {
  beforeAll(async () => {
    postgres = await Postgres.make()
  })
  afterAll(() => postgres.end())
  beforeEach(() => {
    postgres.sql('DROP SCHEMA IF EXISTS lab CASCADE')
  })

  function set(
    exhibits: Readonly<Record<string, number>>,
    more: object = {},
    logins: readonly string[] = [],
  ): { lab: MadeLab; config: string; owner: string } {
    const lab = makeLab(temporaryFolder(), exhibits)
    const config = hostOf(lab, postgres.url(), 'scan1', more)
    return { lab, config, owner: initLab(lab, postgres.url(), logins) }
  }
  const lab_ = (config: string, ...words: string[]) => seized(['lab', ...words, '--config', config])
  const reason = ['--reason', 'B. Example asked']

  it('lets a child at risk go first on a full host, and goes on with what it paused to the same digest', async () => {
    const { lab, config } = set({ slow: 6000, urgent: 1 })
    const slow = makeManifest(lab, ['slow'])
    lab_(config, 'submit', slow)
    const worker = start(work(config))
    // Held still in the middle, so that no machine is too fast to be asked for its place.
    const scan = await heldScan(lab, 'scan1')
    const urgent = makeManifest(lab, ['urgent'], (m) => {
      Object.assign((m.exhibits as object[])[0]!, { priority: 'child-at-risk', reason: 'lives there' })
    })
    lab_(config, 'submit', urgent)
    await until('the scan is asked to pause', () => isAskedToEnd(scan.pid))
    scan.goOn()
    await until('all are finished', () =>
      statusOf(config).exhibits.every(({ state }: { state: string }) => state === 'finished'),
    )
    worker.kill('SIGTERM')
    await ended(worker)
    const { exhibits } = statusOf(config)
    expect(exhibits).toMatchObject([
      { exhibit: 'urgent', attempts: 1 },
      { exhibit: 'slow', attempts: 2 },
    ])
    const begun =
      "SELECT extract(epoch FROM a.started - e.submitted) FROM lab.attempt a JOIN lab.exhibit e ON e.id = a.exhibit WHERE e.name = 'urgent'"
    timed('an urgent exhibit is begun on a full host', Number(postgres.sql(begun).rows[0]), 10)
    const [paused, first, again] = postgres.sql('SELECT a.state FROM lab.attempt a ORDER BY a.fence').rows
    expect([paused, first, again]).toEqual(['paused', 'finished', 'finished'])
    const whole = seized(['batch', slow, '--out', join(lab.folder, 'whole'), '--config', config])
    expect(exhibits[1].evidenceDigest).toBe(JSON.parse(whole.stdout.split('\n')[0]!).evidenceDigest)
  })

  it('holds, releases, cancels and tries again, each with a reason in a chained audit', () => {
    const { lab, config } = set({ A: 1, B: 1 })
    lab_(config, 'submit', makeManifest(lab, ['A', 'B']))
    expect(lab_(config, 'hold', '2026-114/A').status).toBe(2)
    expect(lab_(config, 'hold', '2026-114/A', ...reason).status).toBe(0)
    expect(lab_(config, 'cancel', '2026-114/B', ...reason).status).toBe(0)
    seized(work(config, '--once'))
    expect(statusOf(config).exhibits).toMatchObject([
      { exhibit: 'A', state: 'waiting', held: true, attempts: 0 },
      { exhibit: 'B', state: 'cancelled', attempts: 0 },
    ])
    expect(lab_(config, 'hold', '2026-114/A', '--release', ...reason).status).toBe(0)
    expect(lab_(config, 'retry', '2026-114/B', ...reason).status).toBe(0)
    expect(lab_(config, 'priority', '2026-114/B', 'due', ...reason).status).toBe(0)
    const run = seized(work(config, '--once'))
    const claimed = run.stdout.split('\n').filter((line) => line.includes('"claimed"'))
    expect(claimed.map((line) => JSON.parse(line).exhibit)).toEqual(['B', 'A'])
    const refused = lab_(config, 'cancel', '2026-114/A', ...reason)
    expect([refused.status, refused.stderr]).toEqual([
      2,
      'seized: 2026-114/A is finished: there is nothing to cancel.\n',
    ])
    expect(lab_(config, 'cancel', '2026-114/C', ...reason).stderr).toContain('There is no exhibit 2026-114/C')
    const acts = postgres.sql('SELECT what FROM lab.audit ORDER BY n').rows
    expect(acts).toEqual([
      ...['initialised', 'submitted', 'submitted', 'hold', 'cancel', 'release', 'retry', 'priority'],
      ...['claimed', 'finished', 'claimed', 'finished'],
    ])
    expect(postgres.sql("SELECT detail FROM lab.audit WHERE what = 'hold'").rows[0]).toContain(
      'B. Example asked',
    )
  })

  it('pauses what is held while it runs, and takes no more on a drained host', async () => {
    const { lab, config } = set({ A: 6000, B: 1 })
    lab_(config, 'submit', makeManifest(lab, ['A']))
    const worker = start(work(config))
    const scan = await heldScan(lab, 'scan1')
    lab_(config, 'hold', '2026-114/A', ...reason)
    await until('the scan is asked to pause', () => isAskedToEnd(scan.pid))
    scan.goOn()
    await until('it is paused', () => statusOf(config).exhibits[0].attemptState === 'paused')
    expect(lab_(config, 'drain', 'scan1').status).toBe(0)
    lab_(config, 'submit', makeManifest(lab, ['B']))
    await new Promise((resolve) => setTimeout(resolve, 3000))
    expect(statusOf(config)).toMatchObject({
      exhibits: [{ state: 'waiting' }, { state: 'waiting', attempts: 0 }],
      hosts: [{ drained: true }],
    })
    lab_(config, 'drain', 'scan1', '--end')
    await until('the other is finished', () => statusOf(config).exhibits[1].state === 'finished')
    worker.kill('SIGTERM')
    await ended(worker)
    expect(lab_(config, 'drain', 'nobody').stderr).toContain('There is no host nobody')
  })

  it('names contents that several exhibits share, and verifies audit, signatures and ledgers', () => {
    const folder = temporaryFolder()
    const [signingKey, linksKey] = [join(folder, 'host.key'), join(folder, 'links.key')]
    const { privateKey } = generateKeyPairSync('ed25519')
    writeFileSync(signingKey, privateKey.export({ type: 'pkcs8', format: 'pem' }))
    writeFileSync(linksKey, randomBytes(32))
    const { lab, config } = set({ A: 1, B: 1 }, { signingKey, linksKey })
    lab_(config, 'submit', makeManifest(lab, ['A', 'B']))
    seized(work(config, '--once'))
    const links = lab_(config, 'links', '--json')
    expect(links.status).toBe(10)
    const [link, ...others] = links.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(others).toEqual([])
    expect(link.exhibits).toEqual(
      ['A', 'B'].map((exhibit) => ({ case: '2026-114', exhibit, entries: 1, meaning: 'illegal' })),
    )
    expect(JSON.parse(lab_(config, 'report', '2026-114').stdout).exhibits).toMatchObject([
      { exhibit: 'A', sharedContents: 1 },
      { exhibit: 'B', sharedContents: 1 },
    ])
    // The same line in the report of each exhibit, from what the laboratory wrote.
    const file = join(lab.folder, 'links.jsonl')
    writeFileSync(file, links.stdout)
    for (const [exhibit, other] of [
      ['A', 'B'],
      ['B', 'A'],
    ]) {
      const { ledgerPath: path } = statusOf(config).exhibits.find(
        (one: { exhibit: string }) => one.exhibit === exhibit,
      )
      const reported = (...more: string[]) =>
        seized(['report', path, '--format', 'html', '--links', file, ...more]).stdout.replaceAll(
          '&#x2F;',
          '/',
        )
      const words = `also seen on other exhibits of the laboratory (${other} (2026-114): 1); compared by keyed digests`
      expect(reported()).toContain(words)
      expect(reported('--edition', 'court')).toContain(words)
      expect(reported('--edition', 'court', '--language', 'lt')).toContain(
        'kituose laboratorijos tyrimo objektuose',
      )
      writeFileSync(`${file}.none`, '')
      expect(seized(['report', path, '--format', 'html', '--links', `${file}.none`]).stdout).toContain(
        'No content of this exhibit with a finding is named as seen on another exhibit',
      )
      expect(seized(['report', path, '--format', 'html']).stdout).not.toContain('exhibits of the laboratory')
    }
    expect(seized(['report', 'x', '--format', 'html', '--links', lab.config]).stderr).toContain('line 1')
    const page = join(lab.folder, 'case.html')
    lab_(config, 'report', '2026-114', '--out', page)
    expect(readFileSync(page, 'utf8')).toContain('one content with a finding was seen on another exhibit too')
    const sound = lab_(config, 'verify')
    expect([sound.status, sound.stdout]).toEqual([
      0,
      expect.stringMatching(/^8 acts in the audit, 2 ledgers; audit head [0-9a-f]{64}\n$/),
    ])
    // Whoever may do everything in the database changes an act; somebody changes a ledger; somebody an outcome.
    postgres.sql(
      'UPDATE lab.audit SET detail = replace(detail, \'"exhibit": "A"\', \'"exhibit": "C"\') WHERE n = 2',
    )
    postgres.sql("UPDATE lab.outcome SET evidence_digest = repeat('0', 64) WHERE fence = 2")
    const { ledgerPath } = statusOf(config).exhibits[0]
    chmodSync(ledgerPath, 0o600)
    appendFileSync(ledgerPath, 'x')
    const broken = lab_(config, 'verify', '--quick')
    expect(broken.status).toBe(4)
    expect(broken.stdout).toContain('the audit is broken at number 2')
    expect(broken.stdout).toContain('is not the ledger that was collected')
    expect(broken.stdout).toContain('the outcome is not the one that its host stated')
  })

  it('compares every content where a legal basis is declared, and has that in the audit', () => {
    const linksKey = join(temporaryFolder(), 'links.key')
    writeFileSync(linksKey, randomBytes(32))
    const { lab, config } = set({ A: 1, B: 2 }, { linksKey, linksBasis: 'warrant 12/2026' })
    for (const id of ['A', 'B']) writeFileSync(join(lab.exhibit(id), 'same.txt'), 'the same in both\n')
    writeFileSync(join(lab.exhibit('B'), 'again.txt'), 'the same in both\n')
    lab_(config, 'submit', makeManifest(lab, ['A', 'B']))
    seized(work(config, '--once'))
    const links = lab_(config, 'links', '2026-114', '--json').stdout.trim().split('\n')
    expect(links.map((line) => JSON.parse(line).exhibits)).toEqual(
      expect.arrayContaining([
        [
          expect.objectContaining({ exhibit: 'A', entries: 1, meaning: 'content' }),
          expect.objectContaining({ exhibit: 'B', entries: 2, meaning: 'content' }),
        ],
        [expect.objectContaining({ meaning: 'illegal' }), expect.objectContaining({ meaning: 'illegal' })],
      ]),
    )
    expect(links).toHaveLength(2)
    expect(JSON.parse(lab_(config, 'report', '2026-114').stdout).exhibits[0].sharedContents).toBe(1)
    const { rows } = postgres.sql("SELECT detail FROM lab.audit WHERE what = 'finished'")
    expect(rows).toEqual([
      expect.stringContaining('warrant 12/2026'),
      expect.stringContaining('warrant 12/2026'),
    ])
  })

  it('gives each role what it needs and no more', () => {
    const { lab } = set({ A: 1 }, {}, ['worker=scan9', 'submit=desk', 'reader=chief'])
    const as = (user: string) => hostOf(lab, postgres.url(user), `as-${user}`, { host: 'scan9' })
    const manifest = makeManifest(lab, ['A'])
    expect(lab_(as('chief'), 'submit', manifest).stderr).toContain('The database refuses that to this login')
    expect(lab_(as('scan9'), 'submit', manifest).status).toBe(2)
    expect(lab_(as('desk'), 'submit', manifest).status).toBe(0)
    expect(lab_(as('chief'), 'hold', '2026-114/A', ...reason).status).toBe(2)
    const worked = seized(work(as('scan9'), '--once'))
    expect(worked.stdout, worked.stderr).toContain('"finished"')
    expect(lab_(as('chief'), 'status', '--json').stdout).toContain('"state":"finished"')
    expect(lab_(as('chief'), 'verify').status).toBe(0)
    const refused = (user: string, sql: string) =>
      expect([sql, postgres.sql(sql, user).error]).toEqual([
        sql,
        expect.stringContaining('permission denied'),
      ])
    for (const user of ['scan9', 'desk', 'chief']) {
      for (const table of ['manifest', 'exhibit', 'attempt', 'outcome', 'seen', 'shared', 'host', 'audit'])
        refused(user, `DELETE FROM lab.${table}`)
      refused(user, 'CREATE TABLE lab.mine (a int)')
      refused(user, "INSERT INTO lab.audit VALUES (99, '', '', '', '', '', '')")
      refused(user, "UPDATE lab.audit SET who = 'x'")
    }
    refused('scan9', "UPDATE lab.outcome SET evidence_digest = 'x'")
    refused('scan9', 'UPDATE lab.exhibit SET priority = 100')
    refused('desk', 'INSERT INTO lab.outcome (fence) VALUES (1)')
    refused('desk', "UPDATE lab.attempt SET state = 'finished'")
    refused('chief', 'UPDATE lab.exhibit SET held = true')
    refused('chief', "SELECT lab.note('a', 'b')")
    const who = postgres.sql(
      "SELECT DISTINCT who FROM lab.audit WHERE what IN ('submitted', 'finished') ORDER BY 1",
    ).rows
    expect(who).toEqual(['desk', 'scan9'])
  })

  it('is backed up into a file from which the record comes back', () => {
    const { lab, config, owner } = set({ A: 1 })
    lab_(config, 'submit', makeManifest(lab, ['A']))
    seized(work(config, '--once'))
    const file = join(lab.folder, 'lab.dump')
    const backup = lab_(owner, 'backup', file)
    expect([backup.status, backup.stderr]).toEqual([0, ''])
    postgres.sql('DROP SCHEMA lab CASCADE')
    postgres.restore(file)
    expect(statusOf(config).exhibits).toMatchObject([{ exhibit: 'A', state: 'finished' }])
    expect(lab_(config, 'verify').status).toBe(0)
  })
})

describe('seized lab run-one', () => {
  it('examines one exhibit without a database: 0 whatever was found, 75 to run it again', () => {
    const lab = makeLab(temporaryFolder(), { A: 1 })
    const manifest = makeManifest(lab, ['A', 'gone'])
    const one = (index: string) =>
      seized([
        ...['lab', 'run-one', manifest, '--index', index, '--out', join(lab.folder, 'out')],
        ...['--config', lab.config, '--workers', '1'],
      ])
    expect(one('0').status).toBe(0)
    expect(JSON.parse(readFileSync(join(lab.folder, 'out/A/outcome.json'), 'utf8'))).toMatchObject({
      ...{ state: 'finished', exitCode: 10, counts: { hits: 1 } },
    })
    expect(one('1').status).toBe(75)
    expect(one('2').stderr).toContain('the manifest has exhibits 0 to 1')
    expect(one('0').status).toBe(0)
  })
})

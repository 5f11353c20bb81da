import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hasPostgres, Postgres } from '../../fixtures/postgres.ts'
import { processesNaming, seized, start, temporaryFolder } from '../e2e/seized.ts'
import { ended, hostOf, initLab, killNaming, statusOf, until, work } from './hosts.ts'
import { type MadeLab, makeLab, makeManifest } from './made.ts'

let postgres: Postgres
describe.skipIf(!hasPostgres)('a laboratory on PostgreSQL', () => {
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
  ): { lab: MadeLab; config: string } {
    const lab = makeLab(temporaryFolder(), exhibits)
    const config = hostOf(lab, postgres.url(), 'scan1', more)
    initLab(lab, postgres.url())
    return { lab, config }
  }

  it('examines what was submitted, the most urgent first, and collects ledgers with their digest', () => {
    const { lab, config } = set({ A: 1, B: 1 })
    const manifest = makeManifest(lab, ['A', 'B'], (m) => {
      Object.assign((m.exhibits as object[])[1]!, { priority: 'child-at-risk', reason: 'lives there' })
    })
    const submitted = seized(['lab', 'submit', manifest, '--config', config])
    expect([submitted.status, submitted.stderr]).toEqual([0, ''])
    const again = seized(['lab', 'submit', manifest, '--config', config])
    expect(again.status).toBe(2)
    expect(again.stderr).toContain('was submitted already with the same order')
    const run = seized(work(config, '--once'))
    expect(run.status, run.stderr).toBe(0)
    const events = run.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(events.filter(({ event }) => event === 'claimed').map(({ exhibit }) => exhibit)).toEqual([
      'B',
      'A',
    ])
    const { exhibits, hosts } = statusOf(config)
    expect(exhibits).toMatchObject([
      { exhibit: 'B', state: 'finished', exitCode: 10, attempts: 1, priority: 100, counts: { hits: 1 } },
      { exhibit: 'A', state: 'finished', exitCode: 10, attempts: 1, host: 'scan1' },
    ])
    for (const one of exhibits) {
      const summary = JSON.parse(seized(['summary', one.ledgerPath, '--json']).stdout)
      expect(summary).toMatchObject({ evidenceDigest: one.evidenceDigest, ledgerSha256: one.ledgerSha256 })
      expect(seized(['verify', one.ledgerPath]).status).toBe(0)
    }
    expect(hosts).toMatchObject([{ name: 'scan1', drained: false }])
    const page = join(lab.folder, 'status.html')
    seized(['lab', 'status', '--html', page, '--config', config])
    expect(readFileSync(page, 'utf8')).toContain('2 of 2 examined')
  })

  it('goes on with the ledger of a worker and scan that were killed, to the digest of an undisturbed run', async () => {
    const { lab, config } = set({ A: 3000 })
    const whole = join(lab.folder, 'whole')
    const manifest = makeManifest(lab, ['A'])
    const undisturbed = JSON.parse(
      seized(['batch', manifest, '--out', whole, '--config', config, '--workers', '1']).stdout.split(
        '\n',
      )[0]!,
    )
    seized(['lab', 'submit', manifest, '--config', config])
    const first = start(work(config))
    await until('a scan runs', () => processesNaming(join(lab.folder, 'scan1/ledgers')).length > 0)
    await until('its ledger is there', () =>
      processesNaming(join(lab.folder, 'scan1/ledgers')).some((line) => line.includes(' scan ')),
    )
    first.kill('SIGKILL')
    killNaming(join(lab.folder, 'scan1/ledgers'))
    await ended(first)
    const second = start(work(config))
    await until('it is finished', () => statusOf(config).exhibits[0].state === 'finished')
    second.kill('SIGTERM')
    expect(await ended(second)).toBe(130)
    const [exhibit] = statusOf(config).exhibits
    expect(exhibit).toMatchObject({ attempts: 2, evidenceDigest: undisturbed.evidenceDigest, superseded: [] })
    expect(postgres.sql('SELECT n, state FROM lab.attempt ORDER BY n').rows).toEqual(['1|lost', '2|finished'])
  })

  it('keeps a result while the database is away, and delivers it when it is back: nothing is scanned again', async () => {
    // A scan pauses when the lease is nearly over: here it ends before.
    const { lab, config } = set({ A: 1500 }, { leaseSeconds: 600 })
    seized(['lab', 'submit', makeManifest(lab, ['A']), '--config', config])
    const worker = start(work(config))
    let said = ''
    worker.stdout.on('data', (text) => (said += text))
    await until('a scan runs', () => processesNaming(join(lab.folder, 'scan1/ledgers')).length > 0)
    await postgres.kill()
    await until('the result is kept', () => said.includes('"kept"') || said.includes('"finished"'))
    await postgres.start()
    await until('it is finished', () => statusOf(config).exhibits[0]?.state === 'finished')
    worker.kill('SIGTERM')
    await ended(worker)
    expect(said).toContain('"cut-off"')
    const scans = said.split('\n').filter((line) => line.includes('"claimed"'))
    expect(scans.length).toBe(1)
    expect(statusOf(config).exhibits[0]).toMatchObject({ attempts: 1, exitCode: 10 })
  })

  it('keeps the late result of a host that froze beside the one that counts, and compares the two', async () => {
    const { lab } = set({ A: 1500 })
    const [one, two] = [
      hostOf(lab, postgres.url(), 'scan1', { graceMinutes: 0, leaseSeconds: 2 }),
      hostOf(lab, postgres.url(), 'scan2', { graceMinutes: 0, leaseSeconds: 2 }),
    ]
    seized(['lab', 'submit', makeManifest(lab, ['A']), '--config', one])
    const frozen = start(work(one))
    const own = join(lab.folder, 'scan1/ledgers')
    await until('a scan runs', () => processesNaming(own).length > 0)
    // The scan itself goes on and ends; only the worker does not hear of it.
    frozen.kill('SIGSTOP')
    const other = start(work(two))
    await until('another host finished it', () => statusOf(two).exhibits[0].state === 'finished')
    await until('the first scan ended', () => processesNaming(own).length === 0)
    frozen.kill('SIGCONT')
    await until('the late result is kept', () => statusOf(two).exhibits[0].superseded.length === 1)
    for (const worker of [frozen, other]) {
      worker.kill('SIGTERM')
      await ended(worker)
    }
    const [exhibit] = statusOf(two).exhibits
    expect(exhibit).toMatchObject({ attempts: 2, host: 'scan2', superseded: [{ host: 'scan1', same: true }] })
    expect(postgres.sql('SELECT count(*) FROM lab.outcome WHERE NOT superseded').rows).toEqual(['1'])
  })

  it('waits for a host whose lists are those that were submitted', () => {
    const { lab, config } = set({ A: 1 })
    seized(['lab', 'submit', makeManifest(lab, ['A']), '--config', config])
    const other = hostOf(
      lab,
      postgres.url(),
      'scan2',
      {},
      { profiles: { quick: { phases: 'inventory', allowWritableMount: true } } },
    )
    expect(seized(work(other, '--once')).stdout).toContain('"out-of-step"')
    expect(statusOf(config).exhibits[0]).toMatchObject({ state: 'waiting', misfits: [{ host: 'scan2' }] })
    seized(work(config, '--once'))
    expect(statusOf(config).exhibits[0]).toMatchObject({ state: 'finished', host: 'scan1' })
  })
})

/** One test a row of the table of failures in docs/guide/lab.md, where lab.test.ts and away.test.ts have none: test/lab/README.md. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { hasPostgres, Postgres } from '../../fixtures/postgres.ts'
import { CollectFailed, collect } from '../../src/lab/work/collect.ts'
import { processesNaming, seized, start, temporaryFolder } from '../e2e/seized.ts'
import { ended, heldScan, hostOf, initLab, killNaming, statusOf, timed, until, work } from './hosts.ts'
import { type MadeLab, makeLab, makeManifest } from './made.ts'

let postgres: Postgres

describe.skipIf(!hasPostgres)('a laboratory in which something fails', () => {
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
    top: object = {},
  ): { lab: MadeLab; config: string } {
    const lab = makeLab(temporaryFolder(), exhibits)
    const config = hostOf(lab, postgres.url(), 'scan1', more, top)
    initLab(lab, postgres.url())
    return { lab, config }
  }

  function begin(config: string) {
    const worker = start(work(config))
    onTestFinished(() => void worker.kill('SIGKILL'))
    return worker
  }

  async function over(...workers: ReturnType<typeof start>[]): Promise<void> {
    for (const worker of workers) {
      const end = ended(worker)
      worker.kill('SIGTERM')
      await end
    }
  }

  /** By psql: asking the program itself is dear, and here it is asked ten times a second. */
  const isFinished = () => postgres.sql('SELECT state FROM lab.exhibit').rows[0] === 'finished'
  const newest = () => postgres.sql('SELECT n, state FROM lab.attempt ORDER BY n DESC LIMIT 1').rows[0] ?? ''
  const scansOf = (lab: MadeLab, host: string) =>
    processesNaming(join(lab.folder, host, 'ledgers')).filter((line) => line.includes(' scan '))
  const submit = (config: string, manifest: string) =>
    expect(seized(['lab', 'submit', manifest, '--config', config]).status).toBe(0)

  it('gives the exhibit of a host that died to another when its time to come back is over, and names the lost one', async () => {
    const { lab, config } = set({ A: 1500 })
    const other = hostOf(lab, postgres.url(), 'scan2')
    submit(config, makeManifest(lab, ['A']))
    const dead = begin(config)
    await heldScan(lab, 'scan1')
    dead.kill('SIGKILL')
    killNaming(join(lab.folder, 'scan1/ledgers'))
    const second = begin(other)
    await until('the other host found it lost', () =>
      postgres.sql('SELECT state FROM lab.attempt').rows.includes('lost'),
    )
    // Half an hour is kept for the host whose ledger goes on.
    const kept = postgres.sql('SELECT state, prefer_host, prefer_until > now() FROM lab.exhibit').rows
    expect(kept).toEqual(['waiting|scan1|t'])
    const late = Number(
      postgres.sql('SELECT extract(epoch FROM ended - lease) FROM lab.attempt WHERE n = 1').rows[0],
    )
    expect(late).toBeGreaterThanOrEqual(0)
    timed('a dead worker is found after the end of its lease', late, 5)
    postgres.sql('UPDATE lab.exhibit SET prefer_until = now()')
    await until('it is finished', isFinished)
    await over(second)
    const [exhibit] = statusOf(other).exhibits
    expect(exhibit).toMatchObject({
      ...{ host: 'scan2', attempts: 2, exitCode: 10 },
      earlier: [{ n: 1, host: 'scan1', state: 'lost' }],
    })
    expect(seized(['lab', 'status', '--all', '--config', other]).stdout).toContain('attempt 1 on scan1: lost')
  })

  it('calls it an alarm when a late result differs from the one that counts', async () => {
    const { lab, config } = set({ A: 1500 }, { graceMinutes: 0, leaseSeconds: 2 })
    const other = hostOf(lab, postgres.url(), 'scan2', { graceMinutes: 0, leaseSeconds: 2 })
    submit(config, makeManifest(lab, ['A']))
    const frozen = begin(config)
    const scan = await heldScan(lab, 'scan1')
    frozen.kill('SIGSTOP')
    scan.goOn()
    await until('the first scan ended', () => scansOf(lab, 'scan1').length === 0)
    writeFileSync(join(lab.exhibit('A'), 'afterwards.txt'), 'somebody changed the exhibit\n')
    const second = begin(other)
    await until('another host finished it', isFinished)
    frozen.kill('SIGCONT')
    await until(
      'the late result is kept',
      () => postgres.sql('SELECT 1 FROM lab.outcome WHERE superseded').rows.length === 1,
    )
    await over(frozen, second)
    expect(statusOf(other).exhibits[0]).toMatchObject({
      host: 'scan2',
      superseded: [{ host: 'scan1', same: false }],
    })
    expect(seized(['lab', 'status', '--config', other]).stdout).toContain('ALARM: a later result of scan1')
  })

  it('waits one, five and thirty minutes for an image that is away, and takes any host then', () => {
    const { lab, config } = set({})
    const other = hostOf(lab, postgres.url(), 'scan2')
    submit(config, makeManifest(lab, ['A']))
    const waits = []
    for (const host of [config, other, config, other]) {
      seized(work(host, '--once'))
      expect(statusOf(config).exhibits[0]).toMatchObject({ state: 'waiting', code: 'exhibit-missing' })
      const { rows } = postgres.sql(
        'SELECT round(extract(epoch FROM e.not_before - a.ended)), e.prefer_host FROM lab.exhibit e, lab.attempt a ORDER BY a.n DESC LIMIT 1',
      )
      waits.push(rows[0])
      postgres.sql('UPDATE lab.exhibit SET not_before = now()')
    }
    expect(waits).toEqual(['60|', '300|', '1800|', '1800|'])
    mkdirSync(join(lab.exhibit('A')), { recursive: true })
    writeFileSync(join(lab.exhibit('A'), 'note.txt'), 'it is back\n')
    seized(work(config, '--once'))
    expect(statusOf(config).exhibits[0]).toMatchObject({ state: 'finished', attempts: 5, exitCode: 0 })
    expect(statusOf(config).exhibits[0].earlier.map(({ code }: { code: string }) => code)).toEqual(
      Array(4).fill('exhibit-missing'),
    )
  })

  it('takes nothing on a host whose disk is full, and says so', () => {
    const { lab, config } = set({ A: 1 }, {}, { minFreeGB: 100_000 })
    const other = hostOf(lab, postgres.url(), 'scan2')
    submit(config, makeManifest(lab, ['A']))
    expect(seized(work(config, '--once')).stdout).not.toContain('claimed')
    expect(statusOf(config)).toMatchObject({
      exhibits: [{ state: 'waiting', attempts: 0 }],
      hosts: [{ name: 'scan1', state: 'full' }],
    })
    seized(work(other, '--once'))
    expect(statusOf(config).exhibits[0]).toMatchObject({ state: 'finished', host: 'scan2' })
  })

  it('does not take an exhibit where a list is not the one that is pinned', () => {
    const { lab, config } = set({ A: 1 })
    submit(config, makeManifest(lab, ['A']))
    const list = join(lab.folder, 'list.txt')
    const text = readFileSync(list, 'utf8')
    writeFileSync(list, `${text}${'0'.repeat(64)}\n`)
    expect(seized(work(config, '--once')).stdout).toContain('"out-of-step"')
    const [exhibit] = statusOf(config).exhibits
    expect(exhibit).toMatchObject({ state: 'waiting', misfits: [{ host: 'scan1' }] })
    expect(exhibit.misfits[0].why).toContain('it is not the edition that is named')
    expect(readdirSync(join(lab.folder, 'scan1/ledgers'))).toEqual(['machine.id'])
  })

  it('gives up on an exhibit that ends the program twice, until a person orders it again', async () => {
    const { lab, config } = set({ A: 3000 })
    submit(config, makeManifest(lab, ['A']))
    const worker = begin(config)
    for (const n of [1, 2]) {
      await until(`scan ${n} runs`, () => newest().startsWith(`${n}|`))
      await until(
        `scan ${n} was killed`,
        () => killNaming(join(lab.folder, 'scan1/ledgers'), 'seized.js') > 0,
      )
      await until(`attempt ${n} ended`, () => newest() === `${n}|failed`)
    }
    expect(statusOf(config).exhibits[0]).toMatchObject({ state: 'failed', attempts: 2, code: 'killed' })
    expect(statusOf(config).exhibits[0].message).toContain('SIGKILL')
    const again = ['lab', 'retry', '2026-114/A', '--reason', 'memory was added', '--config', config]
    expect(seized(again).status).toBe(0)
    await until('it is finished', isFinished)
    await over(worker)
    expect(statusOf(config).exhibits[0]).toMatchObject({ attempts: 3, exitCode: 10 })
  })

  it('keeps the original where the collection cannot take it, and collects it later without scanning again', () => {
    const { lab, config } = set({ A: 50 })
    submit(config, makeManifest(lab, ['A']))
    // Where a folder of the collection is to be stands a file.
    const inTheWay = join(lab.folder, 'collection/2026-114')
    writeFileSync(inTheWay, '')
    const first = seized(work(config, '--once'))
    expect(statusOf(config).exhibits[0], first.stdout).toMatchObject({ state: 'waiting', code: 'collecting' })
    const [name] = readdirSync(join(lab.folder, 'scan1/ledgers')).filter((one) => /\.sqlite$/.test(one))
    const ledger = join(lab.folder, 'scan1/ledgers', name!.replace('.custody', ''))
    const before = sha(ledger)
    rmSync(inTheWay)
    postgres.sql('UPDATE lab.exhibit SET not_before = now()')
    seized(work(config, '--once'))
    const [exhibit] = statusOf(config).exhibits
    expect(exhibit).toMatchObject({ state: 'finished', attempts: 2, ledgerSha256: before })
    expect([sha(ledger), sha(exhibit.ledgerPath)]).toEqual([before, before])
  })
})

describe('a ledger that is collected', () => {
  it('is copied three times and refused when the copy has another digest, and the original stays', () => {
    const folder = temporaryFolder()
    const ledger = join(folder, 'case.sqlite')
    writeFileSync(ledger, 'a ledger that somebody changed after its run\n')
    const collection = join(folder, 'collection')
    expect(() => collect(ledger, '0'.repeat(64), collection, [])).toThrow(CollectFailed)
    expect(readdirSync(collection)).toEqual([])
    expect(existsSync(ledger)).toBe(true)
    expect(sha(collect(ledger, sha(ledger), collection, []))).toBe(sha(ledger))
  })
})

function sha(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}

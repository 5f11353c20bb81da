/** One exhibit on several hosts of a laboratory: PostgreSQL carries its shards, hosts are killed and frozen, one lies. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { writeLookImage } from '../../fixtures/look-exhibit.ts'
import { hasPostgres, Postgres } from '../../fixtures/postgres.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { seized, start, temporaryFolder } from '../e2e/seized.ts'
import { ended, heldScan, hostOf, initLab, statusOf, until } from './hosts.ts'
import { makeLab, makeManifest } from './made.ts'

/** Twelve shards: more than the hosts can take at one time. */
const PICTURES = 96

let postgres: Postgres

describe.skipIf(!hasPostgres)('one exhibit on several hosts of a laboratory', () => {
  beforeAll(async () => {
    postgres = await Postgres.make()
  })
  afterAll(() => postgres.end())

  it('33 B10: comes to the digests of one host, while hosts that analyse for it are killed and frozen', async () => {
    const profiles = { whole: { phases: 'inventory,known,unknown', allowWritableMount: true } }
    const lab = makeLab(temporaryFolder(), {}, { profiles })
    const image = join(lab.folder, 'image.dd')
    await writeLookImage(image, PICTURES)
    const manifest = makeManifest(lab, ['A'], (m) => {
      Object.assign(m, { profile: 'whole' })
      Object.assign((m.exhibits as object[])[0]!, { image })
    })
    const out = join(lab.folder, 'alone')
    const alone = seized(['batch', manifest, '--out', out, '--config', lab.config, '--workers', '1'])
    const expected = alone.stdout
      .split('\n')
      .filter((line) => line.includes('"event":"outcome"'))
      .map((line) => JSON.parse(line))[0]
    expect(expected).toMatchObject({ state: 'finished' })
    initLab(lab, postgres.url())
    const [one, two, three] = ['scan1', 'scan2', 'scan3'].map((name) =>
      hostOf(lab, postgres.url(), name, { lookShards: true, leaseSeconds: 4 }),
    ) as [string, string, string]
    expect(seized(['lab', 'submit', manifest, '--config', one]).status).toBe(0)
    const said = new Map<string, string>()
    const begin = (name: string, config: string, workers = 1) => {
      const worker = start(['lab', 'work', '--workers', String(workers), '--config', config])
      onTestFinished(() => void worker.kill('SIGKILL'))
      worker.stdout.on('data', (text) => said.set(name, (said.get(name) ?? '') + text))
      return worker
    }
    const scanning = begin('scan1', one)
    // It stands still until the others wait for shards, and again while they take them: else it is faster than they begin.
    const scan = await heldScan(lab, 'scan1')
    let second = begin('scan2', two)
    const third = begin('scan3', three, 4)
    const hosts = () => Number(postgres.sql('SELECT count(*) FROM lab.host').rows[0])
    await until('the others wait', () => hosts() === 3)
    scan.goOn()
    const shards = (where: string) =>
      Number(postgres.sql(`SELECT count(*) FROM lab.shard WHERE ${where}`).rows[0])
    await until('shards are offered', () => shards('true') > 3)
    process.kill(scan.pid, 'SIGSTOP')
    const took = (name: string) => said.get(name)?.includes('"shard-taken"') ?? false
    const takenBy = () => said.get('scan3')?.split('"shard-taken"') ?? []
    await until('both analyse for it', () => took('scan2') && takenBy().length > 2)
    // Of a host with four workers, two at once.
    expect(takenBy()[1]).not.toContain('"shard-answered"')
    const killed = ended(second)
    second.kill('SIGKILL')
    await killed
    second = begin('scan2', two)
    third.kill('SIGSTOP')
    await until(
      'its leases are over',
      () => shards("host = 'scan3' AND state = 'taken' AND lease > now()") === 0,
    )
    scan.goOn()
    third.kill('SIGCONT')
    await until('it is finished', () => statusOf(one).exhibits[0].state === 'finished')
    for (const worker of [scanning, second, third]) {
      const end = ended(worker)
      worker.kill('SIGTERM')
      await end
    }
    const [exhibit] = statusOf(one).exhibits
    expect(exhibit).toMatchObject({
      host: 'scan1',
      attempts: 1,
      evidenceDigest: expected.evidenceDigest,
    })
    expect(postgres.sql('SELECT analysis_digest FROM lab.outcome').rows).toEqual([expected.analysisDigest])
    const ledger = openLedger(exhibit.ledgerPath)
    const events = ledger.events().filter(({ event }) => event.startsWith('look-shard'))
    ledger.close()
    expect(events.filter(({ event }) => event === 'look-shard-merged').length).toBeGreaterThan(0)
    expect(events.filter(({ event }) => event === 'look-shard-refused')).toEqual([])
    expect(postgres.sql('SELECT DISTINCT state, text IS NULL, bundle IS NULL FROM lab.shard').rows).toEqual([
      'ended|t|t',
    ])
    // No name of the exhibit stands in the database, and a host answers for no shard of another.
    expect(seized(['lab', 'verify', '--config', one])).toMatchObject({ status: 0 })
  })

  it('33 B10: a login takes, answers and ends only what is its own', () => {
    const shard = postgres.sql('SELECT attempt, name FROM lab.shard LIMIT 1').rows[0]!.split('|')
    postgres.sql(`UPDATE lab.shard SET state = 'taken', host = 'scan2' WHERE name = '${shard[1]}'`)
    const ask = (call: string) =>
      postgres
        .sql(`SELECT lab.${call}`, 'scan3')
        .rows.concat(postgres.sql(`SELECT state, host FROM lab.shard WHERE name = '${shard[1]}'`).rows)
    const named = `'${shard[0]}', '${shard[1]}'`
    expect(ask(`answer_shard(${named}, 'x')`)).toEqual(['f', 'taken|scan2'])
    expect(ask(`renew_shard(${named}, 9000)`)).toEqual(['f', 'taken|scan2'])
    expect(ask(`return_shard(${named}, true)`)).toEqual(['taken|scan2'])
    expect(ask(`end_shard(${named})`)).toEqual(['taken|scan2'])
    expect(ask(`offer_shard('${shard[0]}', '${'0'.repeat(32)}-1', 'x')`)[0]).toBe('f')
    expect(postgres.sql("UPDATE lab.shard SET host = 'scan3'", 'scan3').status).not.toBe(0)
  })
})

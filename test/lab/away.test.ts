/**
 * The database is away while scans end. Some seconds here; five minutes with the lease that a laboratory has:
 * `SEIZED_LAB_AWAY=300 vitest run test/lab/away.test.ts`.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hasPostgres, Postgres } from '../../fixtures/postgres.ts'
import { processesNaming, seized, start, temporaryFolder } from '../e2e/seized.ts'
import { ended, HOSTS, hostOf, initLab, statusOf, until, work } from './hosts.ts'
import { makeLab, makeManifest } from './made.ts'

const AWAY_SECONDS = Number(process.env.SEIZED_LAB_AWAY ?? 0)

/** SIGTERM waits for a process that stands still. */
function isAskedToEnd(pid: number): boolean {
  const pending = /^ShdPnd:\s*([0-9a-f]+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0'
  return (BigInt(`0x${pending}`) & (1n << 14n)) !== 0n
}

describe.skipIf(!hasPostgres)('a laboratory whose database is away', () => {
  it('scans nothing again: what ended is delivered, what was cut off pauses and goes on', async () => {
    const postgres = await Postgres.make()
    onTestFinished(() => postgres.end())
    const ids = ['A', 'B', 'C']
    const lab = makeLab(temporaryFolder(), { A: 800, B: 800, C: 800 })
    const manifest = makeManifest(lab, ids)
    // The third host is cut off soon, the others never in a short trial; in the long one all have the lease of a laboratory.
    const lease = (host: string) => (AWAY_SECONDS > 0 ? 120 : host === 'scan3' ? 4 : 600)
    const configs = HOSTS.map((host) => hostOf(lab, postgres.url(), host, { leaseSeconds: lease(host) }))
    const whole = seized([
      'batch',
      manifest,
      '--out',
      join(lab.folder, 'whole'),
      '--config',
      lab.config,
      '--workers',
      '1',
    ])
    const expected = new Map(
      whole.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
        .map(({ exhibit, evidenceDigest }) => [exhibit, evidenceDigest]),
    )
    initLab(lab, postgres.url())
    seized(['lab', 'submit', manifest, '--config', configs[0]!])
    const said = configs.map(() => '')
    const workers: ReturnType<typeof start>[] = []
    const scans: number[] = []
    onTestFinished(() => {
      for (const worker of workers) worker.kill('SIGKILL')
    })
    for (const [i, config] of configs.entries()) {
      const worker = start(work(config))
      worker.stdout.on('data', (text) => (said[i] += text))
      workers.push(worker)
      // Held still in the middle, so that none ends before the database is away.
      await until(`host ${i} scans`, () => {
        const line = processesNaming(join(lab.folder, HOSTS[i]!, 'ledgers')).find((one) =>
          one.includes(' scan '),
        )
        if (line === undefined || !existsSync(/--ledger[ =](\S+)/.exec(line)?.[1] ?? '')) return false
        scans[i] = Number.parseInt(line, 10)
        process.kill(scans[i]!, 'SIGSTOP')
        return true
      })
    }
    const attempts = postgres.sql('SELECT exhibit, host FROM lab.attempt ORDER BY exhibit').rows
    await postgres.kill()
    const killedMs = performance.now()
    for (const scan of scans.slice(0, 2)) process.kill(scan, 'SIGCONT')
    await until('two results are kept', () => said.slice(0, 2).every((text) => text.includes('"kept"')))
    await until('the third is asked to pause', () => isAskedToEnd(scans[2]!))
    process.kill(scans[2]!, 'SIGCONT')
    await until('it has paused', () => processesNaming(join(lab.folder, 'scan3/ledgers')).length === 0)
    await new Promise((resolve) =>
      setTimeout(resolve, Math.max(0, AWAY_SECONDS * 1000 - (performance.now() - killedMs))),
    )
    const awaySeconds = Math.round((performance.now() - killedMs) / 1000)
    await postgres.start()
    await until(
      'all are finished',
      () => postgres.sql("SELECT count(*) FROM lab.exhibit WHERE state = 'finished'").rows[0] === '3',
    )
    for (const worker of workers) {
      const end = ended(worker)
      worker.kill('SIGTERM')
      await end
    }
    const claimed = said.map((text) => text.split('\n').filter((line) => line.includes('"claimed"')).length)
    expect(claimed).toEqual([1, 1, 2])
    expect(postgres.sql('SELECT DISTINCT exhibit, host FROM lab.attempt ORDER BY exhibit').rows).toEqual(
      attempts,
    )
    expect(postgres.sql('SELECT count(*), bool_or(superseded) FROM lab.outcome').rows).toEqual(['3|f'])
    const { exhibits } = statusOf(configs[0]!)
    for (const { exhibit, state, evidenceDigest, ledgerPath } of exhibits) {
      expect([exhibit, state, evidenceDigest]).toEqual([exhibit, 'finished', expected.get(exhibit)])
      expect(seized(['verify', ledgerPath]).status).toBe(0)
    }
    console.log(`the database was away for ${awaySeconds} s; scans begun: ${claimed.join(', ')}`)
  }, 900_000)
})

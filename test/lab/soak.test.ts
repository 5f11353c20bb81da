/**
 * Workers, scans and PostgreSQL killed and frozen at random while exhibits are examined. Scaled down here; the whole:
 * `SEIZED_LAB_SOAK=200,100,10 vitest run test/lab/soak.test.ts` (exhibits, kills, freezes).
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hasPostgres, Postgres } from '../../fixtures/postgres.ts'
import { processesNaming, seized, start, temporaryFolder } from '../e2e/seized.ts'
import { ended, hostOf, initLab, statusOf, work } from './hosts.ts'
import { makeLab, makeManifest } from './made.ts'

const [EXHIBITS = 4, KILLS = 4, FREEZES = 1] = (process.env.SEIZED_LAB_SOAK ?? '')
  .split(',')
  .filter((word) => word !== '')
  .map(Number)
const HOSTS = ['scan1', 'scan2', 'scan3'].slice(0, process.env.SEIZED_LAB_SOAK ? 3 : 2)
/** Sizes of exhibits, in small files. */
const SIZES = [5, 300, 1200]

/** Who watches the whole one sees how far it is. */
const say = (text: string) => {
  if (process.env.SEIZED_LAB_SOAK) console.log(`${new Date().toISOString()} ${text}`)
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe.skipIf(!hasPostgres)('a laboratory whose parts are killed at random', () => {
  it('gives every exhibit one result, equal to that of an undisturbed run, and leaves nothing behind', async () => {
    const postgres = await Postgres.make()
    onTestFinished(() => postgres.end())
    const ids = Array.from({ length: EXHIBITS }, (_, i) => `E${i}`)
    const lab = makeLab(
      temporaryFolder(),
      Object.fromEntries(ids.map((id, i) => [id, SIZES[i % SIZES.length]!])),
    )
    const hosts = HOSTS.map((name) => hostOf(lab, postgres.url(), name, { leaseSeconds: 6, graceMinutes: 0 }))
    const manifest = makeManifest(lab, ids)
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
        .filter(({ event }) => event === 'outcome')
        .map(({ exhibit, evidenceDigest }) => [exhibit, evidenceDigest]),
    )
    say(`${expected.size} exhibits examined undisturbed`)
    expect(expected.size).toBe(EXHIBITS)
    initLab(lab, postgres.url())
    expect(seized(['lab', 'submit', manifest, '--config', hosts[0]!]).status).toBe(0)

    const workers = new Map<string, ReturnType<typeof start>>()
    const begin = (config: string) => workers.set(config, start(work(config)))
    onTestFinished(() => {
      for (const worker of workers.values()) worker.kill('SIGKILL')
    })
    for (const config of hosts) begin(config)
    const random = seeded(1)
    let [kills, freezes] = [0, 0]
    const finished = () =>
      Number(postgres.sql("SELECT count(*) FROM lab.exhibit WHERE state = 'finished'").rows[0])
    const done = () => finished() === EXHIBITS
    while (kills < KILLS || freezes < FREEZES || !done()) {
      await pause(400 + random() * 1500)
      const config = hosts[Math.floor(random() * hosts.length)]!
      const worker = workers.get(config)!
      const what = random()
      if (freezes < FREEZES && what < 0.2) {
        freezes++
        say(`freeze ${freezes}: a worker`)
        worker.kill('SIGSTOP')
        await pause(7000)
        worker.kill('SIGCONT')
      } else if (kills < KILLS) {
        kills++
        say(`kill ${kills}: ${what < 0.5 ? 'a worker' : what < 0.8 ? 'a process of a scan' : 'PostgreSQL'}`)
        if (what < 0.5) await killed(worker).then(() => begin(config))
        else if (what < 0.8) killOne(join(lab.folder, HOSTS[hosts.indexOf(config)]!, 'ledgers'), random)
        else {
          await postgres.kill()
          await pause(500 + random() * 2000)
          await postgres.start()
        }
      }
      // A scan that was killed twice waits for a person, who orders it again.
      for (const id of postgres.sql("SELECT id FROM lab.exhibit WHERE state = 'failed'").rows)
        seized(['lab', 'retry', id, '--reason', 'killed by the test', '--config', hosts[0]!])
      if (kills === KILLS && freezes === FREEZES) say(`finished: ${finished()}`)
      for (const [at, one] of workers) if (one.exitCode !== null || one.signalCode !== null) begin(at)
    }
    for (const worker of workers.values()) {
      const end = ended(worker)
      worker.kill('SIGTERM')
      await end
    }
    workers.clear()
    const { exhibits } = statusOf(hosts[0]!)
    expect(exhibits.length).toBe(EXHIBITS)
    for (const { exhibit, state, evidenceDigest, superseded } of exhibits) {
      expect([exhibit, state, evidenceDigest]).toEqual([exhibit, 'finished', expected.get(exhibit)])
      for (const late of superseded) expect([exhibit, late.same]).toEqual([exhibit, true])
    }
    const twice = postgres.sql(
      'SELECT a.exhibit FROM lab.outcome o JOIN lab.attempt a USING (fence) WHERE NOT o.superseded GROUP BY 1 HAVING count(*) > 1',
    )
    expect(twice.rows).toEqual([])
    expect(seized(['lab', 'verify', '--config', hosts[0]!]).status).toBe(0)
    for (let i = 0; i < 300 && processesNaming(lab.folder).length > 0; i++) await pause(100)
    expect(processesNaming(lab.folder)).toEqual([])
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(lab.folder)
    const attempts = postgres.sql('SELECT state, count(*) FROM lab.attempt GROUP BY 1 ORDER BY 1').rows
    console.log(`${EXHIBITS} exhibits, ${kills} kills, ${freezes} freezes; attempts: ${attempts.join(', ')}`)
  }, 7_200_000)
})

async function killed(worker: ReturnType<typeof start>): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return
  const end = ended(worker)
  worker.kill('SIGKILL')
  await end
}

/** One process of that host's scans. */
function killOne(folder: string, random: () => number): void {
  const lines = processesNaming(folder)
  const line = lines[Math.floor(random() * lines.length)]
  if (line === undefined) return
  try {
    process.kill(Number(line.trim().split(' ')[0]), 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** @see Marsaglia, "Xorshift RNGs", 2003 */
function seeded(seed: number): () => number {
  let x = seed * 2_654_435_761
  return () => {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    return (x >>> 0) / 2 ** 32
  }
}

/** Runs that are killed at any moment and resumed: no loss, no repetition, equal digests. */

import { copyFileSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { seeded } from '../../../fixtures/pictures.ts'
import { hashsetArgs, makePlanted } from '../exhibits/planted.ts'
import { Checks } from '../model/observation.ts'
import { type Bench, type Scenario, scanArgs, summaryOf } from '../model/scenario.ts'

export const resumed: Scenario = {
  id: 'resumed',
  title: 'kills at random moments, and resume',
  speaksOf: ['resume'],
  weight: { quick: 5, full: 40 },
  async run(bench) {
    const kills = bench.of(4, 30)
    const checks = new Checks(
      'resume',
      `${kills} scans killed with SIGKILL at random moments, then seized resume until the seal; others killed while names are still listed`,
      'evidence and analysis digest of the undisturbed run; verify agrees',
    )
    const made = makePlanted(bench.folder, bench.seed + 1, bench.of(160, 600))
    const more = [...hashsetArgs(made), '--phases', 'inventory,known', '--workers', '2']
    const began = Date.now()
    const whole = summaryOf(bench.scan(made.exhibit, bench.at('whole.sqlite'), ...more))
    const lasted = Date.now() - began
    const random = seeded(bench.seed)
    for (let i = 0; i < kills; i++) {
      const ledger = bench.at(`killed-${i}.sqlite`)
      await bench.killedAfter(lasted * (0.2 + random() * 0.75), ...scanArgs(made.exhibit, ledger), ...more)
      // Without a ledger under its final name there is nothing to resume: the scan starts anew.
      const ran = existsSync(ledger)
        ? bench.seized(
            'resume',
            ledger,
            '--if-sealed',
            'ok',
            '--progress',
            'json',
            ...more.slice(0, -4),
            '--allow-writable-mount',
          )
        : bench.scan(made.exhibit, ledger, ...more)
      const summary = summaryOf(ran)
      checks.equal(
        [summary.evidenceDigest, summary.analysisDigest],
        [whole.evidenceDigest, whole.analysisDigest],
        `digests of run ${i}`,
      )
      checks.equal(bench.seized('verify', ledger).code, 0, `verify of run ${i}`)
    }
    await withinInventory(bench, checks)
    return [checks.observation]
  },
}

/** Kills during the inventory: earlier entries must exist once, and later ones must be added. */
async function withinInventory(bench: Bench, checks: Checks): Promise<void> {
  const root = bench.at('names')
  const count = bench.of(12_000, 30_000)
  for (let i = 0; i < count; i++) {
    if (i % 500 === 0) mkdirSync(join(root, `${i}`), { recursive: true })
    writeFileSync(join(root, `${i - (i % 500)}`, `n${i}.bin`), '')
  }
  const more = ['--phases', 'inventory', '--workers', '1']
  const whole = summaryOf(bench.scan(root, bench.at('names.sqlite'), ...more))
  const wanted = bench.of(2, 5)
  let within = 0
  for (let i = 0; i < wanted * 5 && within < wanted; i++) {
    const ledger = bench.at(`names-${i}.sqlite`)
    const listed = await bench.killedWhen(
      () => sizeOf(`${ledger}-wal`) > LOG_STEP_BYTES * (1 + (i % 5) * 3),
      ...scanArgs(root, ledger),
      ...more,
    )
    const before = entriesIn(ledger)
    if (!listed || before === 0 || before >= whole.entries) continue
    within++
    const ran = bench.seized('resume', ledger, '--progress', 'json', '--allow-writable-mount')
    const summary = summaryOf(ran)
    checks.equal(
      [summary.entries, summary.evidenceDigest],
      [whole.entries, whole.evidenceDigest],
      `entries and digest of a run killed after ${before} of ${whole.entries} names`,
    )
    checks.equal(bench.seized('verify', ledger).code, 0, `verify of a run killed after ${before} names`)
  }
  checks.equal(within, wanted, 'runs that were killed while names were listed')
}

/** A ledger in use is locked, but the size of its log shows the progress of the listing. */
const LOG_STEP_BYTES = 100_000

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

/** Counts in a copy, so that reading does not repair the ledger before the program opens it. */
function entriesIn(ledger: string): number {
  if (!existsSync(ledger)) return 0
  const copy = `${ledger}.copy`
  for (const suffix of ['', '-wal'])
    if (existsSync(`${ledger}${suffix}`)) copyFileSync(`${ledger}${suffix}`, `${copy}${suffix}`)
  const database = new Database(copy)
  try {
    return database.prepare('SELECT count(*) FROM entry').pluck().get() as number
  } catch (error) {
    // Its tables are not there yet.
    if ((error as { code?: string }).code?.startsWith('SQLITE_') === true) return 0
    throw error
  } finally {
    database.close()
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${copy}${suffix}`, { force: true })
  }
}

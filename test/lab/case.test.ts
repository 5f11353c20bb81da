/** `seized lab report --case-dir` against a real PostgreSQL: a case of the ledgers that the laboratory collected. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPostgres, Postgres } from '../../fixtures/postgres.ts'
import { seized, temporaryFolder } from '../e2e/seized.ts'
import { hostOf, initLab, statusOf, work } from './hosts.ts'
import { makeLab, makeManifest } from './made.ts'

let postgres: Postgres
describe.skipIf(!hasPostgres)('a case of a laboratory on PostgreSQL', () => {
  beforeAll(async () => {
    postgres = await Postgres.make()
  })
  afterAll(() => postgres.end())

  it('is made of what was collected, gets what comes later, and refuses a case of another number', () => {
    const lab = makeLab(temporaryFolder(), { A: 1, B: 1, C: 1 })
    const config = hostOf(lab, postgres.url(), 'scan1')
    initLab(lab, postgres.url())
    const dir = join(lab.folder, 'cases', '2026-114')
    const examined = (...ids: string[]) => {
      expect(seized(['lab', 'submit', makeManifest(lab, ids), '--config', config]).status).toBe(0)
      const { status, stderr } = seized(work(config, '--once'))
      expect([status, stderr]).toEqual([0, expect.any(String)])
    }
    const report = (caseId: string, folder: string) =>
      seized(['lab', 'report', caseId, '--case-dir', folder, '--config', config])
    const caseStatus = () => JSON.parse(seized(['case', 'status', dir, '--json']).stdout)

    examined('A', 'B')
    const made = report('2026-114', dir)
    expect([made.status, made.stderr]).toEqual([
      0,
      expect.stringMatching(/2 exhibit\(s\), added now: (A, B|B, A)/),
    ])
    expect(JSON.parse(made.stdout).exhibits).toHaveLength(2)
    examined('C')
    expect(report('2026-114', dir).stderr).toContain('3 exhibit(s), added now: C')
    expect(report('2026-114', dir).stderr).toContain('3 exhibit(s), added now: none')

    const status = caseStatus()
    expect(status.exhibits.map(({ exhibit }: { exhibit: string }) => exhibit).sort()).toEqual(['A', 'B', 'C'])
    // The ledgers that the laboratory has on record, at their place.
    const paths = statusOf(config).exhibits.map((one: { ledgerPath: string }) => one.ledgerPath)
    expect(status.exhibits.map(({ path }: { path: string }) => path).sort()).toEqual([...paths].sort())
    const verified = seized(['case', 'verify', dir])
    expect([verified.status, verified.stdout]).toEqual([0, expect.stringContaining('the case and 3 ledgers')])
    const shared = seized(['case', 'list', dir, '--shared', '--json']).stdout.trim().split('\n')
    expect(
      JSON.parse(shared[0]!)
        .on.map(({ exhibit }: { exhibit: string }) => exhibit)
        .sort(),
    ).toEqual(['A', 'B', 'C'])
    // What the laboratory proves of its ledgers still holds after a case made use of them.
    expect(seized(['lab', 'verify', '--config', config]).status).toBe(0)

    const other = join(lab.folder, 'cases', 'other')
    expect(seized(['case', 'init', '2026-999', '--dir', other]).status).toBe(0)
    const refused = report('2026-114', other)
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('is case 2026-999')])
    expect(report('2026-998', dir).status).toBe(2)
    // A ledger that the record names and that is gone makes no case of the rest.
    rmSync(paths[0]!)
    const gone = report('2026-114', join(lab.folder, 'cases', 'again'))
    expect(gone.status).not.toBe(0)
  }, 240_000)
})

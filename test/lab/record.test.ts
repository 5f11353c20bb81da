/** What `seized lab verify` says of a record that somebody with every right changed, and of keys that were rotated. */
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { hasPostgres, Postgres } from '../../fixtures/postgres.ts'
import { seized, temporaryFolder } from '../e2e/seized.ts'
import { hostOf, initLab, work } from './hosts.ts'
import { makeLab, makeManifest } from './made.ts'

it.skipIf(!hasPostgres)(
  '26 D22 A4, A5: outcomes are held against ledgers, audit and the key of their time',
  async () => {
    const postgres = await Postgres.make()
    onTestFinished(() => postgres.end())
    const lab = makeLab(temporaryFolder(), { A: 1, B: 2, C: 3, D: 1 })
    const owner = initLab(lab, postgres.url())
    const keyFile = (name: string) => {
      const file = join(lab.folder, name)
      writeFileSync(file, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }))
      return file
    }
    const signingKey = keyFile('host.key')
    const config = hostOf(lab, postgres.url(), 'scan1', { signingKey })
    const lab_ = (...words: string[]) => seized(['lab', ...words, '--config', config])
    const reason = ['--reason', 'once a year']
    const examine = (...ids: string[]) => {
      expect(lab_('submit', makeManifest(lab, ids)).stderr).toBe('')
      const run = seized(work(config, '--once'))
      expect(run.stdout.match(/"finished"/g)?.length, run.stderr).toBe(ids.length)
    }
    examine('A')
    // Another key in its place is not the host's: nothing is begun under it.
    const other = hostOf(lab, postgres.url(), 'scan1', { signingKey: keyFile('other.key') })
    expect(seized(work(other, '--once'))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('rotate-key'),
    })
    hostOf(lab, postgres.url(), 'scan1', { signingKey })
    const rotated = lab_('rotate-key', keyFile('next.key'), ...reason)
    expect([rotated.status, rotated.stderr]).toEqual([0, ''])
    expect(existsSync(join(lab.folder, 'next.key'))).toBe(false)
    expect(readdirSync(lab.folder).filter((name) => name.startsWith('host.key'))).toHaveLength(2)
    examine('B', 'C')
    expect(lab_('verify')).toMatchObject({ status: 0, stdout: expect.stringContaining('3 ledgers') })
    expect(postgres.sql("SELECT who, what FROM lab.audit WHERE what LIKE 'key%' ORDER BY n").rows).toEqual([
      ...['scan1|key-enrolled', 'scan1|key-rotated'],
    ])

    const found = (change: string, undo: string) => {
      expect(postgres.sql(change).error).toBe('')
      const run = lab_('verify', '--quick')
      expect([change, postgres.sql(undo).error]).toEqual([change, ''])
      expect([change, run.status]).toEqual([change, 4])
      return run.stdout
    }
    const of = (exhibit: string, column: string) =>
      postgres.sql(
        `SELECT o.${column} FROM lab.outcome o JOIN lab.exhibit e ON e.id = o.exhibit WHERE name = '${exhibit}'`,
      ).rows[0]!
    // An exhibit that is finished without having been examined.
    lab_('submit', makeManifest(lab, ['D']))
    expect(
      found(
        "UPDATE lab.exhibit SET state = 'finished' WHERE name = 'D'",
        "UPDATE lab.exhibit SET state = 'waiting' WHERE name = 'D'",
      ),
    ).toContain('2026-114/D is finished, and has no outcome')
    // The result of one exhibit booked to another, as a restore once did: ledger, digests and path agree with each other.
    const columns = ['ledger_path', 'ledger_sha256', 'evidence_digest', 'analysis_digest', 'chain_head']
    const set = (from: string) => columns.map((column) => `${column} = '${of(from, column)}'`).join(', ')
    const [asA, asB] = [set('A'), set('B')]
    const where = (exhibit: string) =>
      `WHERE exhibit = (SELECT id FROM lab.exhibit WHERE name = '${exhibit}')`
    expect(
      found(`UPDATE lab.outcome SET ${asA} ${where('B')}`, `UPDATE lab.outcome SET ${asB} ${where('B')}`),
    ).toMatch(/2026-114\/B.*its ledger is of case 2026-114, exhibit A[\s\S]*the audit says otherwise/)
    // Whole outcomes whose exhibits are swapped.
    const swap = ['A', 'B'].map((exhibit) => of(exhibit, 'fence')).join(', ')
    const swapped = `DROP INDEX lab.outcome_once; UPDATE lab.outcome SET exhibit = 3 - exhibit WHERE fence IN (${swap})`
    expect(found(swapped, `UPDATE lab.outcome SET exhibit = 3 - exhibit WHERE fence IN (${swap})`)).toMatch(
      /its attempt is at another exhibit/,
    )
    expect(
      found(
        'UPDATE lab.outcome SET superseded = true WHERE fence = 2',
        'UPDATE lab.outcome SET superseded = false WHERE fence = 2',
      ),
    ).toContain('the audit does not say that it is superseded')
    expect(
      found(
        'ALTER TABLE lab.outcome RENAME TO kept; CREATE TABLE lab.outcome AS SELECT * FROM lab.kept WHERE fence <> 3; GRANT SELECT ON lab.outcome TO scan1',
        'DROP TABLE lab.outcome; ALTER TABLE lab.kept RENAME TO outcome',
      ),
    ).toMatch(/the audit names a result of attempt 3 .* there is none/)
    expect(
      found(
        "UPDATE lab.host_key SET until = until - interval '1 day', since = since - interval '1 day' WHERE handover IS NULL",
        "UPDATE lab.host_key SET until = until + interval '1 day', since = since + interval '1 day' WHERE handover IS NULL",
      ),
    ).toContain('signed by a key that its host did not have then')
    expect(
      found(
        "UPDATE lab.host_key SET handover_signature = replace(handover_signature, left(handover_signature, 4), 'AAAA') WHERE handover IS NOT NULL",
        'SELECT 1',
      ),
    ).toContain('the signature of the key before it does not hold')
    expect(existsSync(owner)).toBe(true)
  },
)

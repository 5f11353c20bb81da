/** A hive that was not closed, from a scan to search, timeline and report: what only its log holds is there and said to come from it. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { below, registryHive, wide } from '../../fixtures/device/registry.ts'
import { dirty, newLog } from '../../fixtures/device/registry-log.ts'
import { exported, scanArgs, seized, temporaryFolder } from './seized.ts'

function typed(...words: readonly string[]): Buffer {
  const values = words.map((word, i) => ({
    ...{ name: `url${i + 1}`, type: 1 },
    bytes: wide(`https://${word}.example/`),
  }))
  const key = { name: 'TypedURLs', writtenMs: 1_600_000_000_000, values }
  return registryHive({ name: 'ROOT', keys: [below(['Internet Explorer'], key)] })
}

describe('a registry hive that was not closed', () => {
  it('is read with both logs beside it, on the exhibit and in an archive; without them it is not complete', () => {
    const folder = temporaryFolder()
    const root = join(folder, 'exhibit')
    const put = (name: string, hasLogs: boolean) => {
      const states = [[], ['pond'], ['pond', 'harbour']].map((more) => typed('lake', name, ...more))
      // The newer entry lies in the first log.
      const logs = [newLog(states.slice(1), 3), newLog(states.slice(0, 2), 2)]
      mkdirSync(join(root, name), { recursive: true })
      writeFileSync(join(root, name, 'NTUSER.DAT'), dirty(states[0]!))
      if (hasLogs)
        for (const [i, log] of logs.entries()) writeFileSync(join(root, name, `ntuser.dat.LOG${i + 1}`), log)
    }
    put('with', true)
    put('packed', true)
    put('without', false)
    const names = ['NTUSER.DAT', 'ntuser.dat.LOG1', 'ntuser.dat.LOG2']
    const zipped = spawnSync('zip', ['-q', '-m', join(root, 'user.zip'), ...names], {
      cwd: join(root, 'packed'),
    })
    expect(zipped.status).toBe(0)
    const list = join(folder, 'list.csv')
    writeFileSync(list, `md5\n${'0'.repeat(32)}\n`)
    const ledger = join(folder, 'case.sqlite')
    const basis = ['--text', '--basis', 'warrant 7/2026', '--phases', 'inventory,known', '--workers', '1']
    expect(seized(scanArgs(root, ledger, [`illegal:${list}`], ...basis)).status).toBe(3)

    const all = exported(ledger, folder)
    const of = (path: string) => all.find((one) => one.path === path)
    for (const path of ['with/NTUSER.DAT', 'user.zip » member NTUSER.DAT']) {
      expect(of(path).stages['records-read']).toMatchObject({ result: 'done', reason: null })
      expect(of(path).attributes).toContainEqual(
        expect.objectContaining({ code: 'hive-log-applied', params: { entries: 2, pages: 2 } }),
      )
    }
    expect(of('without/NTUSER.DAT').stages['records-read']).toMatchObject({ result: 'done-with-warnings' })
    expect(JSON.stringify(of('without/NTUSER.DAT').attributes)).toContain('hive-log-missing')

    const timeline = seized(['timeline', ledger, '--format', 'jsonl']).stdout
    const harbour = timeline.split('\n').filter((line) => line.includes('https://harbour.example/'))
    expect(harbour.length).toBe(2)
    for (const line of harbour) expect(line).toContain('it stands only in the log of the registry hive')
    const lake = timeline.split('\n').filter((line) => line.includes('https://lake.example/'))
    expect(lake.length).toBe(3)
    for (const line of lake) expect(line).not.toContain('in the log')
    const report = seized(['report', ledger, '--format', 'html'])
    expect(report.stdout).toContain('was not closed')
  }, 180_000)
})

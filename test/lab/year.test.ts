/** A laboratory after a year: the daily status is short, and nothing of earlier work is deleted. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPostgres, Postgres } from '../../fixtures/postgres.ts'
import { seized, temporaryFolder } from '../e2e/seized.ts'
import { clearOfMidnight } from './clear-of-midnight.ts'
import { hostOf, initLab } from './hosts.ts'
import { type MadeLab, makeLab } from './made.ts'

let postgres: Postgres
let lab: MadeLab
let config: string
let base: string

/** 1,559 exhibits of the past year, three attempts each; 12 examined today, 2 of a person, 3 at work, 5 that wait. */
const YEAR = `
INSERT INTO lab.manifest (sha256, text) VALUES (repeat('a', 64), '{}');
INSERT INTO lab.exhibit (case_id, name, manifest, order_digest, priority, state, submitted)
  SELECT 'C-' || i / 20, 'E-' || i, repeat('a', 64), 'o' || i, 10,
    CASE WHEN i <= 1571 THEN 'finished' WHEN i <= 1573 THEN 'needs-person' WHEN i <= 1576 THEN 'claimed' ELSE 'waiting' END,
    now() - interval '400 days'
  FROM generate_series(1, 1581) AS i;
INSERT INTO lab.attempt (exhibit, n, host, state, lease, started, ended, code)
  SELECT e.id, n, 'scan1', CASE WHEN n < 3 THEN 'lost' WHEN e.state = 'finished' THEN 'finished' WHEN e.state = 'claimed' THEN 'scanning' ELSE 'needs-person' END,
    now(), now(), CASE WHEN n = 3 AND e.state = 'claimed' THEN NULL WHEN e.id > 1559 THEN now() ELSE now() - (e.id % 300 + 2) * interval '1 day' END, 'lost'
  FROM lab.exhibit e, generate_series(1, 3) AS n WHERE e.state <> 'waiting';
`

describe.skipIf(!hasPostgres)('a laboratory after a year', () => {
  beforeAll(async () => {
    await clearOfMidnight(60_000)
    postgres = await Postgres.make()
    base = mkdtempSync(join(tmpdir(), 'seized-year-'))
    lab = makeLab(base, { a: 1 })
    config = hostOf(lab, postgres.url(), 'scan1')
    initLab(lab, postgres.url())
    expect(postgres.sql(YEAR).error).toBe('')
  })
  afterAll(async () => {
    await postgres.end()
    rmSync(base, { recursive: true, force: true })
  })

  const status = (...words: string[]) => {
    const run = seized(['lab', 'status', ...words, '--config', config])
    expect([run.status, run.stderr]).toEqual([0, ''])
    return run.stdout.split('\n')
  }

  it('shows what needs a person first, then what is at work, waits, and was examined today', () => {
    const lines = status()
    expect(lines.filter((line) => /^\S.* \(\d+\)$/.test(line))).toEqual([
      'Needs a person (2)',
      'Being examined (3)',
      'Waiting (5)',
      'Examined today (12)',
    ])
    expect(lines.length).toBeLessThan(40)
    expect(lines).toContain(
      '1,559 examined before today: seized lab status --all, --case CASE or --state STATE',
    )
    // Its attempts stand below an exhibit that needs a person.
    const at = lines.findIndex((line) => line.includes('E-1572'))
    expect(lines.slice(at + 1, at + 3)).toEqual([
      '      attempt 1 on scan1: lost',
      '      attempt 2 on scan1: lost',
    ])
  })

  it('shows the rest when asked: all, one case, one state', () => {
    expect(status('--all').filter((line) => /^ {2}C-/.test(line))).toHaveLength(1581)
    expect(status('--case', 'C-3').filter((line) => /^ {2}C-/.test(line))).toHaveLength(20)
    expect(status('--state', 'needs-person').filter((line) => /^ {2}C-/.test(line))).toHaveLength(2)
    expect(seized(['lab', 'status', '--state', 'lost', '--config', config]).status).toBe(2)
  })

  it('is a page of today, with pages of 200 that change only where something changed', () => {
    const folder = temporaryFolder()
    status('--html', join(folder, 'lab.html'))
    const names = ['lab.html', ...Array.from({ length: 8 }, (_, i) => `lab-${i + 1}.html`)]
    expect(readdirSync(folder).sort()).toEqual(names.sort())
    const read = (name: string) => readFileSync(join(folder, name), 'utf8')
    expect(read('lab.html').match(/<tr><td>C-/g)).toHaveLength(22)
    expect(read('lab.html')).toContain('<a href="lab-8.html">8</a>')
    const rows = names.flatMap((name) => read(name).match(/<tr><td>C-[^/]*<\/td><td>E-\d+/g) ?? [])
    expect(new Set(rows).size).toBe(1581)
    const before = read('lab-3.html')
    status('--html', join(folder, 'lab.html'))
    expect(read('lab-3.html')).toBe(before)
  })

  it('archives by a verb with a reason, in the audit, and deletes nothing', () => {
    const before = new Date(Date.now() - 100 * 24 * 3600 * 1000).toISOString()
    const run = (...words: string[]) => seized(['lab', 'archive', ...words, '--config', config])
    expect(run('--before', before, '--reason', ' ').status).toBe(2)
    expect(run('--before', '2099-01-01', '--reason', 'too early').stderr).toContain('cannot be archived')
    const done = run('--before', before, '--reason', 'order of B. Example')
    const archived = Number(/^([\d,]+) exhibits archived/.exec(done.stdout)?.[1]?.replace(',', ''))
    expect(archived).toBeGreaterThan(900)
    expect(status().at(-2)).toBe(
      `${1559 - archived} examined before today: seized lab status --all, --case CASE or --state STATE`,
    )
    const all = status('--all')
    expect(all.filter((line) => /^ {2}C-/.test(line))).toHaveLength(1581)
    expect(all.filter((line) => line.startsWith('      archived on '))).toHaveLength(archived)
    expect(postgres.sql('SELECT count(*) FROM lab.attempt').rows).toEqual(['4728'])
    expect(postgres.sql("SELECT detail FROM lab.audit WHERE what = 'archived'").rows.join()).toContain(
      'order of B. Example',
    )
    // Nothing that waits or needs a person can be archived.
    run('--before', new Date().toISOString(), '--reason', 'all of it')
    expect(status().filter((line) => /^ {2}C-/.test(line))).toHaveLength(10)
  })
})

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readCustody } from '../../src/ledger/custody/custody.ts'
import { sha256 } from '../lab/made.ts'
import { openReview } from './running-review.ts'
import { scanArgs, seized, start, summaryOf, temporaryFolder } from './seized.ts'

const FILES = 6000

function made(folder: string): { readonly mount: string; readonly list: string } {
  const mount = join(folder, 'mount')
  mkdirSync(mount)
  const listed: string[] = []
  for (let i = 0; i < FILES; i++) {
    const text = `note ${i}\n`
    writeFileSync(join(mount, `note-${i}.txt`), text)
    if (i % 50 === 0) listed.push(sha256(text))
  }
  const list = join(folder, 'list.txt')
  writeFileSync(list, `${listed.join('\n')}\n`)
  return { mount, list }
}

describe('a scan that runs', () => {
  it('is read by others while it stands still and while it writes, and comes to the digest of an undisturbed one', async () => {
    const folder = temporaryFolder()
    const { mount, list } = made(folder)
    const ledger = join(folder, 'case.sqlite')
    const args = (to: string) =>
      scanArgs(mount, to, [`illegal:${list}`], '--phases', 'inventory,known', '--workers', '1')
    const undisturbed = summaryOf(seized(args(join(folder, 'whole.sqlite'))))
    const scan = start(args(ledger))
    onTestFinished(() => void scan.kill('SIGKILL'))
    let [stdout, stderr] = ['', '']
    scan.stdout.on('data', (text) => (stdout += text))
    scan.stderr.on('data', (text) => (stderr += text))
    const end = new Promise<number | null>((resolve) => scan.on('close', resolve))
    // Held still in the middle of what it reads, with three hits at least, so that no machine is too fast to be asked.
    const reads = () =>
      stdout
        .split('\n')
        .some((line) => line.includes('"progress"') && /"phase":"known".*"hits":(?:[3-9]|\d\d)/.test(line))
    while (!reads()) await new Promise((resolve) => setTimeout(resolve, 5))
    scan.kill('SIGSTOP')
    const before = readdirSync(folder)
    const asked = seized(['summary', ledger, '--json'])
    const running = JSON.parse(asked.stdout)
    expect([asked.status, asked.stderr]).toEqual([75, ''])
    expect(running).toMatchObject({ event: 'running', exhibit: 'E-1', ledger, complete: false })
    expect(running.hits).toBeGreaterThan(0)
    expect(running.waiting.read + running.stages.read.done).toBe(FILES)
    const words = seized(['summary', ledger]).stdout
    expect(words).toContain('BEING EXAMINED')
    expect(words).toMatch(new RegExp(`contents with hits +${running.hits}\n`))
    const out = join(folder, 'so-far.jsonl')
    const report = seized(['report', ledger, '--format', 'jsonl', '--out', out])
    expect(report.status, report.stderr).toBe(0)
    expect(report.stderr).toContain('is being written')
    const entries = readFileSync(out, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(entries.filter(({ hits }) => hits?.length > 0).length).toBe(running.hits)
    // Hits are searched, reviewed and decided meanwhile: all of it says that it is not the end.
    const heads = ['--heads', join(folder, 'heads.jsonl')]
    const searched = seized(['search', ledger, 'hit:illegal', ...heads])
    expect([searched.status, searched.stdout]).toEqual([
      0,
      expect.stringMatching(
        new RegExp(
          `^${running.hits} places? found.* PARTIAL: the examination goes on, this is what it held at `,
        ),
      ),
    ])
    const decision = ['--scale', 'vics-us', '--category', '2', '--operator', 'A. Example', ...heads]
    const sha256Of = (i: number) => entries.filter(({ hits }) => hits?.length > 0)[i].sha256
    expect(seized(['decide', ledger, '--sha256', sha256Of(0), ...decision])).toMatchObject({ status: 0 })
    const review = await openReview([ledger, '--scale', 'vics-us', '--operator', 'A. Example', ...heads])
    const opened = readCustody(ledger).find(({ event }) => event === 'review-opened')
    expect(opened?.detail).toMatchObject({ partial: 'yes' })
    const act = { act: 'decided', category: '1', note: '', of: { contents: [sha256Of(1)], count: 1 } }
    const decided = await review.post('decide', act)
    expect(decided.status, await decided.text()).toBe(200)
    // These acts are in the custody log; nothing else lies beside the ledger that did not lie there.
    const added = ['so-far.jsonl', 'heads.jsonl', 'case.sqlite.custody.sqlite']
    expect(readdirSync(folder).filter((name) => !added.includes(name))).toEqual(before)
    expect(seized(['verify', ledger]).status).toBe(75)
    scan.kill('SIGCONT')
    let isOver = false
    void end.then(() => (isOver = true))
    const codes = new Set<number | null>()
    while (!isOver) {
      codes.add(seized(['summary', ledger, '--json']).status)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    expect([await end, stderr]).toEqual([10, ''])
    for (const code of codes) expect([75, 130, 10]).toContain(code)
    expect(summaryOf({ stdout, stderr })).toMatchObject({
      evidenceDigest: undisturbed.evidenceDigest,
      analysisDigest: undisturbed.analysisDigest,
      hits: FILES / 50,
    })
    // The review stays open over the seal.
    const later = { ...act, category: '2', of: { contents: [sha256Of(2 % running.hits)], count: 1 } }
    expect((await review.post('decide', later)).status).toBe(200)
    review.child.kill('SIGINT')
    await review.ended
    expect(seized(['verify', ledger, ...heads])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('VERIFIED'),
    })
    const events = readCustody(ledger).map(({ event }) => event)
    expect(events.filter((event) => ['searched', 'decided', 'sealed'].includes(event))).toEqual([
      'searched',
      'decided',
      'decided',
      'sealed',
      'decided',
    ])
    const sealed = join(folder, 'sealed.jsonl')
    expect(seized(['report', ledger, '--format', 'jsonl', '--out', sealed, ...heads]).status).toBe(0)
    const graded = readFileSync(sealed, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ decisions }) => decisions?.length > 0)
    expect(graded.length).toBeGreaterThanOrEqual(2)
    expect(existsSync(`${ledger}-wal`)).toBe(false)
  })
})

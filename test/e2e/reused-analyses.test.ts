/**
 * Ledgers of earlier builds in which a scan asked for reused analyses (`--share-looks`): the option went, and what such a
 * ledger states is still told. `fixtures/ledgers/share-looks.sqlite.gz` is one that such a build sealed.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { PLAN } from '../../fixtures/ledgers/synthetic.ts'
import type { LedgerReader } from '../../src/contracts/ledger-reader.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { newLedger } from '../ledger/temporary.ts'
import { scanArgs, seized, temporaryFolder } from './seized.ts'

const FIXTURE = join(import.meta.dirname, '../../fixtures/ledgers/share-looks.sqlite')
/** As `seized scan` of the earlier build said when it sealed the ledger. */
const EVIDENCE = 'eaee40f53a0556feac70f71b6d99dab4050208dbb300aa376270ba32034f399a'
const ANALYSIS = 'e02479a0ff5e9c7a7a8e8337e58ef676ddc82f35caabb0ee7c97945b9adff24d'

function oldLedger(folder: string): string {
  const path = join(folder, 'old.sqlite')
  for (const suffix of ['', '.custody.sqlite'])
    writeFileSync(path + suffix, gunzipSync(readFileSync(`${FIXTURE}${suffix}.gz`)))
  return path
}

/** With a journal of heads of its own: two copies of one ledger that go on by themselves would look like a fork. */
function run(path: string, command: string, ...words: readonly string[]) {
  return seized([command, path, ...words, '--heads', join(dirname(path), 'heads.jsonl')])
}

function ask<T>(path: string, question: (ledger: LedgerReader) => T): T {
  const ledger = openLedger(path)
  try {
    return question(ledger)
  } finally {
    ledger.close()
  }
}

/** By name: SHA-256 of the picture whose analysis it reuses, or null. */
function donorsIn(ledger: LedgerReader): Record<string, string | null> {
  return Object.fromEntries(
    [...ledger.entries()]
      .filter(({ content }) => content !== null)
      .map(({ entry, attributes }) => {
        const shared = attributes.find(({ code }) => code === 'look-shared')
        return [entry.path.bytes.toString(), shared?.code === 'look-shared' ? shared.params.sha256 : null]
      }),
  )
}

describe('a sealed ledger of an earlier build, with reused analyses', () => {
  it('opens, verifies and is reported: each picture says whose analysis it reuses, and page one how many', () => {
    const folder = temporaryFolder()
    const path = oldLedger(folder)
    expect(ask(path, ({ plan }) => plan.options)).toMatchObject({ shareLooks: true })
    const verified = run(path, 'verify')
    expect(verified.stdout + verified.stderr).toContain(EVIDENCE)
    expect(verified.stdout + verified.stderr).toContain(ANALYSIS)
    const donors = ask(path, donorsIn)
    expect(donors).toEqual({
      'a.jpg': null,
      'b.jpg': expect.stringMatching(/^[0-9a-f]{64}$/),
      'c.jpg': donors['b.jpg'],
    })
    const html = join(folder, 'report.html')
    expect(run(path, 'report', '--format', 'html', '--out', html).status).toBe(0)
    expect(readFileSync(html, 'utf8')).toContain('only the quick face detector looked at 2 pictures')
    const { stdout } = run(path, 'report', '--format', 'jsonl')
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const b = lines.find((line) => line.path === 'b.jpg')
    expect(b.attributes).toContainEqual(
      expect.objectContaining({
        code: 'look-shared',
        params: expect.objectContaining({ sha256: donors['b.jpg'] }),
      }),
    )
  })

  it('keeps what it states in a rematch', () => {
    const folder = temporaryFolder()
    const path = oldLedger(folder)
    const made = join(folder, 'new.sqlite')
    const list = join(folder, 'list.txt')
    writeFileSync(list, `${createHash('md5').update('nothing on this exhibit').digest('hex')}\n`)
    const { stderr } = run(path, 'rematch', '--ledger', made, '--hashset', `illegal:${list}`)
    expect(stderr).not.toMatch(/error/i)
    expect(ask(made, donorsIn)).toEqual(ask(path, donorsIn))
    expect(ask(made, (ledger) => ledger.sharedLooks())).toBe(2)
    expect(run(made, 'verify').status).toBe(0)
  })
})

describe('a scan that reused analyses and was interrupted', () => {
  it('is not gone on with, and the sentence says what to do; the ledger is not changed', () => {
    const options = { ...PLAN.options, shareLooks: true } as const
    const session = newLedger({ ...PLAN, options })
    session.recordStart({ kind: 'started', root: '/exhibit', inputs: [], parts: [] })
    session.close()
    const before = readFileSync(session.path)
    const { status, stdout, stderr } = seized(['resume', session.path, '--progress', 'json'])
    expect(status).toBe(2)
    expect(stderr).toContain(
      'was begun with --share-looks, which this version no longer has. Finish it with the installation that began it, or scan into a new ledger.',
    )
    expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toMatchObject({
      event: 'error',
      code: 'option-gone',
    })
    expect(readFileSync(session.path).equals(before)).toBe(true)
  })
})

it('no scan asks for it any longer', () => {
  const folder = temporaryFolder()
  const { status, stderr } = seized(scanArgs(folder, join(folder, 'case.sqlite'), [], '--share-looks'))
  expect([status, stderr]).toEqual([2, expect.stringContaining('--share-looks')])
})

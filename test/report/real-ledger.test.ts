/** Every exporter on a ledger that the ledger's own writer made. */

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Hit } from '../../src/contracts/finding.ts'
import { STAGES } from '../../src/contracts/stage.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { csv } from '../../src/report/exchange/csv.ts'
import { type entryRecord, jsonl } from '../../src/report/exchange/jsonl.ts'
import { gatherEntries, gatherSlowly } from '../../src/report/html/entries.ts'
import { gatherFindings } from '../../src/report/html/gather.ts'
import { htmlReport } from '../../src/report/html/html.ts'
import { sealedLedger, temporaryFolder, temporaryFolderForFile } from '../ledger/temporary.ts'
import { exported } from './collect.ts'
import { parseHtml } from './parsed-html.ts'

describe('a ledger as its writer made it', () => {
  const folder = temporaryFolderForFile()
  let path: string
  let lines: ReturnType<typeof entryRecord>[]
  beforeAll(async () => {
    path = sealedLedger(50, folder)
    lines = (await exported(jsonl, openLedger(path)))
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
  })

  it('is as many lines as it has entries, and every stage adds up', () => {
    const { entries, stages } = openLedger(path).summary()
    expect(lines).toHaveLength(entries)
    for (const stage of STAGES) {
      const counts: Record<string, number> = {}
      for (const line of lines)
        counts[line.stages[stage].result] = (counts[line.stages[stage].result] ?? 0) + 1
      const expected = Object.fromEntries(Object.entries(stages[stage]).filter(([, count]) => count > 0))
      expect(counts).toEqual(expected)
    }
  })

  it('is as many rows of CSV', async () => {
    expect(parse(await exported(csv, openLedger(path)), { columns: true })).toHaveLength(lines.length)
  })

  it('has the same counts on page one as a naive count over the JSONL gives', () => {
    const found = gatherFindings(openLedger(path))
    const counts = { ...found.byMeaning, known: gatherEntries(openLedger(path)).known }
    const withHits = (meaning: string) =>
      lines.filter((line) => line.hits.some((h) => (h as Hit).meaning === meaning))
    for (const meaning of ['illegal', 'interest', 'known'] as const) {
      const entries = withHits(meaning)
      expect(counts[meaning].entries).toBe(entries.length)
      expect(counts[meaning].contents).toBe(new Set(entries.map((line) => line.sha256)).size)
    }
    for (const [kind, key] of [
      ['conflicts', 'conflicts'],
      ['near', 'near'],
      ['leads', 'leads'],
      ['signals', 'signals'],
    ] as const) {
      const entries = lines.filter((line) => line[key].length > 0)
      expect([kind, found[kind].count.entries]).toEqual([kind, entries.length])
      expect([kind, found[kind].count.contents]).toEqual([
        kind,
        new Set(entries.map((line) => line.sha256)).size,
      ])
    }
    const { hits, conflicts, near, leads } = openLedger(path).summary()
    expect([found.conflicts.count.contents, found.near.count.contents, found.leads.count.contents]).toEqual([
      conflicts,
      near,
      leads,
    ])
    const findingHits = new Set([...withHits('illegal'), ...withHits('interest')].map((line) => line.sha256))
    expect(findingHits.size).toBe(hits)
  })

  it('lists what was not done exactly as it counts it', () => {
    const ledger = openLedger(path)
    const gathered = gatherEntries(ledger).notDone.map(
      ({ stage, result, reason, entries }) => `${stage} ${result} ${reason} ${entries}`,
    )
    const counted = ledger
      .reasons()
      .filter(({ result }) => result !== 'not-applicable' && result !== 'done')
      .map(({ stage, result, reason, entries }) => `${stage} ${result} ${reason} ${entries}`)
    expect(gathered.sort()).toEqual(counted.sort())
  })

  it('gathers entries from totals and few views as from the views of all of them', () => {
    for (const one of [path, sealedLedger(50, temporaryFolder())]) {
      const ledger = openLedger(one)
      const slowly = gatherSlowly(ledger)
      expect(gatherEntries(ledger)).toEqual(slowly)
      expect(slowly.notDone.some(({ rows }) => rows.length > 0)).toBe(true)
      ledger.close()
    }
  })

  it('gives a report with its digests, and is not changed by it', async () => {
    const before = createHash('sha256').update(readFileSync(path)).digest('hex')
    const ledger = openLedger(path)
    const text = parseHtml((await exported(htmlReport, ledger)).toString('utf8')).find(
      (e) => e.name === 'body',
    )!.text
    for (const digest of [ledger.seal!.evidenceDigest, ledger.seal!.analysisDigest, ledger.chainHead])
      expect(text).toContain(digest)
    expect(createHash('sha256').update(readFileSync(path)).digest('hex')).toBe(before)
  })
})

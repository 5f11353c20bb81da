import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { contentOf, PLAN } from '../../fixtures/ledgers/synthetic.ts'
import { filePath } from '../../src/base/evidence-path.ts'
import type { Plan } from '../../src/contracts/case.ts'
import type { Entry } from '../../src/contracts/entry.ts'
import type { Hit } from '../../src/contracts/finding.ts'
import type { MatchResult, PendingContent, PendingRead } from '../../src/contracts/ledger.ts'
import type { Session } from '../../src/contracts/session.ts'
import { schemaSql } from '../../src/ledger/format/database.ts'
import { PENDING_READS } from '../../src/ledger/write/pending-reads.ts'
import { newLedger } from './temporary.ts'

const NO_MATCH: MatchResult = {
  result: { result: 'done' },
  hits: [],
  conflicts: [],
  suppressedBy: null,
  warnings: [],
}
const HIT: Hit = {
  kind: 'hit',
  hashSet: 'list.txt',
  hashSetSha256: '0'.repeat(64),
  edition: null,
  meaning: 'illegal',
  category: null,
  scale: null,
  categoryLabel: null,
  algorithms: ['sha256'],
  weak: false,
}

const NO_TIME = { modified: null, changed: null, accessed: null, born: null }

function entry(name: string, band: number, device: bigint | null, inode: bigint | null): Entry {
  return {
    path: filePath(Buffer.from(name)),
    kind: 'file',
    sizeBytes: 1n,
    allocatedBytes: null,
    times: NO_TIME,
    device,
    inode,
    links: null,
    mode: null,
    uid: null,
    gid: null,
    linkTarget: null,
    band,
  }
}

/** Files that agree in band, device and inode in every way that they can. */
const ENTRIES = Array.from({ length: 60 }, (_, i) =>
  entry(`file ${(i * 37) % 60}`, i % 3, [null, 1n, 2n ** 63n][i % 3]!, i % 7 === 0 ? null : BigInt(i % 5)),
)

function read(session: Session, pending: readonly PendingRead[], type: string, match = NO_MATCH): void {
  session.recordReads(
    pending.map(({ entryId, path }) => ({
      entryId,
      outcome: { result: { result: 'done' }, content: contentOf(path.bytes.toString(), type), bytesRead: 1n },
      match,
    })),
  )
}

describe('pending reads', () => {
  it('have the path that was recorded, from however many folders they come in turn', () => {
    const session = newLedger()
    const folders = ['', 'a', 'a/b', 'a b', `deep/${'long/'.repeat(80)}end`, 'ü', 'a/b/c']
    // Each file of a folder follows one of another: by inode they alternate.
    const paths = Array.from({ length: 70 }, (_, i) => {
      const folder = folders[i % folders.length]!
      return entry(folder === '' ? `file ${i}` : `${folder}/file ${i}`, 0, 1n, BigInt((i * 13) % 70))
    })
    session.recordEntries(paths.map((one) => ({ entry: one, read: null })))
    const expected = [...paths].sort((a, b) => Number(a.inode! - b.inode!)).map(({ path }) => path)
    for (let time = 0; time < 2; time++)
      expect(session.pendingReads(null, 100).map(({ path }) => path)).toEqual(expected)
  })

  it('come by band, device, inode and the order in which they were recorded, whatever the page size, and each once', () => {
    const session = newLedger()
    session.recordEntries(ENTRIES.map((one) => ({ entry: one, read: null })))
    const signed = (n: bigint | null) => BigInt.asIntN(64, n ?? 0n)
    const order = (a: Entry, b: Entry) =>
      a.band - b.band ||
      Number(signed(a.device) - signed(b.device)) ||
      Number(signed(a.inode) - signed(b.inode)) ||
      ENTRIES.indexOf(a) - ENTRIES.indexOf(b)
    const expected = [...ENTRIES].sort(order).map(({ path }) => path.bytes.toString())
    for (const limit of [1, 7, 1000]) {
      const found: string[] = []
      let cursor: PendingRead | null = null
      for (;;) {
        const page: readonly PendingRead[] = session.pendingReads(cursor, limit)
        if (page.length === 0) break
        found.push(...page.map(({ path }) => path.bytes.toString()))
        cursor = page.at(-1)!
      }
      expect(found).toEqual(expected)
    }
    read(session, session.pendingReads(null, 10), 'text/plain')
    expect(session.pendingReads(null, 1000).map(({ path }) => path.bytes.toString())).toEqual(
      expected.slice(10),
    )
  })
})

it('finds pending reads along the index alone: a sort would cost as much as the whole inventory, for every page', () => {
  const db = new Database(':memory:')
  db.exec(schemaSql())
  for (const sql of PENDING_READS) {
    const places = Array(sql.split('?').length - 1).fill(1)
    const plan = (db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(places) as { detail: string }[]).map(
      (row) => row.detail,
    )
    expect(plan[0]).toMatch(/SEARCH entry USING INDEX entry_to_read/)
    expect(plan.filter((detail) => /TEMP B-TREE|SCAN/.test(detail))).toEqual([])
  }
})

describe('pending contents', () => {
  function pending(type: string, plan: Plan = PLAN, match = NO_MATCH) {
    const session = newLedger(plan)
    session.recordEntries([{ entry: entry('one', 0, 1n, 1n), read: null }])
    read(session, session.pendingReads(null, 10), type, match)
    return (['opened', 'looked-at', 'text-read'] as const).filter(
      (stage) => session.pendingContents(stage, null, 10).length > 0,
    )
  }

  it('wait only for the stages that their media type asks for and the plan does not exclude', () => {
    const text = { ...PLAN, options: { ...PLAN.options, textBasis: 'warrant 7' } }
    expect(pending('image/jpeg')).toEqual(['looked-at'])
    expect(pending('video/mp4')).toEqual(['looked-at'])
    expect(pending('application/zip')).toEqual(['opened'])
    expect(pending('application/octet-stream', text)).toEqual([])
    expect(pending('application/pdf')).toEqual(['opened'])
    expect(pending('application/pdf', text)).toEqual(['opened', 'text-read'])
    expect(pending('application/zip', { ...PLAN, options: { ...PLAN.options, open: false } })).toEqual([])
    expect(pending('image/jpeg', { ...PLAN, phases: ['inventory', 'known'] })).toEqual([])
    const scope = { ...PLAN.scope, mediaTypes: ['image/*', 'application/zip'] }
    expect(pending('image/png', { ...PLAN, scope })).toEqual(['looked-at'])
    expect(pending('application/zip', { ...PLAN, scope })).toEqual(['opened'])
    expect(pending('video/mp4', { ...PLAN, scope })).toEqual([])
  })

  it('do not wait when a known list suppresses them', () => {
    expect(pending('image/jpeg', PLAN, { ...NO_MATCH, suppressedBy: 'os.txt' })).toEqual([])
  })

  it('come by steps, band and path, once each, also those that come while pages are taken', () => {
    const session = newLedger()
    session.recordEntries(
      ['b', 'a', 'd', 'c'].map((name, i) => ({ entry: entry(name, i % 2, 1n, BigInt(i)), read: null })),
    )
    const all = session.pendingReads(null, 10)
    const named = (name: string) => all.filter(({ path }) => path.bytes.toString() === name)
    read(session, [...named('b'), ...named('a'), ...named('c')], 'image/jpeg')
    const first = session.pendingContents('looked-at', null, 2)
    expect(first.map(({ path }) => path.bytes.toString())).toEqual(['b', 'a'])
    read(session, named('d'), 'image/jpeg')
    const rest = session.pendingContents('looked-at', first[0] as PendingContent, 10)
    expect(rest.map(({ path }) => path.bytes.toString())).toEqual(['d', 'a', 'c'])
    session.recordExaminations([
      {
        contentId: rest[0]!.contentId,
        examination: { stage: 'looked-at', result: { result: 'done' }, findings: [], preview: null },
      },
    ])
    expect(session.pendingContents('looked-at', null, 10).length).toBe(3)
  })

  it('are looked at within a band by turn: beside an illegal hit first, then what costs least', () => {
    const session = newLedger()
    const files = [
      ['a/long.mp4', 'video/mp4', 1],
      ['a/phone.heic', 'image/heic', 1],
      ['b/large.jpg', 'image/jpeg', 2_000_000],
      ['b/small.jpg', 'image/jpeg', 1],
      ['c/beside.mp4', 'video/mp4', 1],
      ['c/listed.jpg', 'image/jpeg', 1],
      ['z/other.jpg', 'image/jpeg', 1],
    ] as const
    const places = files.map(([path]) => entry(path, path === 'z/other.jpg' ? 0 : 1, 1n, 1n))
    session.recordEntries(places.map((each) => ({ entry: each, read: null })))
    for (const each of session.pendingReads(null, 10)) {
      const [path, type, size] = files.find(([name]) => name === each.path.bytes.toString())!
      const hits = path === 'c/listed.jpg' ? [HIT] : []
      const content = { ...contentOf(path, type), sizeBytes: BigInt(size) }
      session.recordReads([
        {
          entryId: each.entryId,
          outcome: { result: { result: 'done' }, content, bytesRead: 1n },
          match: { ...NO_MATCH, hits },
        },
      ])
    }
    const order: string[] = []
    let page = session.pendingContents('looked-at', null, 2)
    for (; page.length > 0; page = session.pendingContents('looked-at', page.at(-1)!, 2))
      order.push(...page.map(({ path }) => path.bytes.toString()))
    expect(order).toEqual([
      'z/other.jpg',
      'c/listed.jpg',
      'c/beside.mp4',
      'b/small.jpg',
      'b/large.jpg',
      'a/phone.heic',
      'a/long.mp4',
    ])
  })
})

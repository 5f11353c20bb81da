/** The quick way through a ledger against the slow and obvious one, over a synthetic ledger with findings of every kind. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeReviewLedger } from '../../fixtures/ledgers/review.ts'
import { contentOf } from '../../fixtures/ledgers/synthetic.ts'
import { printPath } from '../../src/base/evidence-path.ts'
import type { LedgerReader } from '../../src/contracts/ledger-reader.ts'
import { recordDecisions } from '../../src/ledger/custody/decisions.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { SearchFacts } from '../../src/ledger/read/search-facts.ts'
import { parseQuery } from '../../src/search/query.ts'
import { type Searched, search } from '../../src/search/search.ts'
import { TextIndex, TextIndexWriter } from '../../src/search/text-index.ts'
import { sealedLedger, temporaryFolder, temporaryFolderForFile } from '../ledger/temporary.ts'

const folder = temporaryFolderForFile()
let ledger: LedgerReader
let facts: SearchFacts
let index: TextIndex
beforeAll(() => {
  const path = sealedLedger(50, folder)
  recordDecisions(
    path,
    [
      {
        kind: 'decision',
        sha256: contentOf('copied', '').digests.sha256,
        scale: 'vics-us',
        act: 'decided',
        category: '2',
        note: '',
        pass: null,
        session: null,
      },
    ],
    { operator: 'A. Example', account: 'tester' },
  )
  ledger = openLedger(path)
  facts = new SearchFacts(path, ledger.plan)
  const writer = new TextIndexWriter(join(folder, 'case.sqlite.text.sqlite'))
  writer.add(contentOf('archive.zip', ''), 'boat boat boat harbour', 'en')
  writer.add(contentOf('copied', ''), 'one boat among many other words that say nothing of it at all', 'en')
  writer.add(contentOf('DCIM/IMG_5.jpg', ''), 'img without a ship', 'en')
  writer.finish()
  writer.close()
  index = new TextIndex(writer.path)
})
afterAll(() => {
  index.close()
  facts.close()
  ledger.close()
})

const ALL = { from: 0, count: 1000 }

function found(searched: Searched, query: string, where: TextIndex | null) {
  const answer = search(searched, where, parseQuery(query), ALL)
  return [...answer.results()].map(
    ({ view, where, context }) => `${printPath(view.entry.path)} ${where} ${context}`,
  )
}

const LEAVES = [
  'img',
  'img*',
  '~img',
  'boat',
  '"dcim img"',
  'NEAR(dcim jpg, 3)',
  'text:boat',
  'example',
  'invented',
  'camera',
  'explicit',
  'illegal',
  'caf\u00e9',
  'name:img_1*',
  'path:copies/*',
  'path:member',
  'type:image',
  'type:application/zip',
  'hit:illegal',
  'hit:known',
  'hit:any',
  'lead:explicit',
  'lead:any',
  'signal:any',
  'signal:example',
  'attr:camera*',
  'attr:example',
  'attr:extension',
  'size:>1k',
  'size:<=200',
  'score:>=0.5',
  'priority:1',
  'priority:none',
  'camera:example',
  'decided:any',
  'decided:none',
  'status:live',
  'status:deleted',
  'lang:en',
  'from:2023-11-14',
  'to:2023-11-13',
  `digest:${contentOf('DCIM/IMG_3.jpg', '').digests.sha1}`,
]

describe('the quick way finds what the slow way finds, in the same order', () => {
  it.each(LEAVES)('%s', (leaf) => {
    for (const where of [index, null])
      for (const query of [
        leaf,
        `NOT ${leaf}`,
        `type:image NOT ${leaf}`,
        `${leaf} OR boat`,
        `NOT (${leaf} -img)`,
      ])
        expect(found({ facts, hides: null }, query, where), query).toEqual(found({ ledger }, query, where))
  })

  it('any two of them together', () => {
    // Not all of the pairs, which take minutes: each leaf with three or four others.
    for (const [i, one] of LEAVES.entries())
      for (let other = (i % 3) + 1; other < LEAVES.length; other += 12) {
        const query = `${one} ${LEAVES[(i + other) % LEAVES.length]}`
        expect(found({ facts, hides: null }, query, index), query).toEqual(found({ ledger }, query, index))
      }
  })

  it('something is found by each', () => {
    const nothing = LEAVES.filter((leaf) => found({ facts, hides: null }, leaf, index).length === 0)
    expect(nothing).toEqual(['café', 'attr:extension', 'lang:en'])
  })
})

describe('the order of results', () => {
  const paths = (query: string) =>
    [...search({ facts, hides: null }, index, parseQuery(query), ALL).results()].map(({ view }) =>
      printPath(view.entry.path),
    )

  it('the nearest text first, then copies of one text: with a finding of its own, then by path', () => {
    expect(paths('boat')).toEqual([
      'archive.zip',
      'copies/two.jpg',
      'archive.zip » member copied',
      'copies/one.jpg',
    ])
  })

  it('without text: findings first, then the likelier band, then the path', () => {
    const views = [...search({ facts, hides: null }, index, parseQuery('name:*'), ALL).results()].map(
      ({ view }) => view,
    )
    const keys = views.map(({ hits, conflicts, near, leads, signals, entry }) => [
      hits.length + conflicts.length + near.length + leads.length + signals.length > 0 ? 0 : 1,
      entry.band,
      entry.path.bytes.toString('latin1'),
    ])
    const sorted = [...keys].sort((a, b) =>
      a[0] !== b[0] ? +a[0]! - +b[0]! : a[1] !== b[1] ? +a[1]! - +b[1]! : a[2]! < b[2]! ? -1 : 1,
    )
    expect(keys).toEqual(sorted)
    expect(new Set(keys.map(([first]) => first)).size).toBe(2)
  })
})

describe('what nobody may see', () => {
  it('is not found the quick way either', () => {
    const hides = (view: { entry: { path: Parameters<typeof printPath>[0] } }) =>
      printPath(view.entry.path).startsWith('copies/')
    expect(search({ facts, hides }, index, parseQuery('boat'), ALL).hits).toBe(2)
    expect(search({ facts, hides: null }, index, parseQuery('boat'), ALL).hits).toBe(4)
  })
})

describe('what a picture says and what records say of it', () => {
  it.each(['gps:any', 'gps:54..55/25..26', 'direction:received', 'direction:none', 'person:any'])(
    '%s',
    (leaf) => {
      const path = join(temporaryFolder(), 'review.sqlite')
      makeReviewLedger({ path, contents: 24, stackOf: 4, records: true, positions: true, seal: true })
      const reader = openLedger(path)
      const quick = new SearchFacts(path, reader.plan)
      try {
        for (const query of [leaf, `NOT ${leaf}`, `${leaf} OR camera:example`]) {
          const slow = found({ ledger: reader }, query, null)
          expect(slow.length, query).toBeGreaterThan(0)
          expect(found({ facts: quick, hides: null }, query, null), query).toEqual(slow)
        }
      } finally {
        quick.close()
        reader.close()
      }
    },
  )
})

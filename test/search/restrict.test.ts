/** Names that SQL sees otherwise than a search does: the restriction of a search lets all of them through. */
import { describe, expect, it } from 'vitest'
import { filePath, printPath } from '../../src/base/evidence-path.ts'
import type { Entry } from '../../src/contracts/entry.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { SearchFacts } from '../../src/ledger/read/search-facts.ts'
import { parseQuery } from '../../src/search/query.ts'
import { type Searched, search } from '../../src/search/search.ts'
import { newLedger } from '../ledger/temporary.ts'

const NAMES = [
  'plain/boat.jpg',
  'plain/BOAT house.jpg',
  'boat/inside/one.txt',
  'boat/inside/two.png',
  'Stra\u00dfe/harbour.txt',
  'caf\u00e9.jpg',
  '\u212aelvin.txt',
  'line\nbreak.txt',
  'back\\slash.txt',
  'bell\u0007.txt',
  'percent%_under.txt',
  'img_0047.jpg',
  'img-0047.jpg',
  'deep/er/and/deeper/img_0048.jpg',
  ...Array.from({ length: 60 }, (_, i) => `many/file-${i}.dat`),
].map((name) => Buffer.from(name))

/** No text at all, and a letter cut off in the middle. */
const BROKEN = [Buffer.from([0xff, 0x62, 0x6f, 0x61, 0x74]), Buffer.from([0x62, 0x6f, 0x61, 0x74, 0xc3])]

const QUERIES = [
  'boat',
  'boa*',
  'BOAT',
  'inside',
  'strasse',
  'stra*',
  'cafe',
  'kelvin',
  'break',
  'slash',
  'bell',
  'u',
  '7',
  'under',
  'percent',
  '"img 0047"',
  'img_0047',
  'NEAR(img jpg, 3)',
  'deeper',
  'file',
  'text:boat',
  'name:boat*',
  'name:*7.jpg',
  'name:*0*4*.jpg',
  'name:*u{7}*',
  'name:xff*',
  'name:*slash*',
  'name:caf?.jpg',
  'name:*.dat',
  'name:%',
  'name:kelvin',
  'attr:"camera-model: x"',
  'attr:"extension: x"',
  'hit:illegal',
  'boat name:*.jpg',
  'boat OR name:*47*',
  'boat NOT name:*.jpg',
  'NOT boat',
  'size:<1k boat',
]

function entryOf(name: Buffer, i: number): Entry {
  const time = { ns: 1n, source: 'stat', resolution: 'ns', zone: 'utc' } as const
  return {
    path: filePath(name),
    kind: 'file',
    sizeBytes: 10n,
    allocatedBytes: 512n,
    times: { modified: time, changed: null, accessed: null, born: null },
    device: 1n,
    inode: BigInt(i),
    links: 1n,
    mode: 0o100644,
    uid: 0,
    gid: 0,
    linkTarget: null,
    band: i % 3,
  }
}

describe('a search that is narrowed in SQL', () => {
  it('finds every place that the slow way finds, whatever bytes its name has', () => {
    const session = newLedger()
    session.recordEntries([...NAMES, ...BROKEN].map((name, i) => ({ entry: entryOf(name, i), read: null })))
    session.recordInventoryDone(null)
    session.close()
    const ledger = openLedger(session.path)
    const facts = new SearchFacts(session.path, ledger.plan)
    const found = (searched: Searched, query: string) =>
      [...search(searched, null, parseQuery(query), { from: 0, count: 1000 }).results()].map(({ view }) =>
        printPath(view.entry.path),
      )
    try {
      const counts = QUERIES.map((query) => {
        const quick = found({ facts, hides: null }, query)
        expect(quick, query).toEqual(found({ ledger }, query))
        return quick.length
      })
      expect(counts[0]).toBeGreaterThanOrEqual(4)
      expect(counts[QUERIES.indexOf('strasse')]).toBe(1)
      expect(counts[QUERIES.indexOf('name:*7.jpg')]).toBe(2)
    } finally {
      facts.close()
      ledger.close()
    }
  })
})

import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { printPath } from '../../src/base/evidence-path.ts'
import { ContentLookup } from '../../src/ledger/read/content-lookup.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { sealedLedger } from './temporary.ts'

const RELEASED = [1, 2, 3].map((version) =>
  fileURLToPath(new URL(`../../fixtures/ledgers/v${version}.sqlite`, import.meta.url)),
)

describe('a content', () => {
  it.each([...RELEASED, ''])('is found by digest and by every place that a report prints (%s)', (file) => {
    const path = file || sealedLedger()
    const ledger = openLedger(path)
    const contents = new ContentLookup(path)
    const places = new Map<string, number>()
    let read = 0
    for (const { entry, content } of ledger.entries()) {
      const place = printPath(entry.path)
      const sha256 = content?.digests.sha256 ?? null
      expect([place, contents.byPlace(place)?.sha256 ?? null]).toEqual([place, sha256])
      if (sha256 === null) continue
      read++
      places.set(sha256, (places.get(sha256) ?? 0) + 1)
    }
    expect(read).toBeGreaterThan(5)
    for (const [sha256, count] of places)
      expect(contents.placesOf(contents.bySha256(sha256.toUpperCase())!.id).length).toBe(count)
    for (const nothing of ['', 'nowhere', ' » ', 'volume 9 » a', '\\', 'a\\x0'])
      expect(contents.byPlace(nothing)).toBe(null)
    expect(contents.bySha256('00'.repeat(32))).toBe(null)
    expect(contents.bySha256('abc')).toBe(null)
    contents.close()
    ledger.close()
  })
})

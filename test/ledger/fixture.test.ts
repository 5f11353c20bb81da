import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { printPath } from '../../src/base/evidence-path.ts'
import { openForWriting } from '../../src/ledger/format/open-writing.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { naiveDigests } from './naive-digest.ts'
import { sealedLedger, temporaryFolder, verifyAlone } from './temporary.ts'

/** What a court may have been told of these ledgers: a difference here is a change of law. */
const RELEASED = [
  {
    file: 'v1.sqlite',
    evidenceDigest: 'e80efffd8a97c15e31719947e9a243712060784ec30bee1ae7e42cd5e75a4421',
    analysisDigest: '6a3337039cb4f4c19cf043974cc4549b0d375bcf907ff6488b4ca6f19b4fc7f7',
    head: 'c793f36cd7fee5ebad265a6c56cc5fc25f39f2ec3998e65f66e8660e19b8f119',
    entries: 32,
  },
  {
    file: 'v2.sqlite',
    evidenceDigest: 'e80efffd8a97c15e31719947e9a243712060784ec30bee1ae7e42cd5e75a4421',
    analysisDigest: '1643f9092a71da2d4237cdb8e2b9c25ec93765b40bcf8f5ad34d507a53014e90',
    head: 'a08bde96b9efd6b7fb9d104b4ca4bd604ef7cb6a00c435c1ce08a5b3c2e7c5e7',
    entries: 32,
  },
  {
    file: 'v3.sqlite',
    evidenceDigest: '49a120505c70be92dd99631b5bff3addbb16c2ad819fbd620c5f88f99551c686',
    analysisDigest: '7649e400bc0cbdb22d3c3ef071b7c375bbe7a65ddfa4674409eb444cdca0b2f0',
    head: '9d1d443b31b0e55206a8f629e59db0d7d0c1bfa69a6dfc8ef525a393cfb64c00',
    entries: 35,
  },
  {
    file: 'v4.sqlite',
    // That of the same run in version 3: what version 4 adds is a later stage's.
    evidenceDigest: '49a120505c70be92dd99631b5bff3addbb16c2ad819fbd620c5f88f99551c686',
    analysisDigest: '555b263cc18370505ff7973cb83382668b3b40a8a01947e9f507f295d762360e',
    head: '3ec43a1f691ba52e209983ccd5b3459b30fb8c385949273f47d98050831f24a1',
    entries: 35,
  },
] as const

const FOLDER = fileURLToPath(new URL('../../fixtures/ledgers', import.meta.url))

describe.each(RELEASED)('the fixture ledger $file', ({ file, ...expected }) => {
  const path = `${FOLDER}/${file}`

  it('opens, verifies and gives the digests that it was sealed with', () => {
    expect(verifyAlone(path)).toMatchObject({
      ok: true,
      sealed: true,
      evidenceDigest: expected.evidenceDigest,
      analysisDigest: expected.analysisDigest,
      head: expected.head,
    })
    const ledger = openLedger(path)
    expect(ledger.summary().entries).toBe(expected.entries)
    expect([...ledger.entries()].length).toBe(expected.entries)
    expect(naiveDigests(path)).toEqual({
      evidence: expected.evidenceDigest,
      inventory: ledger.inventoryDigest(),
    })
    ledger.close()
  })

  it('is not changed by that, and nothing is left beside it', () => {
    const before = readFileSync(path)
    const files = readdirSync(dirname(path))
    verifyAlone(path)
    expect(readFileSync(path).equals(before)).toBe(true)
    expect(readdirSync(dirname(path))).toEqual(files)
  })
})

describe('a ledger of version 1', () => {
  it('has no finding of a name, and is not gone on with', () => {
    const [first] = RELEASED
    const ledger = openLedger(`${FOLDER}/${first.file}`)
    expect(
      [...ledger.findings()].flatMap(({ scores }) => scores).map(({ classifier }) => classifier),
    ).not.toContain('agency-paths')
    ledger.close()
    const path = join(temporaryFolder(), 'begun.sqlite')
    writeFileSync(path, readFileSync(`${FOLDER}/${first.file}`))
    expect(() => openForWriting(path)).toThrow(/begun by an earlier version/)
  })
})

describe('the newest version', () => {
  it('shows what names say at the entry alone, an entry without content too, and counts it', () => {
    const ledger = openLedger(sealedLedger())
    const found = [...ledger.findings()].filter(({ scores }) =>
      scores.some(({ classifier }) => classifier === 'agency-paths'),
    )
    expect(found.map(({ entry }) => printPath(entry.path))).toEqual(['DCIM', 'copies/two.jpg'])
    const all = [...ledger.entries()]
    const named = all.filter(({ attributes }) => attributes.some(({ code }) => code === 'term-in-name'))
    expect(named.map(({ entry }) => entry.path.steps.length)).toEqual([2, 2, 2, 3, 2, 2, 1])
    const leading = all.filter(({ leads }) => leads.length > 0)
    const contents = new Set(
      leading.map(({ content, entry }) => content?.digests.sha256 ?? printPath(entry.path)),
    )
    expect(ledger.summary().leads).toBe(contents.size)
    ledger.close()
  })

  it('still gives the digests of its fixture for the same run', () => {
    const report = verifyAlone(sealedLedger())
    expect(report.evidenceDigest).toBe(RELEASED.at(-1)!.evidenceDigest)
    expect(report.analysisDigest).toBe(RELEASED.at(-1)!.analysisDigest)
  })

  it('agrees with the digest computed the slow way', () => {
    const path = sealedLedger()
    const ledger = openLedger(path)
    expect(naiveDigests(path)).toEqual({
      evidence: verifyAlone(path).evidenceDigest,
      inventory: ledger.inventoryDigest(),
    })
    ledger.close()
  })
})

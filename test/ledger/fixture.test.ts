import { readdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { openLedger } from '../../src/ledger/read.ts'
import { verifyLedger } from '../../src/ledger/verify.ts'
import { naiveEvidenceDigest } from './naive-digest.ts'
import { sealedLedger } from './temporary.ts'

/** What a court may have been told of these ledgers: a difference here is a change of law. */
const RELEASED = [
  {
    file: 'v1.sqlite',
    evidenceDigest: 'e80efffd8a97c15e31719947e9a243712060784ec30bee1ae7e42cd5e75a4421',
    analysisDigest: '6a3337039cb4f4c19cf043974cc4549b0d375bcf907ff6488b4ca6f19b4fc7f7',
    head: 'c793f36cd7fee5ebad265a6c56cc5fc25f39f2ec3998e65f66e8660e19b8f119',
    entries: 32,
  },
] as const

const FOLDER = fileURLToPath(new URL('../../fixtures/ledgers', import.meta.url))

describe.each(RELEASED)('the fixture ledger $file', ({ file, ...expected }) => {
  const path = `${FOLDER}/${file}`

  it('opens, verifies and gives the digests that it was sealed with', () => {
    expect(verifyLedger(path)).toMatchObject({
      ok: true,
      sealed: true,
      evidenceDigest: expected.evidenceDigest,
      analysisDigest: expected.analysisDigest,
      head: expected.head,
    })
    const ledger = openLedger(path)
    expect(ledger.summary().entries).toBe(expected.entries)
    expect([...ledger.entries()].length).toBe(expected.entries)
    ledger.close()
  })

  it('is not changed by that, and nothing is left beside it', () => {
    const before = readFileSync(path)
    const files = readdirSync(dirname(path))
    verifyLedger(path)
    expect(readFileSync(path).equals(before)).toBe(true)
    expect(readdirSync(dirname(path))).toEqual(files)
  })
})

describe('the newest version', () => {
  it('still gives the digests of its fixture for the same run', () => {
    const report = verifyLedger(sealedLedger())
    expect(report.evidenceDigest).toBe(RELEASED.at(-1)!.evidenceDigest)
    expect(report.analysisDigest).toBe(RELEASED.at(-1)!.analysisDigest)
  })

  it('agrees with the digest computed the slow way', () => {
    const path = sealedLedger()
    expect(naiveEvidenceDigest(path)).toBe(verifyLedger(path).evidenceDigest)
  })
})

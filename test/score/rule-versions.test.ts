import { describe, expect, it } from 'vitest'
import { contentOf, PLAN } from '../../fixtures/ledgers/synthetic.ts'
import { bareEntry } from '../../src/base/bare-entry.ts'
import { filePath } from '../../src/base/evidence-path.ts'
import type { Plan, PlanRules } from '../../src/contracts/case.ts'
import type { Score } from '../../src/contracts/finding.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { RULES_NOW, rulesOf } from '../../src/score/rule-versions.ts'
import { newLedger } from '../ledger/temporary.ts'

const DONE = { result: 'done' } as const

/** @returns the path of a sealed ledger with one picture that is this explicit */
function sealedWith(rules: PlanRules | undefined, scorePer10k: number): string {
  const { rules: _, ...plan } = PLAN
  const session = newLedger({ ...plan, ...(rules && { rules }) } as Plan)
  const entry = bareEntry({
    path: filePath(Buffer.from('a.jpg')),
    kind: 'file',
    sizeBytes: 1n,
    band: 1,
  })
  session.recordEntries([{ entry, read: null }])
  session.recordInventoryDone(null)
  const [file] = session.pendingReads(null, 1)
  session.recordReads([
    {
      entryId: file!.entryId,
      outcome: { result: DONE, content: contentOf('a', 'image/jpeg'), bytesRead: 1n },
      match: { result: DONE, hits: [], conflicts: [], suppressedBy: null, warnings: [] },
    },
  ])
  const explicit: Score = {
    kind: 'score',
    classifier: 'explicitness',
    modelSha256: 'ab'.repeat(32),
    label: 'explicit',
    scorePer10k,
    thresholdPer10k: 2500,
  }
  const [waiting] = session.pendingContents('looked-at', null, 1)
  session.recordExaminations([
    {
      contentId: waiting!.contentId,
      examination: { stage: 'looked-at', result: DONE, findings: [explicit], preview: null },
    },
  ])
  session.seal()
  return session.path
}

function codesIn(path: string): readonly string[] {
  const ledger = openLedger(path)
  try {
    return [...ledger.findings()].flatMap(({ ranked }) => ranked.reasons.map(({ code }) => code))
  } finally {
    ledger.close()
  }
}

describe('priorities of a sealed ledger', () => {
  const { explicitLikelyPerTenThousand: now } = RULES_NOW.tiers
  const tier = (explicitLikelyPerTenThousand: number): PlanRules => ({
    ...RULES_NOW,
    tiers: { explicitLikelyPerTenThousand },
  })

  it('are computed with the tiers of its plan, whatever those of the program are', () => {
    expect(codesIn(sealedWith(tier(now), now))).toEqual(['explicit'])
    expect(codesIn(sealedWith(tier(now + 1), now))).toEqual(['possibly-explicit'])
    expect(codesIn(sealedWith(tier(now - 1000), now - 1000))).toEqual(['explicit'])
  })

  it('are those of seized 0.1 where its plan names no rules', () => {
    // Never to be changed: ledgers are sealed with these.
    expect(rulesOf({})).toEqual({ version: 1, tiers: { explicitLikelyPerTenThousand: 5000 } })
    expect(codesIn(sealedWith(undefined, 5000))).toEqual(['explicit'])
    expect(codesIn(sealedWith(undefined, 4999))).toEqual(['possibly-explicit'])
  })

  it('are not guessed by a program that is older than its rules', () => {
    expect(() => rulesOf({ rules: { ...RULES_NOW, version: RULES_NOW.version + 1 } })).toThrow(
      /Read it with a newer seized/,
    )
  })
})

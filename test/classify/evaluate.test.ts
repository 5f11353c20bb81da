import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UsageError } from '../../src/base/errors.ts'
import { evaluateModel } from '../../src/classify/evaluate.ts'
import type { Score } from '../../src/contracts/finding.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evaluate-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const score = (scorePer10k: number): Score => ({
  kind: 'score',
  classifier: 'explicitness',
  modelSha256: 'aa',
  label: 'explicit',
  scorePer10k,
  thresholdPer10k: 5000,
})

async function evaluate(csv: string, scores: Readonly<Record<string, number | null>>, prevalence = 0.001) {
  writeFileSync(join(folder, 'labels.csv'), csv)
  return evaluateModel({
    labelsCsv: join(folder, 'labels.csv'),
    exhibitDir: '/exhibit',
    prevalence,
    scoresOf: async (path) => {
      const value = scores[path.slice('/exhibit/'.length)]
      return value === null || value === undefined ? null : [score(value)]
    },
  })
}

describe('evaluateModel', () => {
  it('counts what the threshold marks, with intervals and the value at the stated prevalence', async () => {
    const rows = Array.from({ length: 200 }, (_, i) => [`p${i}.jpg`, i < 100 ? '1' : '0'] as const)
    const scores = Object.fromEntries(
      rows.map(([path], i) => [path, i < 90 ? 9000 - i : i < 100 ? 1000 : i < 102 ? 6000 : i]),
    )
    const csv = `path,explicit\n${rows.map((r) => r.join(',')).join('\n')}\n`
    const [result] = (await evaluate(csv, scores)).scores
    expect(result).toMatchObject({
      classifier: 'explicitness',
      label: 'explicit',
      positives: 100,
      negatives: 100,
    })
    expect(result!.atThreshold).toMatchObject({
      thresholdPer10k: 5000,
      recall: { value: 0.9 },
      falsePositiveRate: { value: 0.02 },
      precision: { value: 90 / 92 },
    })
    expect(result!.atThreshold!.recall!.low).toBeCloseTo(0.8256, 4)
    expect(result!.atThreshold!.predictiveValue!.value).toBeCloseTo(0.0431, 4)
    expect(result!.areaUnderCurve!.value).toBeCloseTo((90 * 100 + 10 * 98) / 10_000, 10)
    // A hundred negatives cannot tell one in a thousand.
    expect(result!.atFalsePositiveRate.map((p) => p.targetRate)).toEqual([0.05, 0.01])
    expect(result!.atFalsePositiveRate[0]!.falsePositiveRate!.value).toBeLessThanOrEqual(0.05)
    expect(result!.workToFind[0]).toEqual({ recall: 0.5, shareSeen: 0.25 })
    expect(result!.roc).toHaveLength(101)
  })

  it('counts a picture without scores as not marked, and says how many there were', async () => {
    const result = await evaluate('path,explicit\na,1\nb,1\nc,0\n', { a: 9000, b: null, c: 10 })
    expect(result).toMatchObject({ files: 3, undecoded: 1 })
    expect(result.scores[0]!.atThreshold!.recall!.value).toBe(0.5)
  })

  it('lets no path and no single score out', async () => {
    const text = JSON.stringify(
      await evaluate('path,explicit\nsecret-name,1\nother-name,0\n', {
        'secret-name': 8765,
        'other-name': 4321,
      }),
    )
    expect(text).not.toMatch(/secret|other-name|8765|4321/)
  })

  it.each([
    ['without a path column', 'file,explicit\na,1\n', /needs a first line with “path”/],
    ['without rows', 'path,explicit\n', /has no rows/],
    ['with a truth that is no truth', 'path,explicit\na,yes\n', /Row 2 .*must be 1, 0 or empty/],
    ['that points out of the exhibit', 'path,explicit\n../a,1\n', /must lie below the folder/],
    ['with an absolute path', 'path,explicit\n/etc/passwd,1\n', /must lie below the folder/],
    ['with a label that no model gives', 'path,nonesuch\na,1\n', /No model gives a score named “nonesuch”/],
  ])('refuses a table %s', async (_, csv, message) => {
    await expect(evaluate(csv, { a: 1 })).rejects.toThrow(UsageError)
    await expect(evaluate(csv, { a: 1 })).rejects.toThrow(message)
  })

  it('refuses a prevalence that is none', async () => {
    await expect(evaluate('path,explicit\na,1\n', { a: 1 }, 0)).rejects.toThrow(/prevalence/)
  })
})

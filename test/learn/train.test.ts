import { createHash } from 'node:crypto'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { LEAST, type TrainingRow, type TrainingSet } from '../../src/learn/rows.ts'
import { train } from '../../src/learn/train.ts'

const COLOURS = 4

/** Numbers from 0 to 1 that are the same each time. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/**
 * Rows of cases. Column 0 tells the label with strength `told`; the others are the look of a series, which tells the label
 * inside its case alone.
 */
function setOf({ cases = 6, each = 40, told = 3, series = 0, width = 12 }): TrainingSet {
  const next = random(7)
  const rows: TrainingRow[] = []
  const values: number[] = []
  for (let c = 0; c < cases; c++) {
    const looks = [0, 1].map(() => Array.from({ length: width }, () => (next() - 0.5) * series))
    for (let i = 0; i < each; i++) {
      const positive = i % 3 === 0
      const sha256 = createHash('sha256').update(`${c} ${i}`).digest('hex')
      rows.push({ sha256, positive, cases: [`case ${c}`], pdq: null })
      const look = looks[Number(positive)]!
      for (let j = 0; j < width; j++) values.push(look[j]! + next() - 0.5 + (j === 0 && positive ? told : 0))
      for (let j = 0; j < COLOURS; j++) values.push(next())
    }
  }
  return { rows, values: Float32Array.from(values), width: width + COLOURS, colours: COLOURS }
}

describe('a training', () => {
  it('gives the same weights, byte for byte, and figures of rows whose case was kept out', () => {
    const [one, two] = [train(setOf({})), train(setOf({}))]
    expect(two.onnx.equals(one.onnx)).toBe(true)
    expect(two).toEqual(one)
    const [lead] = one.measured.recallAt
    expect(lead!.recall.value).toBeGreaterThan(0.95)
    expect(one.measured.coloursAlone[0]!.recall.value).toBeLessThan(0.3)
    expect(one).toMatchObject({ positives: 84, clusters: 240, alertPer10k: null })
  })

  it('shows the trap: series on both sides of a split look like a result, and by case there is none', () => {
    const { measured } = train(setOf({ told: 0, series: 8 }))
    expect(measured.withoutGroups[0]!.recall.value).toBeGreaterThan(0.9)
    expect(measured.recallAt[0]!.recall.value).toBeLessThan(0.4)
  })

  it('keeps near duplicates of two cases on one side', () => {
    const set = setOf({})
    const pdq = 'f'.repeat(64)
    const near = `${'f'.repeat(58)}000000`
    const rows = set.rows.map((row, i) => ({ ...row, pdq: i === 0 ? pdq : i === 41 ? near : null }))
    expect(train(set).measured.groups).toBe(6)
    const joined = train({ ...set, rows })
    expect([joined.measured.groups, joined.clusters]).toEqual([5, 239])
  })

  it('writes an ONNX file that gives half a point exactly where one in a hundred of the negatives is marked', async () => {
    const set = setOf({})
    const { onnx, leadPer10k } = train(set)
    const session = await InferenceSession.create(onnx)
    const size = set.width - COLOURS
    let found = 0
    for (const [i, { positive }] of set.rows.entries()) {
      const features = set.values.slice(i * set.width, i * set.width + size)
      const { score } = await session.run({ features: new Tensor('float32', features, [1, size]) })
      if (positive && Math.round((score!.data as Float32Array)[0]! * 10_000) >= leadPer10k) found++
    }
    expect(found / 84).toBeGreaterThan(0.95)
  })

  it('states what was estimated beside what was so, each row in one bin, and a curve over parts of the rows', () => {
    const set = setOf({ told: 0.8, each: 100 })
    const { calibration, learningCurve } = train(set).measured
    expect(calibration.reduce((sum, bin) => sum + bin.rows, 0)).toBe(set.rows.length)
    expect(calibration.map(({ from, to }) => [from, to])).toEqual([
      [0, 0.1],
      [0.1, 0.3],
      [0.3, 0.5],
      [0.5, 0.7],
      [0.7, 0.9],
      [0.9, 1],
    ])
    const positives = calibration.reduce((sum, { rows, observed }) => sum + rows * (observed ?? 0), 0)
    expect(positives).toBeCloseTo(set.rows.filter(({ positive }) => positive).length, 6)
    for (const { from, to, rows, estimated } of calibration.filter((bin) => bin.rows > 0)) {
      expect(estimated).toBeGreaterThanOrEqual(from)
      expect([rows, estimated! <= to]).toEqual([rows, true])
    }
    // Where more is estimated, more is so: of bins that have enough rows to say it.
    const said = calibration.filter((bin) => bin.rows >= 20).map(({ observed }) => observed!)
    expect(said.length).toBeGreaterThan(2)
    expect(said).toEqual(said.toSorted((a, b) => a - b))
    expect(learningCurve.map(({ share }) => share)).toEqual([0.25, 0.5])
  })

  it('counts by group of the labels, and learns nothing from it', () => {
    const set = setOf({})
    const rows = set.rows.map((row, i) => ({ ...row, groups: { light: i % 2 === 0 ? 'dark' : 'bright' } }))
    const { onnx, measured } = train({ ...set, rows })
    expect(onnx.equals(train(set).onnx)).toBe(true)
    expect(measured.byGroup.map(({ group, value }) => `${group} ${value}`)).toEqual([
      'light bright',
      'light dark',
    ])
    for (const one of measured.byGroup) {
      expect(one.recall!.value).toBeGreaterThan(0.9)
      expect(one.recall!.low).toBeLessThan(measured.asUsed.recall!.low)
    }
  })

  it('measures one in a thousand only from a thousand negatives', () => {
    const { alertPer10k, leadPer10k, measured } = train(setOf({ each: 300, told: 2 }))
    expect(measured.recallAt.map(({ rate }) => rate)).toEqual([0.01, 0.001])
    expect(alertPer10k).toBeGreaterThan(leadPer10k)
    expect(measured.recallAt[1]!.recall.value).toBeLessThanOrEqual(measured.recallAt[0]!.recall.value)
  })

  it('refuses one label, too few contents and too few cases, and names the minimum', () => {
    const set = setOf({})
    const labelled = (of: (row: TrainingRow, i: number) => Partial<TrainingRow>) => () =>
      train({ ...set, rows: set.rows.map((row, i) => ({ ...row, ...of(row, i) })) })
    expect(labelled(() => ({ positive: true }))).toThrow(
      `240 positive and 0 negative contents that a model judges, and at least ${LEAST.positives} and ${LEAST.negatives}`,
    )
    expect(labelled((_, i) => ({ positive: i < 10 }))).toThrow('10 positive and 230 negative')
    expect(labelled(() => ({ cases: ['one'] }))).toThrow(
      'the negative contents come from 1 case without a near duplicate in common, and at least 3',
    )
    expect(labelled((_, i) => ({ positive: i < 80 }))).toThrow('the positive contents come from 2 cases')
  })
})

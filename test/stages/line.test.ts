/** Every stage stands in the straight line, once, and in order: what a run does is what results are kept of. */
import { expect, it } from 'vitest'
import { LATER_STAGES, STAGES, stageOfFinding } from '../../src/contracts/stage.ts'
import { PIPELINE } from '../../src/pipeline/index.ts'

it('every stage is run by one stretch of the line, in their order', () => {
  expect(PIPELINE.flatMap(({ stages }) => stages)).toEqual([...STAGES])
})

it('a stage runs in the phase that its row says, and has a bit of its own', () => {
  for (const { name, phase } of LATER_STAGES)
    expect([name, PIPELINE.find(({ stages }) => stages.includes(name))!.phase]).toEqual([name, phase])
  expect(new Set(LATER_STAGES.map(({ bit }) => bit)).size).toBe(LATER_STAGES.length)
})

it('one stage takes the findings that no other claims', () => {
  expect(LATER_STAGES.filter(({ finds }) => finds === null)).toHaveLength(1)
  expect(stageOfFinding({ kind: 'score', classifier: 'explicitness' })).toBe('looked-at')
  expect(stageOfFinding({ kind: 'score', classifier: 'grooming' })).toBe('text-read')
  expect(stageOfFinding({ kind: 'signal', classifier: 'job-offer' })).toBe('text-read')
  expect(stageOfFinding({ kind: 'attribute', code: 'text-cut' })).toBe('text-read')
})
